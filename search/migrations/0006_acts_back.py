from functools import partial

from django.db import migrations

from search.migrations._forgetting import forget, keep


class Migration(migrations.Migration):
    dependencies = [("search", "0005_acts")]
    operations = [migrations.RunPython(keep, partial(forget, kind="act"))]
