"""Nobody is told anything of a reserved branch, at any door: the permanent crawl.

`make test` shares it among the cast of ten: each door, and each question, is asked as two of them. `make leaks` asks
every door, every question, as each (CRAWL=whole), on both databases.
"""

import os
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from kb.people.seen_as import STILL_OPEN
from tests.leaks.answers import around, asked, client_of, log_told, without
from tests.leaks.doors import ASKING_IN_SQL, NOTHING_BEHIND, Door, addresses, doors, hidden_addresses, questions
from tests.leaks.planted import GONE, MARK, Planted

pytestmark = pytest.mark.django_db
CAST = (
    "anonymous", "outsider", "lecteur", "commentateur", "éditeur d’un autre service",
    "responsable d’un autre service", "communication", "élu", "ancien", "ancien invité",
)  # fmt: skip


PARTS = 5
WHOLE = os.environ.get("CRAWL") == "whole"


def shared(things: list, name: str, parts: int) -> list:
    """Of these, the part of one of the cast: together they take all of them, whatever the number of each."""
    mine = CAST.index(name)
    return things if WHOLE else [thing for place, thing in enumerate(things) if (place + mine) % parts == 0]


def leaks_of(planted: Planted, name: str, door: Door) -> Iterator[str]:
    client = client_of(planted, name)
    asking = ["", *shared([question for question in questions(planted) if question], name, PARTS)]
    for address in addresses(door, planted):
        for question in asking:
            answer, said = asked(client, "get", address + question)
            if answer.status_code >= 500:
                yield f"{name}: GET {address}{question} answers {answer.status_code}"
            elif MARK.encode() in without(said, address):
                yield f"{name}: GET {address}{question} ({answer.status_code}) says …{around(said)}…"
            if answer.status_code in (301, 302, 404, 405) and not question:
                break  # refused whatever is asked
        posted = {"text": "x", "place": "page", "deed": "resolve", "person": planted.guest.pk, "brouillon": "1"}
        posted |= {"page": planted.page.pk, "document": planted.document.pk, "new_parent_page": planted.top.pk}
        answer, said = asked(client, "post", address, posted)
        # Wagtail's forms raise on a POST without their counts: an error, whose answer must say nothing either.
        if MARK.encode() in without(said, address):
            yield f"{name}: POST {address} ({answer.status_code}) says …{around(said)}…"


@pytest.mark.parametrize("name", CAST)
def test_no_door_says_a_word_of_a_reserved_branch(planted, name):
    mail.outbox.clear()
    with log_told() as logged:
        found = [leak for door in shared(doors(), name, PARTS) for leak in leaks_of(planted, name, door)]
    assert not found, "\n".join(found)
    assert not logged, "\n".join(logged)
    assert not [message for message in mail.outbox if MARK in message.message().as_string().lower()]


@(pytest.mark.both_databases if WHOLE else pytest.mark.postgresql)
@pytest.mark.parametrize("name", ["lecteur", "responsable d’un autre service", "ancien"])
def test_the_doors_that_ask_rights_in_sql(planted, name):
    """For PostgreSQL: on SQLite the crawl above takes them, and the whole crawl is `make leaks`."""
    found = [leak for door in doors() if door.name in ASKING_IN_SQL for leak in leaks_of(planted, name, door)]
    assert not found, "\n".join(found)


def test_the_list_of_the_doors_that_ask_rights_in_sql(planted):
    """What it names asks, and whatever asks is named."""
    asking, client = set(), client_of(planted, "responsable d’un autre service")
    for door in doors():
        for address in addresses(door, planted):
            reset_queries()  # only the last 9,000 are kept
            with CaptureQueriesContext(connection) as queries:
                asked(client, "get", address)
            if any("kb_inheritance" in query["sql"] for query in queries):
                asking.add(door.name)
    assert sorted(asking) == sorted(ASKING_IN_SQL)


# Where an administrator reads the name of what is in the trash: the trash, and the audit log, which is never purged.
TRASH_IS_NAMED = frozenset(
    {"trash", "trash_empty", "wagtailadmin_reports:site_history", "wagtailadmin_reports:site_history_results"}
)


def test_no_door_but_the_trash_shows_what_is_in_it_to_an_administrator(planted):
    planted.cast["administrator"] = planted.town.admin
    client, found = client_of(planted, "administrator"), []
    del planted.cast["administrator"]
    more = ("?q=commun", f"?id={planted.gone.pk}&term=zqx")
    for place, door in enumerate(doors()):
        for address in addresses(door, planted):
            for question in ("", *(more if WHOLE else more[place % 2 : place % 2 + 1])):
                said = asked(client, "get", address + question)[1]
                if GONE.encode() in without(said, address) and door.name not in TRASH_IS_NAMED:
                    found.append(
                        f"{door.name} {address}{question}: …{said[max(0, said.find(GONE.encode()) - 60) :][:120]!r}"
                    )
    assert not found, "\n".join(found)


def test_who_looks_with_another_s_eyes_changes_nothing(planted):
    """Each door of the site knocked at: nothing is written anywhere, not even that something was read."""
    client = planted.town.signed_in(planted.town.admin)
    client.post(f"/comme/{planted.insider.pk}/")
    site = [door for door in doors() if not door.route.startswith("admin/") and door.name not in STILL_OPEN]
    before, heard = rows_of_every_table(), []
    for door in site:
        address = addresses(door, planted)[0] if addresses(door, planted) else "/"
        if (answer := asked(client, "post", address, {"text": "x"})[0]).status_code not in (403, 404):
            heard.append(f"{door.name}: {answer.status_code}")
    assert not heard and rows_of_every_table() == before
    for door in (door for door in site if addresses(door, planted)):
        asked(client, "get", addresses(door, planted)[0])
    after = rows_of_every_table()
    assert {table for table in after if after[table] != before[table]} <= MADE_WHEN_ASKED


