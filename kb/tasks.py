"""Gathers the background work of every room, so that each handler is known wherever a worker starts."""

from importlib import import_module

for room in ("kb.documents.tasks", "kb.exchange.tasks"):
    import_module(room)
