"""How the audit log says what happens in the life of a page."""

from typing import Any

from kb.trash import log

SENTENCES = {
    "kb.page.review": ("Dater la vérification", "À vérifier"),
    "kb.page.checked": ("Vérifier", "Page vérifiée"),
    "kb.page.archive": ("Archiver", "Page archivée"),
    "kb.page.unarchive": ("Désarchiver", "Page sortie des archives"),
}


def register(actions: Any) -> None:
    """Declares the actions."""
    log.register(actions, SENTENCES)
