"""What a migration of the index takes out on its way back, in a migration of its own: PostgreSQL does not alter what it is emptying."""

from typing import Any

from search import vocabulary


def keep(apps: Any, editor: Any) -> None:
    """The job of the night, or `manage.py reindex`, writes the entries of what is there."""


def forget(apps: Any, editor: Any, **which: Any) -> None:
    """These entries, their passages, and what the vocabulary counts of them."""
    using = editor.connection.alias
    found = apps.get_model("search", "Entry").objects.using(using).filter(**which)
    counted = vocabulary.Counted()
    for entry in found.iterator():
        passages = list(entry.passages.all())
        for passage in passages:
            passage.forms = None  # the model of the code has it
        counted.count(entry.title, passages, -1)
    counted.add(using)
    apps.get_model("search", "Passage").objects.using(using).filter(entry__in=found.values("pk")).delete()
    found.delete()
