"""Deeds: load the demo town in one go, and tell its accounts."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.tasks import update_reference_index_task

from kb.buttons import operations as buttons
from kb.buttons import tokens
from kb.buttons.models import PersonalButton
from kb.demo import circuits, following, habits, life, rights, talk, town_told
from kb.demo.files import PAPERS
from kb.demo.history import Dated, History, date_entries, last_entries
from kb.demo.pages import sheets
from kb.demo.people import ADMINISTRATOR, AGENTS, ELECTED, EVERYBODY, Person, drawn_password
from kb.demo.pictures import PICTURES
from kb.demo.when import When
from kb.documents.models import DocumentVersion
from kb.documents.tasks import make_thumbnail
from kb.pages import tree
from kb.pages.models import HomePage, RevisionRecord
from kb.pages.signals import pages_rewritten
from kb.people.models import Town, User
from kb.people.operations import AlreadyFounded, close_account, found_town, open_account

TOWN_NAME = "Valmorin-sur-Drise"
LINK_OPENS = "la base de la commune"
FOUNDED = 400  # days before the loading
# Their first page is drawn at once; the worker does the rest.
SHOWN_AT_ONCE = ("analyse-lot2", "plans-ecole", "arrete-detr", "diagnostic", "tarifs-cantine")

Account = dict[str, Any]
Say = Callable[[str], None]


class NoAccounts(Exception):
    """No demo town was loaded here; the message is a French sentence."""


@dataclass(frozen=True)
class Loaded:
    """What the loading made."""

    pages: int
    versions: int
    people: int


def load(*, anchor: date | None = None, say: Say = lambda words: None) -> Loaded:
    """The whole demo town, or nothing of it; its dates are counted from `anchor` (today).

    Writes the passwords drawn to DATA_DIR/demo-accounts.json. Raises AlreadyFounded when a town exists.
    """
    if Town.objects.exists():
        raise AlreadyFounded(
            "Cette installation a déjà sa commune : la démonstration se charge dans une base vide. "
            "Donnez un autre dossier dans DATA_DIR."
        )
    when = When(anchor or timezone.localdate())
    with transaction.atomic():
        say("Les comptes : la mairie et ses 19 élus…")
        people, passwords = _people(when)
        history = History(when, people, _home(when), step=_counted(say))
        circuits.wait()
        rights.open_to_agents(history.home, when.moment(-FOUNDED, "town"))
        say("Les documents, les pages et un an d’histoire…")
        with disable_reference_index_auto_update():  # seven tasks a save: one a page is enough, below
            history.tell(sheets(when), PAPERS, PICTURES, others=_departures(history))
        rights.lay(history)
        town_told.send(sender=None, history=history)
        _index_references()
        pages_rewritten.send(sender=None)
        habits.keep(history)
        talk.keep(history)
        following.keep(history)
        life.keep(history)
        circuits.lay(history)
        say("Les premières vignettes…")
        _thumbnails(history)
        tree.changed(None)
        _write_accounts(people, passwords)
    return Loaded(Page.objects.filter(depth__gt=1).count(), DocumentVersion.objects.count(), len(people))


def accounts() -> list[Account]:
    """The demo's open accounts: agents with the passwords drawn at loading, élus each with a link that nobody pressed yet.

    Raises NoAccounts.
    """
    try:
        kept: list[Account] = json.loads(_accounts_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoAccounts(
            "Aucune commune de démonstration n’a été chargée ici. Chargez-la par « manage.py demo »."
        ) from None
    people = User.objects.in_bulk([row["username"] for row in kept], field_name="username")
    return [{**row, "link": None if row["password"] else _link(people[row["username"]])} for row in kept]


def _link(person: User) -> str:
    """The address of a personal button: who presses it first enters without a code."""
    fresh = PersonalButton.objects.filter(person=person, opens=LINK_OPENS, ended_at=None, uses=None).first()
    button = fresh or buttons.give(person=person, opens=LINK_OPENS, path="/", by=None)
    return settings.BASE_URL + reverse("button", args=[tokens.token_of(button)])


def _accounts_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-accounts.json"


def _counted(say: Say) -> Callable[[int, int], None]:
    def step(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            say(f"  {done} faits sur {total}")

    return step


def _people(when: When) -> tuple[dict[str, User], dict[str, str]]:
    passwords = {person.key: drawn_password(person) for person in (ADMINISTRATOR, *AGENTS)}
    last = last_entries()
    admin = found_town(
        town_name=TOWN_NAME,
        first_name=ADMINISTRATOR.first_name,
        last_name=ADMINISTRATOR.last_name,
        email=str(ADMINISTRATOR.email),
        password=passwords[ADMINISTRATOR.key],
        is_demo=True,
    )
    admin.office = ADMINISTRATOR.office
    admin.save(update_fields=["office"])
    Town.objects.update(phone="04 65 71 20 18")
    date_entries(last, when.moment(-FOUNDED, "town"))
    people = {ADMINISTRATOR.key: admin}
    for person in (*AGENTS, *ELECTED):
        people[person.key] = _account(person, passwords.get(person.key), admin, when)
    User.objects.filter(pk=admin.pk).update(date_joined=when.moment(-FOUNDED, "town"))
    return people, passwords


def _account(person: Person, password: str | None, admin: User, when: When) -> User:
    last = last_entries()
    account = open_account(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        office=person.office,
        groups=person.groups,
        password=password,
        by=admin,
    )
    at = when.moment(-person.arrived, person.key)
    User.objects.filter(pk=account.pk).update(date_joined=at)
    date_entries(last, at)
    return account


def _home(when: When) -> HomePage:
    home = HomePage.objects.get()
    at = when.moment(-FOUNDED, "town")
    Revision.objects.filter(object_id=str(home.pk)).update(created_at=at)
    RevisionRecord.objects.filter(page=home.pk).update(published_at=at)
    Page.objects.filter(pk=home.pk).update(first_published_at=at, last_published_at=at, latest_revision_created_at=at)
    return HomePage.objects.get()


def _departures(history: History) -> list[Dated]:
    """Accounts closed in the course of the year."""
    admin = history.people[ADMINISTRATOR.key]
    found: list[Dated] = []
    for person in EVERYBODY:
        if person.left:
            at = history.when.moment(-person.left, person.key)
            found.append((at, partial(_close, history.people[person.key], admin, at)))
    return found


def _close(person: User, admin: User, at: datetime) -> None:
    last = last_entries()
    close_account(person=person, by=admin)
    User.objects.filter(pk=person.pk).update(closed_at=at)
    date_entries(last, at)


def _index_references() -> None:
    """Wagtail's index of what points to what: the worker writes it, once for each page."""
    for page in Page.objects.filter(depth__gt=1).specific():
        update_reference_index_task.enqueue(page._meta.app_label, page._meta.model_name, str(page.pk))


def _thumbnails(history: History) -> None:
    wanted = [history.papers[key] for key in SHOWN_AT_ONCE]
    for pk in DocumentVersion.objects.filter(document__in=wanted).values_list("pk", flat=True):
        make_thumbnail({"version": pk})


def _write_accounts(people: dict[str, User], passwords: dict[str, str]) -> None:
    """The accounts, readable by the owner of DATA_DIR alone: a demo refuses to listen beyond loopback."""
    rows: list[Account] = [
        {
            "username": people[person.key].username,
            "name": str(people[person.key]),
            "role": person.office,
            "groups": sorted(person.groups),
            "password": passwords.get(person.key),
        }
        for person in EVERYBODY
        if person.left is None
    ]
    path = _accounts_file()
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=2)
