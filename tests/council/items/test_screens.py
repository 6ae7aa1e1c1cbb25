"""What the pages of an item, of its sitting and of its project show; the editor's rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.items import queries
from council.items.models import ItemAdvice, ItemSubject
from council.members.models import Instance
from kb.access.models import Role
from kb.pages import operations as pages
from kb.permissions import Viewer
from tests.leaks.forms import forms_in

pytestmark = pytest.mark.django_db


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def clerk(way):
    return way.town.signed_in(way.clerk)


def test_an_item_shows_what_it_carries(way, clerk):
    way.town.give(Role.READER, way.service, person=way.clerk)
    commission = Instance.objects.create(name="Commission des écoles", body="commission")
    item = way.item(matter="7.5", budget_year=2027)
    draft = item.get_latest_revision_as_object()
    draft.advices = [ItemAdvice(commission=commission, given_on=timezone.localdate(), words="À l’unanimité.")]
    pages.save_draft(page=draft, author=way.clerk)
    shown = text(clerk, f"/p/{item.pk}/")
    for words in (
        "7.5 Subventions",
        "Exercice 2027",
        "Engage de l’argent",
        "École des Tilleuls",
        "Commission des écoles",
        "Favorable, le",
        "À l’unanimité.",
    ):
        assert words in shown
    assert "Soumettre à la relecture" in text(clerk, f"/p/{item.pk}/brouillon/")


def test_a_page_that_one_may_not_read_is_not_named(way, clerk):
    item = way.item()
    assert "École des Tilleuls" not in text(clerk, f"/p/{item.pk}/")
    editor = text(clerk, f"/admin/pages/{item.pk}/edit/")
    assert "École des Tilleuls" not in editor and "Une page que vous ne pouvez pas lire" in editor


def test_who_may_not_read_a_page_concerned_saves_the_item_and_names_no_other(way, clerk):
    item, other = way.item(), way.town.project("Autre projet", under=way.service)
    path = f"/admin/pages/{item.pk}/edit/"
    ((_action, fields),) = [one for one in forms_in(clerk.get(path).content, path) if "title" in one[1]]
    fields |= {"body-count": ["0"], "comments-TOTAL_FORMS": ["0"], "note": ["Une note."]}
    assert clerk.post(path, fields).status_code == 302
    item.refresh_from_db()
    kept = item.get_latest_revision_as_object()
    assert (kept.note, [row.subject_id for row in kept.subjects.all()]) == ("Une note.", [way.project.pk])
    assert clerk.post(path, {**fields, "subjects-0-subject": [str(other.pk)]}).status_code == 200  # not saved


def test_the_screen_of_submission_names_the_circuit_and_the_desk_takes_it(way, clerk):
    item = way.item()
    assert "puis convocation de la séance" in text(clerk, f"/p/{item.pk}/soumettre/")
    clerk.post(f"/p/{item.pk}/soumettre/", {"why": "Premier jet"})
    head = way.town.signed_in(way.head)
    step = way.waiting(item).id
    shown = text(head, f"/a-valider/{step}/")
    assert "Tarifs de la cantine" in shown and "Approuver et publier" not in shown and "Publier</legend>" not in shown
    seen = way.waiting(item).stamp
    assert head.post(f"/a-valider/{step}/", {"deed": "approve", "seen": seen}).url == "/a-valider/"
    assert way.stands(item) == "secretariat: Jeanne Secrète"
    assert "Relecture par le service" in text(clerk, f"/p/{item.pk}/brouillon/")


def test_the_secretary_passes_a_step_from_the_desk_with_a_word(way):
    item = way.item()
    way.submit(item)
    client = way.town.signed_in(way.secretary)
    waiting = way.waiting(item)
    assert "Passer l’étape" in text(client, f"/a-valider/{waiting.id}/")
    filled = {"deed": "approve", "seen": waiting.stamp}
    refused = client.post(f"/a-valider/{waiting.id}/", filled)
    assert refused.status_code == 422 and "dites pourquoi" in refused.content.decode()
    assert client.post(f"/a-valider/{waiting.id}/", {**filled, "words": "Absent."}).status_code == 302
    clerk = way.town.signed_in(way.clerk)
    assert clerk.post(f"/a-valider/{way.waiting(item).id}/", filled).status_code == 404


def test_the_sitting_says_where_each_item_stands_in_as_many_queries(way):
    secretary = way.town.signed_in(way.secretary)
    first = way.item(about=[])
    way.submit(first, by=way.secretary)
    assert "Chez le rapporteur (Nadia Benkacem)" in text(secretary, f"/p/{way.sitting.pk}/")
    viewer, counts = Viewer(way.secretary), []
    queries.standings(viewer, [first])  # the tree and the content types are in memory from now on
    for more in (0, 2):
        items = [first, *(way.item(about=[], title=f"Point {number}") for number in range(more))]
        for one in items[1:]:
            way.submit(one, by=way.secretary)
        with CaptureQueriesContext(connection) as asked:
            found = queries.standings(viewer, items)
        assert {row["icon"] for row in found.values()} == {"clock"}
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_signature_is_told_what_is_not_through(way):
    item = way.item(about=[], rapporteur=None)
    way.council.item(way.sitting, "Questions orales", item_kind="question_orale")
    way.council.item(way.sitting, "Secrétaire de séance", item_kind="appointment", comes_back=True)
    secretary = way.town.signed_in(way.secretary)
    assert "Sans l’accord de tout leur circuit" in text(secretary, f"/p/{way.sitting.pk}/signature/")
    way.submit(item, by=way.secretary)
    way.approve(item, way.maire)
    assert "Sans l’accord" not in text(secretary, f"/p/{way.sitting.pk}/signature/")
    assert "Prêt pour la convocation" in text(secretary, f"/p/{way.sitting.pk}/")
    draft = item.get_latest_revision_as_object()
    draft.note = "Une note."
    pages.save_draft(page=draft, author=way.secretary)
    assert "Changé depuis l’accord du circuit" in text(secretary, f"/p/{way.sitting.pk}/")


def test_the_project_shows_the_decisions_about_it(way, reader):
    item = way.item()
    path = f"/p/{way.project.pk}/"
    way.town.give(Role.READER, way.service, person=way.clerk)
    assert "Tarifs de la cantine" not in text(reader, path)
    agenda.record_convocation(
        sitting=way.sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="", by=way.secretary
    )
    assert ItemSubject.objects.filter(page=item.pk).count() == 1
    shown = text(reader, path)
    assert "Tarifs de la cantine" in shown and ": à l’ordre du jour" in shown
