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
    "kb.notices.digests",
    "kb.notices.comment_letters",
    "kb.sharing.letters",
    "kb.moderation.letters",
    "kb.life.reminders",
    "kb.demo.calendar",
)
for room in ROOMS:
    import_module(room)
