"""Gathers the background work of every room, so that each handler is known wherever a worker starts."""

from importlib import import_module

ROOMS = (
    "kb.work.tasks",
    "kb.work.supervision",
    "kb.work.publishing",
    "kb.documents.tasks",
    "kb.documents.extraction.tasks",
    "kb.exchange.tasks",
    "kb.backup.tasks",
    "kb.access.tasks",
    "kb.buttons.letters",
    "kb.notices.tasks",
    "kb.sharing.letters",
    "kb.moderation.letters",
)
for room in ROOMS:
    import_module(room)