# Papers are made the first time that they are asked for, whoever asks; an administrator's passage is written.
MADE_WHEN_ASKED = frozenset({"council_keptpaper", "council_sentpaper", "kb_administratorreading"})


def rows_of_every_table() -> dict[str, int]:
    """Table → how many rows."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
        return found


def test_every_door_is_known(planted):
    for door in doors():
        addresses(door, planted)  # raises Unknown
    assert NOTHING_BEHIND.keys() <= {door.route for door in doors()}


def test_the_marks_are_there_for_who_may_read_them(planted):
    """The crawl would find them: what is planted can be seen."""
    client = planted.town.signed_in(planted.insider)
    seen = {
        name: MARK.encode() in asked(client, "get", address)[1]
        for name, address in {
            "page": f"/p/{planted.page.pk}/",
            "file": f"/documents/{planted.document.pk}/",
            "home": "/",
            "editor": f"/admin/pages/{planted.page.pk}/edit/",
            "explorer": f"/admin/pages/{planted.top.pk}/",
            "history": f"/p/{planted.page.pk}/historique/",
            "changes": "/changements/",
            "access": f"/p/{planted.page.pk}/acces/",
            "tag": "/mot-cle/zqxmarque-motif/",
            "draft": f"/p/{planted.page.pk}/brouillon/",
            "picture": f"/documents/{planted.scan.pk}/",
            "thumbnail": f"/documents/{planted.scan.pk}/v1/vignette/",
            "image": f"/images/{planted.rendition.pk}/",
            "Word": f"/p/{planted.page.pk}/export.docx",
            "PDF": f"/p/{planted.page.pk}/export.pdf",
            "text": f"/documents/{planted.document.pk}/v1/texte/",
            "journal": "/journal/",
            "follows": "/suivi/",
            "papers": f"/p/{planted.closed.pk}/papiers/",
            "minutes": f"/p/{planted.closed.pk}/pv/",
            "signed": f"/p/{planted.closed.pk}/signes/",
            "paper": f"/p/{planted.closed.pk}/papiers/liste.docx",
        }.items()
    }
    assert all(seen.values()), seen
    for address, words in (
        (f"/p/{planted.page.pk}/", ("commentaire", "réponse", "commentaire ouvert", "commentaire résolu")),
        (f"/p/{planted.page.pk}/brouillon/", ("commentaire du brouillon", "propre commentaire")),
        (f"/admin/pages/{planted.page.pk}/edit/", ("commentaire", "commentaire ouvert", "commentaire du brouillon")),
        ("/recherche/?q=commun&nature=act", ("objet", "débat", "tâche", "contrat")),
    ):
        said = asked(client, "get", address)[1].decode()
        assert [word for word in words if f"{MARK}-{word}" not in said] == [], address


FILE_DOORS = (
    "document",
    "document_version",
    "thumbnail",
    "rendition",
    "export_file",
    "document_preview",
    "signed_file",
)


@pytest.mark.both_databases
@pytest.mark.parametrize("name", CAST)
def test_no_range_tag_or_head_tells_of_a_hidden_file(planted, name):
    """Whoever knew a file once, and kept its tag, is not told that it is still the same."""
    client, told = client_of(planted, name), []
    tags = [f'"{planted.document.current_version.sha256}"', f'"{planted.scan.current_version.sha256}-thumbnail"', "*"]
    variants = [{"Range": "bytes=0-5"}, {"Range": "bytes=999999-"}, *({"If-None-Match": tag} for tag in tags)]
    for door in (door for door in doors() if door.name in FILE_DOORS):
        for address, elsewhere in hidden_addresses(door, planted):
            missing = asked(client, "get", elsewhere)[0].status_code
            for headers in variants:
                answer = asked(client, "get", address, **headers)[0]
                if answer.status_code != missing or "ETag" in answer.headers:
                    told.append(f"{address} {headers}: {answer.status_code}")
            if asked(client, "head", address)[0].status_code != asked(client, "head", elsewhere)[0].status_code:
                told.append(f"HEAD {address}")
    assert not told, "\n".join(told)
    assert set(FILE_DOORS) <= {door.name for door in doors()}


@pytest.mark.parametrize("name", CAST)
def test_what_is_hidden_answers_as_what_is_not_there(planted, name):
    """Existence is not told by a status code either."""
    client, told = client_of(planted, name), []
    for door in shared(doors(), name, PARTS):
        for address, elsewhere in hidden_addresses(door, planted):
            there, missing = asked(client, "get", address)[0], asked(client, "get", elsewhere)[0]
            if there.status_code != missing.status_code:
                told.append(f"{address}: {there.status_code}, not {missing.status_code}")
    assert not told, "\n".join(told)


def test_the_cast_together_takes_every_door_and_every_question(planted):
    everything = [door.name for door in doors()]
    for things, parts in ((everything, PARTS), (questions(planted), PARTS)):
        taken = [thing for name in CAST for thing in shared(things, name, parts)]
        assert set(taken) == set(things)
