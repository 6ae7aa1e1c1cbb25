"""The cast, the little town they live in, and the strictness of every test."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db.backends.signals import connection_created
from django.test import Client

from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.documents import operations as documents
from kb.documents.models import Attachment, Document
from kb.links.wiki import key_of
from kb.pages import operations as pages
from kb.pages import presentation
from kb.pages import tree as trees
from kb.pages.models import ArticlePage, FolderPage, HomePage, ProjectPage, ServicePage
from kb.people.models import User
from kb.people.operations import found_town, open_account
from tests import migrated

connection_created.connect(migrated.fill_when_empty)

# What the cast starts with on the whole town.
FIRST_RIGHTS = {
    "Services techniques": Role.EDITOR,
    "Finances": Role.EDITOR,
    "Communication": Role.MANAGER,
    "Élus": Role.READER,
}
PASSWORD = "une-longue-phrase-42"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what is marked for it, unless `-m` says otherwise; on SQLite, what has a meaning there."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        wanted = ("both_databases", "postgresql")
        kept = [item for item in items if config.option.markexpr or any(map(item.get_closest_marker, wanted))]
    else:
        kept = [item for item in items if not item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """What processes keep in memory is forgotten between tests: their databases differ."""
    yield
    trees.forget()
    presentation.forget()
    cache.clear()


class UnknownVariable(logging.Filter):
    """Django says in its log that a template names a variable it was not given: in ours, that is an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        name = str(record.args[1]) if isinstance(record.args, tuple) and len(record.args) > 1 else ""
        if (settings.ROOT / "templates" / name).is_file() and not name.startswith(("wagtail", "modeladmin")):
            raise NameError(f"{name}: {record.getMessage()}")
        return False


@pytest.fixture(autouse=True, scope="session")
def strict_templates() -> Iterator[None]:
    """Unknown variables fail, in the templates that are ours."""
    logger, strict = logging.getLogger("django.template"), UnknownVariable()
    logger.addFilter(strict)
    logger.setLevel(logging.DEBUG)
    yield
    logger.removeFilter(strict)


class Town:
    """A town of a few pages and a cast of named people."""

    def __init__(self) -> None:
        self.admin = found_town(
            town_name="Valmorin-sur-Drise",
            first_name="Claire",
            last_name="Valette",
            email="claire@valmorin.example",
            password=PASSWORD,
        )
        self.home = HomePage.objects.get()
        self.technical = self.person("Patrick", "Brun", "Services techniques")
        self.finance = self.person("Sandrine", "Coste", "Finances")
        self.communication = self.person("Inès", "Morel", "Communication")
        self.elu = self.person("Sylvie", "Roussillon", "Élus")
        self.outsider = self.person("Hugo", "Perrin")  # an account, and no right at all
        for group, role in FIRST_RIGHTS.items():
            self.give(role, group=group)

    def person(self, first: str, last: str, *groups: str) -> User:
        return open_account(
            first_name=first,
            last_name=last,
            email=f"{key_of(first)}@valmorin.example",
            groups=groups,
            password=PASSWORD,
        )

    def give(
        self, role: Role, page: Any = None, *, group: str = "", person: User | None = None, **fields: Any
    ) -> Grant:
        """A right on `page` (the town's own where none is named), given by the system."""
        grantee = access.Grantee(group=Group.objects.get(name=group) if group else None, person=person)
        return access.give(page=page or self.home, grantee=grantee, role=role, by=None, **fields)

    def page(
        self, title: str, body: str = "", *, under: Any = None, author: Any = None, publish: bool = True, **fields: Any
    ) -> Any:
        """An article, published unless said otherwise; `body` is rich text."""
        model = fields.pop("model", ArticlePage)
        blocks = [("paragraph", body)] if body else []
        return pages.create_page(
            parent=under or self.home,
            page=model(title=title, body=blocks, **fields),
            author=author or self.admin,
            publish=publish,
        )

    def service(self, title: str, **fields: Any) -> Any:
        return self.page(title, model=ServicePage, **fields)

    def project(self, title: str, **fields: Any) -> Any:
        return self.page(title, model=ProjectPage, **fields)

    def folder(self, title: str, **fields: Any) -> Any:
        return self.page(title, model=FolderPage, **fields)

    def document(self, content: bytes = b"Bonjour", name: str = "note.txt", author: Any = None) -> Document:
        return documents.deposit(file=io.BytesIO(content), file_name=name, author=author or self.admin)

    def attach(self, page: Any, document: Document, *, publish: bool = True, **fields: Any) -> Any:
        """Joins a document to a page, and publishes."""
        draft = page.get_latest_revision_as_object()
        draft.attachments.add(Attachment(document=document, **fields))
        revision = pages.save_draft(page=draft, author=self.admin)
        if publish:
            pages.publish_revision(page=page, revision=revision, author=self.admin)
        page.refresh_from_db()
        return page

    def signed_in(self, person: User) -> Client:
        client = Client()
        client.force_login(person, backend="kb.people.backends.SignInNameOrEmail")
        return client


@pytest.fixture
def town(db: None) -> Town:
    """The founded town, with its cast."""
    return Town()


@pytest.fixture
def reader(town: Town) -> Client:
    """An élue who reads."""
    return town.signed_in(town.elu)


@pytest.fixture
def agent(town: Town) -> Client:
    """An agent who edits and does not publish."""
    return town.signed_in(town.technical)


@pytest.fixture
def publisher(town: Town) -> Client:
    """The communication officer, who publishes."""
    return town.signed_in(town.communication)
