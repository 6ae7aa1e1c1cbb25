from django.db import migrations

from search.engines import postgresql


def create(apps, editor):
    """The passages of a term, by the index alone (PostgreSQL)."""
    if editor.connection.vendor == "postgresql":
        editor.execute(postgresql.HITS)


def drop(apps, editor):
    """Taken away with the rest by the first migration."""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_trade_synonyms")]
    operations = [migrations.RunPython(create, drop)]
