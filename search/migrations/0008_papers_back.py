from functools import partial

from django.db import migrations

from search.migrations._forgetting import forget, keep


class Migration(migrations.Migration):
    dependencies = [("search", "0007_papers")]
    operations = [migrations.RunPython(keep, partial(forget, paper__isnull=False))]
