"""A mail server on loopback that keeps what it receives, and refuses when a test says so."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

SLOW = 0.2  # seconds


class Received:
    """An aiosmtpd handler. `refusals`: what the next recipients are answered instead of being taken."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.raw: list[bytes] = []
        self.refusals: list[str] = []
        self.port = 0
        self.slow_recipient = self.slow_message = False  # for a process to be killed in the middle
        self.busy = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.busy = True
        if self.refusals:
            return self.refusals.pop(0)
        await asyncio.sleep(SLOW if self.slow_recipient else 0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.recipients += envelope.rcpt_tos
        self.raw.append(envelope.content)
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        await asyncio.sleep(SLOW if self.slow_message else 0)  # it has the message, and has not said so
        return "250 Message accepted for delivery"


@contextmanager
def mail_server() -> Iterator[Received]:
    """Listens for the length of the block."""
    received = Received()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        received.port = probe.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=received.port)
    controller.start()
    try:
        yield received
    finally:
        controller.stop()
