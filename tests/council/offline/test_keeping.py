"""What a device may keep, for whom; and that each contact asks the right again."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda.models import SittingPage
from council.convening import operations as convening_operations
from council.frozen import operations as frozen
from council.frozen.models import FrozenPaper
from council.members.models import Mandate
from council.offline import queries
from council.papers import operations as papers
from council.papers.models import BoundDossier, Shape
from kb.access.models import Boundary, Grant
from kb.buttons import operations as buttons
from kb.exchange import pdf
from kb.work import operations as work

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")


@pytest.fixture
def sent(convening):
    """A convened sitting whose item has a note as an annex."""
    sitting = convening.sitting(20, signed=False)
    convening.paper = convening.town.document(b"Le detail des tarifs", "tarifs.txt")
    convening.town.attach(convening.item, convening.paper, publish=False)
    convening_operations.sign(sitting=sitting, by=convening.maire)
    convening_operations.send(sitting=sitting, by=convening.secretary)
    return sitting


def state(client, *ids):
    return client.get(f"/hors-ligne/etat.json?seances={','.join(map(str, ids))}")


def test_the_sitting_its_items_and_their_files(convening, sent):
    answer = state(convening.town.signed_in(convening.elue), sent.pk)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    told = answer.json()["sittings"][str(sent.pk)]
    version = convening.paper.current_version
    address = f"/documents/{convening.paper.pk}/v1/"
    assert [entry["url"] for entry in told["entries"]] == [
        f"/p/{sent.pk}/",
        f"/p/{convening.item.pk}/",
        f"/p/{convening.item.pk}/notes/",
        address,
        f"{address}apercu/",
        "/hors-ligne/",
        "/elu/",
    ]
    (file,) = [entry for entry in told["entries"] if entry["kind"] == "file"]
    assert file == {
        "url": address,
        "also": [f"{address}?telecharger=1"],
        "kind": "file",
        "version": version.sha256,
        "size": version.size,
    }
    client = convening.town.signed_in(convening.elue)
    assert {
        url: client.get(url).status_code for entry in told["entries"] for url in (entry["url"], *entry["also"])
    } == {url: 200 for entry in told["entries"] for url in (entry["url"], *entry["also"])}


def test_a_replaced_piece_is_another_file(convening, sent):
    client = convening.town.signed_in(convening.elue)
    before = state(client, sent.pk).json()["sittings"][str(sent.pk)]
    paper = FrozenPaper.objects.get(sitting=sent, kind="annex")
    frozen.replace_piece(
        paper=paper,
        file=ContentFile(b"Le detail des tarifs, corrige"),
        file_name="tarifs.txt",
        reason="Une erreur",
        by=convening.secretary,
    )
    after = state(client, sent.pk).json()["sittings"][str(sent.pk)]
    assert after["mark"] != before["mark"]
    (file,) = [entry for entry in after["entries"] if entry["kind"] == "file"]
    assert (file["url"], file["version"]) == (
        f"/documents/{convening.paper.pk}/v2/",
        convening.paper.versions.get(number=2).sha256,
    )
    assert client.get(file["url"]).status_code == 200


# The bound dossier.


@pytest.fixture
def bound(sent):
    """Its PDF, as the worker leaves it."""
    papers.ask(sitting=SittingPage.objects.get(pk=sent.pk), shape=Shape.PDF, by=None)
    work.drain()
    return BoundDossier.objects.get(sitting=sent)


def dossier_entries(client, sitting):
    entries = state(client, sitting.pk).json()["sittings"][str(sitting.pk)]["entries"]
    return [entry for entry in entries if "/dossier/" in entry["url"]]


@needs_pango
def test_the_bound_dossier_is_kept_with_its_screen_by_its_hash(convening, sent, bound):
    client = convening.town.signed_in(convening.elue)
    page, file = dossier_entries(client, sent)
    data = client.get(file["url"]).getvalue()
    assert (page["url"], page["kind"], page["version"]) == (f"/p/{sent.pk}/dossier/pdf/", "page", file["version"])
    assert file == {
        "url": f"/p/{sent.pk}/dossier/pdf/fichier/",
        "also": [],
        "kind": "file",
        "size": len(data),
        "version": hashlib.sha256(data).hexdigest(),
    }
    assert file["url"] in client.get(page["url"]).content.decode()


@needs_pango
def test_one_that_stands_no_more_goes_and_the_next_comes(convening, sent, bound):
    client = convening.town.signed_in(convening.elue)
    before = dossier_entries(client, sent)
    frozen.replace_piece(
        paper=FrozenPaper.objects.get(sitting=sent, kind="annex"),
        file=ContentFile(b"Corrige"),
        file_name="tarifs.txt",
        reason="Une erreur",
        by=convening.secretary,
    )
    assert dossier_entries(client, sent) == []
    papers.ask(sitting=SittingPage.objects.get(pk=sent.pk), shape=Shape.PDF, by=None)
    work.drain()
    after = dossier_entries(client, sent)
    assert len(after) == 2 and after[1]["version"] != before[1]["version"]


@needs_pango
def test_it_goes_with_the_right_to_one_of_its_items(convening, sent, bound):
    client = convening.town.signed_in(convening.elue)
    assert len(dossier_entries(client, sent)) == 2
    Boundary.objects.create(page_id=convening.item.pk)
    assert dossier_entries(client, sent) == []
    assert client.get(f"/p/{sent.pk}/dossier/pdf/fichier/").status_code == 404


@needs_pango
def test_one_that_was_lost_is_not_promised(convening, sent, bound):
    bound.file.storage.delete(bound.file.name)
    assert dossier_entries(convening.town.signed_in(convening.elue), sent) == []


def test_while_it_is_being_bound_it_is_not_promised(convening, sent):
    papers.ask(sitting=SittingPage.objects.get(pk=sent.pk), shape=Shape.PDF, by=None)
    assert dossier_entries(convening.town.signed_in(convening.elue), sent) == []


def test_another_person_has_another_name_on_devices(convening, sent):
    names = {
        state(convening.town.signed_in(one), sent.pk).json()["person"] for one in (convening.elue, convening.maire)
    }
    assert len(names) == 2


def test_what_is_lost_by_right_is_listed_no_more(convening, sent):
    client = convening.town.signed_in(convening.elue)
    Grant.objects.all().delete()
    assert state(client, sent.pk).json()["sittings"] == {}


def test_what_is_in_preparation_or_is_no_sitting_is_not_kept(convening, sent):
    draft = convening.sitting(40)
    client = convening.town.signed_in(convening.secretary)
    assert state(client, draft.pk, convening.item.pk, 987654).json()["sittings"] == {}
    assert state(client, "x", "9" * 30).json()["sittings"] == {}


def test_who_is_signed_in_no_more_is_told_to_empty(client, convening, sent):
    answer = state(client, sent.pk)
    assert (answer.status_code, "sittings" in answer.json()) == (401, False)


def test_an_ended_button_closes_the_session_then_tells_to_empty(convening, sent):
    button = buttons.give(person=convening.elue, opens="la séance", path="/", by=None)
    client = convening.town.signed_in(convening.elue)
    session = client.session
    session["button"] = button.pk
    session.save()
    assert state(client, sent.pk).status_code == 200
    buttons.end(button=button, by=None, because="Le mandat a pris fin.")
    assert state(client, sent.pk).status_code == 302
    assert state(client, sent.pk).status_code == 401


def test_nothing_is_kept_while_looking_with_another_s_eyes(convening, sent):
    client = convening.town.signed_in(convening.town.admin)
    client.post(f"/comme/{convening.elue.pk}/")
    assert state(client, sent.pk).status_code == 403
    assert "Garder sur cet appareil" not in client.get(f"/p/{sent.pk}/").content.decode()


def test_the_number_of_queries_does_not_follow_the_files(convening, sent):
    client, counts = convening.town.signed_in(convening.elue), []
    for number in (1, 3):
        if number == 3:
            for other in range(2):
                later = convening.sitting(30 + other, signed=False, title=f"Séance {other}")
                for name in ("a", "b", "c"):
                    convening.town.attach(
                        convening.item, convening.town.document(f"{name}{other}".encode(), f"{name}.txt"), publish=False
                    )
                convening_operations.sign(sitting=later, by=convening.maire)
                convening_operations.send(sitting=later, by=convening.secretary)
            sent = later
        state(client, sent.pk)
        with CaptureQueriesContext(connection) as asked:
            assert len(state(client, sent.pk).json()["sittings"]) == 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("base", "offered"),
    [
        ("https://mairie.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("http://mairie.example", False),
        ("http://192.168.1.4:8000", False),
    ],
)
def test_offered_where_browsers_allow_it(convening, sent, settings, base, offered):
    settings.BASE_URL = base
    assert queries.is_offered() is offered
    client = convening.town.signed_in(convening.elue)
    page = client.get(f"/p/{sent.pk}/").content.decode()
    assert ("Garder sur cet appareil" in page) is offered
    assert ("demande un site en https" in page) is not offered
    assert bool(state(client, sent.pk).json()["sittings"]) is offered
    assert ("demande un site en https" in client.get("/hors-ligne/").content.decode()) is not offered
    assert ("Une note pour moi" in client.get(f"/p/{convening.item.pk}/").content.decode()) is offered


def test_the_worker_and_the_manifest_tell_nothing_of_anybody(client, convening, sent):
    worker = client.get("/travailleur.js")
    assert (worker.status_code, worker["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert b"caches.match" in worker.content
    manifest = client.get("/manifeste.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["start_url"] == "/"
    assert {icon["sizes"] for icon in manifest.json()["icons"]} == {"192x192", "512x512"}


def test_an_ended_mandate_with_a_right_that_stays_keeps_what_it_reads(convening, sent):
    """Rights decide, not the mandate: who may read the page may keep it."""
    Mandate.objects.filter(account=convening.elue).update(until=timezone.localdate())
    assert list(state(convening.town.signed_in(convening.elue), sent.pk).json()["sittings"]) == [str(sent.pk)]
