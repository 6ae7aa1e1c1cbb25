"""What `manage.py check --database default` says of the index."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from search import operations
from search.models import Entry


@register(Tags.database)
def analysis_is_current(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warns when the index was written by another analysis."""
    if not databases or "default" not in databases:
        return []
    if Entry._meta.db_table not in connections["default"].introspection.table_names():
        return []
    if not operations.is_to_be_rebuilt():
        return []
    return [
        Warning(
            "The search index was written by another version of the analysis.",
            hint="manage.py reindex (the site goes on meanwhile; it is also done in the night).",
            id="search.W001",
        )
    ]
