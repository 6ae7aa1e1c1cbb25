from django.db import migrations

from search import vocabulary


def keep(apps, editor):
    """The job of the night, or `manage.py reindex`, writes the entries of what is there."""


def forget(apps, editor):
    """The index as it was knows no act. Apart from the change of the table: PostgreSQL does not alter what it is emptying."""
    using = editor.connection.alias
    found = apps.get_model("search", "Entry").objects.using(using).filter(kind="act")
    counted = vocabulary.Counted()
    for entry in found.iterator():
        passages = list(entry.passages.all())
        for passage in passages:
            passage.forms = None  # the model of the code has it
        counted.count(entry.title, passages, -1)
    counted.add(using)
    apps.get_model("search", "Passage").objects.using(using).filter(entry__in=found.values("pk")).delete()
    found.delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0005_acts")]
    operations = [migrations.RunPython(keep, forget)]
