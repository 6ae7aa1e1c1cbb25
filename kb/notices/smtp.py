"""The mail server's other end: Django's, which says when a mail's last byte is about to leave."""

import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

END = b"\r\n.\r\n"


def _watched(protocol: type[smtplib.SMTP], about_to_leave: Callable[[], None]) -> type[smtplib.SMTP]:
    """A client that calls `about_to_leave` just before the dot that ends a message."""

    class Watched(protocol):  # type: ignore[valid-type, misc]
        """Before that dot the server has accepted nothing; after it, we cannot know until it answers."""

        def send(self, s: Any) -> None:
            """Commands are words; a message alone is bytes that end with the dot."""
            if isinstance(s, bytes) and s.endswith(END):
                about_to_leave()
            super().send(s)

    return Watched


class Backend(EmailBackend):
    """`before_last_byte` is called once the server has taken sender and recipient, before it has the message."""

    before_last_byte: Callable[[], None] = staticmethod(lambda: None)

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Django's choice, with or without TLS, watched."""
        return _watched(super().connection_class, lambda: self.before_last_byte())
