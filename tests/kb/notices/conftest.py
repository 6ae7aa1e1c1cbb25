"""Publications that are told, and a mail server that receives."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kb.notices.models import Notice
from kb.pages import operations as pages
from kb.people.models import User
from kb.work import operations as work
from tests.conftest import Town
from tests.mail_server import Received, mail_server

Publish = Callable[..., None]


@pytest.fixture
def publish(town: Town) -> Publish:
    """Publishes a page again, with « Prévenir » unless said otherwise, and works off the queue."""

    def publish(page: Any, why: str = "", *, announce: bool = True, author: User | None = None) -> None:
        draft = page.get_latest_revision_as_object()
        draft.announce = announce
        draft.summary = f"{draft.summary}."
        revision = pages.save_draft(page=draft, author=author or town.admin, why=why)
        pages.publish_revision(page=page, revision=revision, author=author or town.admin)
        page.refresh_from_db()
        work.drain()

    return publish


@pytest.fixture
def smtp(settings: Any) -> Iterator[Received]:
    """The site's own way out, to a server on loopback."""
    with mail_server() as received:
        settings.EMAIL_BACKEND = "kb.notices.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", received.port
        yield received


def told() -> list[tuple[str, str, str]]:
    """Every line of every journal: who, kind, words."""
    rows = Notice.objects.order_by("pk").select_related("person")
    return [(row.person.first_name, row.kind, row.words) for row in rows]
