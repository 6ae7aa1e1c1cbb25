"""Bidirectional controls: invisible, they make a title or a file name read otherwise than it is written.

Taken out of every line that a person types, when its row is saved; a right-to-left word needs none of them.
"""

import re
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations

MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_marks(text: str) -> str:
    """`text` without U+202A–U+202E and U+2066–U+2069."""
    return MARKS.sub("", text)


def clear(instance: models.Model) -> None:
    """Takes the marks out of the lines of an object in memory: titles, labels, names, notes."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and field.attname in instance.__dict__:
            value = instance.__dict__[field.attname]
            if isinstance(value, str) and MARKS.search(value):
                setattr(instance, field.attname, without_marks(value))


def clear_page(page: Any) -> None:
    """A page and its rows (attachments, phases, steps…), as they stand in memory."""
    clear(page)
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        rows = list(getattr(page, name).all())
        if any(MARKS.search(str(value)) for row in rows for value in row.__dict__.values() if isinstance(value, str)):
            for row in rows:
                clear(row)
            getattr(page, name).set(rows)  # all() may give copies read from the database
