"""What is said after an action, in the site and in the admin, as a printer would set it."""

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.utils.safestring import SafeString, mark_safe

from kb import typography


class TypesetMessages(FallbackStorage):
    """Django's messages; a name between « » is never torn from its marks. HTML that was safe stays so."""

    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        """Sets the sentence, then keeps it."""
        said = typography.typeset(str(message))
        safe = isinstance(message, SafeString)
        super().add(level, mark_safe(said) if safe else said, extra_tags)  # noqa: S308 (was safe, and only spaces change)
