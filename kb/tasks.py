"""Gathers the background work of every room, so that each handler is known wherever a worker starts."""

from importlib import import_module

for room in ("kb.work.tasks", "kb.work.supervision", "kb.documents.tasks", "kb.exchange.tasks", "kb.backup.tasks"):
    import_module(room)
