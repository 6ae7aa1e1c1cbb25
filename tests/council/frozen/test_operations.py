"""Deeds after a convocation: a piece replaced, a text corrected, items added in time; each refusal with its way out."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from council.agenda import operations as agenda
from council.agenda import queries as agenda_queries
from council.agenda.enums import SittingKind
from council.agenda.models import AgendaItemPage, AgendaPlace, SittingPage
from council.convening import operations as deeds
from council.convening.queries import register_mention
from council.frozen import operations, queries
from council.frozen.models import ChangeKind, Dispatch, FrozenPaper, PaperChange
from council.members.models import Population
from council.papers.content import Papers
from kb.notices.models import Mail, Notice
from kb.pages import operations as pages
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.trash import operations as trash
from kb.trash.models import Trashed
from tests.council.frozen.conftest import upload
from tests.council.papers.test_binding import pdf

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def annex_of(sitting):
    (one,) = queries.standing(sitting)
    return one.annexes[0]


def replaced(convening, sitting, **fields):
    given = {
        "paper": annex_of(sitting),
        "file": upload(pdf(4)),
        "file_name": "tarifs-corriges.pdf",
        "reason": "Total corrigé",
        "by": convening.secretary,
    }
    return operations.replace_piece(**given | fields)


def bytes_of(convening):
    with convening.document.current_version.file.open("rb") as source:
        return source.read()


def rewrite(convening, **fields):
    """A draft of the item, by the editor's own deed."""
    draft = AgendaItemPage.objects.get(pk=convening.item.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    return pages.save_draft(page=draft, author=convening.secretary)


def past(sitting):
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))


# Nothing is written any more.


@pytest.mark.both_databases
def test_a_convened_item_is_not_written(convening, convened):
    before = AgendaItemPage.objects.get(pk=convening.item.pk).latest_revision_id
    with pytest.raises(Refused, match=r"Remplacez une pièce ou corrigez son texte.*renvoyez le point"):
        rewrite(convening, note="Autre note")
    with pytest.raises(Refused, match="est convoqué"):
        pages.attach_document(page=convening.item, document=convening.document, author=convening.secretary)
    with pytest.raises(Refused, match="ordre du jour complémentaire"):
        pages.save_draft(page=convened, author=convening.secretary)
    assert AgendaItemPage.objects.get(pk=convening.item.pk).latest_revision_id == before


def test_nor_thrown_away_with_the_shelf_or_alone(convening, convened):
    for page in (convening.item, convened, convening.council.shelf):
        with pytest.raises((trash.Refused, PermissionDenied), match=r"est convoquée|supprimer"):
            trash.delete_page(page=page, by=convening.town.admin, why="Erreur")
    assert not PageLogEntry.objects.filter(action="kb.trash.delete").exists()


def test_an_item_in_the_trash_is_on_no_agenda(convening):
    sitting = convening.sitting(signed=False)
    convening.council.item(sitting, "Deux")
    trash.delete_page(page=convening.item, by=convening.secretary)
    deeds.sign(sitting=sitting, by=convening.maire)
    deeds.send(sitting=sitting, by=convening.secretary)
    assert [one.line for one in queries.announced(sitting)] == ["1. Deux"]


def test_before_the_convocation_all_is_written(convening):
    convening.sitting()
    rewrite(convening, note="Autre note")
    assert AgendaItemPage.objects.get(pk=convening.item.pk).get_latest_revision_as_object().note == "Autre note"
    trash.delete_page(page=convening.item, by=convening.secretary)
    assert Trashed.objects.filter(page=convening.item.pk).exists()


# A piece replaced.


@pytest.mark.both_databases
def test_a_piece_is_replaced_and_the_one_that_left_stays(convening, convened):
    first = annex_of(convened)
    change = replaced(convening, convened)
    second = annex_of(convened)
    assert (second.replaces, second.rank, second.change, second.version.number) == (first, 1, change, 2)
    assert (change.kind, change.reason, change.sent_by) == (ChangeKind.REPLACED, "Total corrigé", convening.secretary)
    assert [one.annexes[0].pk for one in queries.announced(convened)] == [first.pk]
    assert {str(row.mandate): (row.way, row.mail is not None) for row in change.dispatches.all()} == {
        "Hélène Marchetti": ("mail", True),
        "Bernard Aubanel": ("mail", True),
        "Nadia Benkacem": ("paper", False),
    }
    assert Notice.objects.filter(kind="paper_change", always=True).count() == 2
    item = AgendaItemPage.objects.get(pk=convening.item.pk)
    assert [row.version.number for row in item.attachments.all()] == [2]
    assert not item.has_unpublished_changes
    assert PageLogEntry.objects.get(action="council.paper.replaced").data["sha256"] == second.content["sha256"]


def test_the_dossier_holds_the_new_piece_and_says_so(convening, convened):
    before, data = Papers(convened).mark, pdf(4)  # two of them written in two seconds differ
    replaced(convening, convened, file=upload(data))
    papers = Papers(SittingPage.objects.get(pk=convened.pk))
    assert papers.mark != before
    (annex,) = papers.dossier(Viewer(convening.secretary)).items[0].annexes
    assert annex.file_name == "tarifs-corriges.pdf" and annex.line.endswith(": Total corrigé")
    assert annex.data() == data


def test_twice_in_a_row(convening, convened):
    first = annex_of(convened)
    replaced(convening, convened)
    with pytest.raises(Refused, match="a déjà été remplacée"):
        replaced(convening, convened, paper=first, file=upload(pdf(5)))
    replaced(convening, convened, file=upload(pdf(5)))
    assert annex_of(convened).version.number == 3


def test_a_replacement_refused_leaves_nothing(convening, convened):
    with pytest.raises(Refused, match="écrivez-en la raison"):
        replaced(convening, convened, reason=" ")
    with pytest.raises(Refused, match="octet pour octet"):
        replaced(convening, convened, file=upload(bytes_of(convening)))
    with pytest.raises(Refused):
        replaced(convening, convened, file=upload(b"MZ\x90\x00"), file_name="virus.exe")
    with pytest.raises(PermissionDenied, match="remplacer une pièce"):
        replaced(convening, convened, by=convening.elue)
    paper = annex_of(convened)
    agenda.take_off(item=convening.item, reason="Pièces incomplètes", by=convening.secretary)
    with pytest.raises(Refused, match="n’est plus à l’ordre du jour"):
        replaced(convening, convened, paper=paper)
    past(convened)
    with pytest.raises(Refused, match="a eu lieu"):
        replaced(convening, convened, paper=paper)
    assert not PaperChange.objects.exists() and FrozenPaper.objects.count() == 3
    assert convening.document.versions.count() == 1 and not Mail.objects.filter(kind="paper_change").exists()


def test_each_councillor_once(convening, convened):
    change = replaced(convening, convened)
    row = change.dispatches.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(change=change, mandate=row.mandate, way="paper")


# A text corrected.


@pytest.mark.both_databases
def test_a_text_is_corrected(convening, convened):
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    rewrite(convening, note="Une page et demie.")
    (now,) = queries.standing(convened)
    assert now.note == "Une page."  # the members read what was sent until the correction is
    assert Papers(convened).sources[0].frozen.note == "Une page."
    operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    (now,) = queries.standing(convened)
    assert (now.note, now.item.replaces.content["note"], now.number) == ("Une page et demie.", "Une page.", "1")
    assert [one.note for one in queries.announced(convened)] == ["Une page."]
    assert AgendaItemPage.objects.get(pk=convening.item.pk).note == "Une page et demie."
    assert change.dispatches.count() == 3
    with pytest.raises(Refused, match="est convoqué"):
        rewrite(convening, note="Encore")


def test_a_correction_changes_neither_title_nor_annexes(convening, convened):
    from kb.documents import operations as documents

    documents.add_version(
        document=convening.document, file=upload(pdf(5)), file_name="autre.pdf", author=convening.secretary
    )
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    rewrite(convening, title="Autre question", note="Une page et demie.")
    with pytest.raises(Refused, match="titre et la nature d’un point convoqué ne changent plus"):
        operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    rewrite(convening, title="Tarifs de la cantine")
    operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    assert [row.version.number for row in AgendaItemPage.objects.get(pk=convening.item.pk).attachments.all()] == [1]
    assert annex_of(convened).version.number == 1


def test_what_holds_a_correction_back(convening, convened):
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    given = {"change": change, "by": convening.secretary}
    with pytest.raises(Refused, match=r"déjà|cours de correction"):
        operations.open_correction(item=convening.item, by=convening.secretary)
    with pytest.raises(Refused, match="cours de correction"):
        replaced(convening, convened)
    with pytest.raises(Refused, match="Rien n’a changé"):
        operations.send_correction(reason="Coquille", **given)
    rewrite(convening, note="  ")
    with pytest.raises(Refused, match="écrivez-en la raison"):
        operations.send_correction(reason="", **given)
    with pytest.raises(PermissionDenied):
        operations.send_correction(reason="Coquille", **given | {"by": convening.elue})
    Population.objects.create(instance=convening.council.instance, inhabitants=3500, since=date(2026, 3, 16))
    with pytest.raises(Refused, match=r"La note de synthèse manque.*L2121-12"):
        operations.send_correction(reason="Coquille", **given)
    assert not Dispatch.objects.exists()


def test_a_correction_dropped_leaves_the_item_closed_as_it_was_sent(convening, convened):
    change = operations.open_correction(item=convening.item, by=convening.secretary)
    rewrite(convening, note="Erreur")
    operations.drop_correction(change=change, by=convening.secretary)
    assert AgendaItemPage.objects.get(pk=convening.item.pk).get_latest_revision_as_object().note == "Une page."
    with pytest.raises(Refused, match="est convoqué"):
        rewrite(convening, note="Erreur")
    with pytest.raises(Refused, match="déjà envoyé ou abandonné"):
        operations.send_correction(change=change, reason="Coquille", by=convening.secretary)
    replaced(convening, convened)


# Items added in time.


def addition(convening, sitting, *titles, signed=True):
    change = operations.open_addition(sitting=sitting, reason="Subvention notifiée hier", by=convening.secretary)
    convening.added = [
        convening.council.item(SittingPage.objects.get(pk=sitting.pk), title, note="Une note.") for title in titles
    ]
    if signed:
        operations.sign_addition(change=change, by=convening.maire)
        change.refresh_from_db()
    return change


def agenda_of(convening, sitting, person):
    return [
        (row["number"], row["title"])
        for row in agenda_queries.agenda(Viewer(person), SittingPage.objects.get(pk=sitting.pk))
    ]


@pytest.mark.both_databases
def test_items_are_added_without_moving_a_number(convening):
    sitting = convening.sitting(signed=False)
    convening.council.item(sitting, "Deux")
    deeds.sign(sitting=sitting, by=convening.maire)
    deeds.send(sitting=sitting, by=convening.secretary)
    change = addition(convening, sitting, "Ajouté", "Dernier", signed=False)
    first = convening.added[0]
    operations.number_added(sitting=sitting, chosen={first.pk: "1 bis"}, by=convening.secretary)
    assert agenda_of(convening, sitting, convening.elue) == [("1", "Tarifs de la cantine"), ("2", "Deux")]
    assert Papers(sitting).may_be_had_by(Viewer(convening.elue))  # a draft below closes the dossier to nobody
    operations.sign_addition(change=change, by=convening.maire)
    operations.send_addition(change=change, by=convening.secretary)
    assert agenda_of(convening, sitting, convening.elue) == [
        ("1", "Tarifs de la cantine"),
        ("1 bis", "Ajouté"),
        ("2", "Deux"),
        ("3", "Dernier"),
    ]
    assert [one.line for one in queries.announced(sitting)] == ["1. Tarifs de la cantine", "2. Deux"]
    assert [one.line for one in queries.as_sent(queries.rows_of(sitting), change)] == ["1 bis. Ajouté", "3. Dernier"]
    assert [one.number for one in Papers(sitting).sources] == ["1", "1 bis", "2", "3"]
    assert change.dispatches.count() == 3
    assert not AgendaItemPage.can_create_at(SittingPage.objects.get(pk=sitting.pk))


def test_what_was_posted_before_an_addition_is_posted_again(convening):
    sitting = convening.sitting(signed=False)
    deeds.sign(sitting=sitting, by=convening.maire)
    deeds.send(sitting=sitting, by=convening.secretary)

    def posted():
        today = timezone.localdate()
        rows = [row for row in agenda_queries.clock_rows(sitting, today) if row["code"].startswith("posting")]
        return [(row["code"], row["state"], row["tick"]) for row in rows]

    def post(code):
        agenda.note_done(sitting=sitting, code=code, on=timezone.localdate(), by=convening.secretary)

    with pytest.raises(Refused, match="ne se note pas ici"):
        post("posting_again")
    post("posting")
    assert posted() == [("posting", "done", "")]
    first = register_mention(sitting)
    for title in ("Ajouté", "Ajouté encore"):
        operations.send_addition(change=addition(convening, sitting, title), by=convening.secretary)
        assert posted() == [("posting", "done", ""), ("posting_again", "coming", "posting_again")]
        post("posting_again")
        assert posted() == [("posting", "done", ""), ("posting_again", "done", "")]
    assert register_mention(sitting) == first and "affichée ou publiée le" in first


def test_the_maire_signs_what_is_added_and_nothing_else_leaves(convening, convened):
    change = addition(convening, convened, "Ajouté", signed=False)
    with pytest.raises(Refused, match="n’est pas signé"):
        operations.send_addition(change=change, by=convening.secretary)
    for person in (convening.secretary, convening.elue):
        with pytest.raises(PermissionDenied, match="Seul le maire"):
            operations.sign_addition(change=change, by=person)
    operations.record_addition_signature(
        change=change,
        mandate=convening.council.mandates[1],
        signed_on=TODAY(),
        proof="registre",
        by=convening.secretary,
    )
    change.refresh_from_db()
    draft = convening.added[0].get_latest_revision_as_object()
    draft.note = "Autre note"
    pages.save_draft(page=draft, author=convening.secretary)
    with pytest.raises(Refused, match="a changé depuis la signature"):
        operations.send_addition(change=change, by=convening.secretary)
    assert not Dispatch.objects.exists() and not Mail.objects.filter(kind="paper_change").exists()
    assert convened.signatures.filter(change=None).count() == 1  # the convocation's own stays apart


def test_out_of_time_nothing_is_added(convening):
    sitting = convening.sent(days=4)  # three jours francs: today is the last day
    change = addition(convening, sitting, "Ajouté")
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() + timedelta(days=3))
    late = SittingPage.objects.get(pk=sitting.pk)
    for deed in (
        lambda: operations.open_addition(sitting=late, reason="Trop tard", by=convening.secretary),
        lambda: operations.send_addition(change=change, by=convening.secretary),
    ):
        with pytest.raises(Refused, match=r"trop tard.*L2121-11.*prochaine séance.*convoquez une séance en urgence"):
            deed()
    assert not Dispatch.objects.exists()
    assert AgendaPlace.objects.filter(sitting=sitting, convened_revision=None).count() == 1


def test_the_way_out_of_an_item_that_comes_too_late(convening):
    sitting = convening.sent(days=4)
    addition(convening, sitting, "Ajouté")
    later = convening.council.sitting(40, title="Prochaine séance")
    moved = agenda.postpone(item=convening.added[0], to=later, reason="Trop tard", by=convening.secretary)
    assert moved.get_parent().pk == later.pk and moved.get_latest_revision_as_object().note == "Une note."
    change = queries.open_addition(sitting)
    operations.drop_addition(change=change, by=convening.secretary)
    assert agenda_of(convening, sitting, convening.elue) == [("1", "Tarifs de la cantine")]
    assert agenda_of(convening, later, convening.secretary) == [("1", "Ajouté")]


def test_what_else_refuses_an_addition(convening, convened):
    for fields, why in (({"reason": " "}, "écrivez-en la raison"), ({"by": convening.elue}, "compléter")):
        with pytest.raises((Refused, PermissionDenied), match=why):
            operations.open_addition(**{"sitting": convened, "reason": "Oubli", "by": convening.secretary} | fields)
    change = operations.open_addition(sitting=convened, reason="Oubli", by=convening.secretary)
    with pytest.raises(Refused, match="déjà ouvert"):
        operations.open_addition(sitting=convened, reason="Oubli", by=convening.secretary)
    with pytest.raises(Refused, match="Aucun point n’est ajouté"):
        operations.sign_addition(change=change, by=convening.maire)
    item = convening.council.item(SittingPage.objects.get(pk=convened.pk), "Ajouté")
    with pytest.raises(Refused, match="est déjà pris"):
        operations.number_added(sitting=convened, chosen={item.pk: "1"}, by=convening.secretary)
    with pytest.raises(Refused, match="Il reste « Ajouté »"):
        operations.drop_addition(change=change, by=convening.secretary)
    trash.delete_page(page=item, by=convening.secretary)
    operations.drop_addition(change=change, by=convening.secretary)
    SittingPage.objects.filter(pk=convened.pk).update(sitting_kind=SittingKind.SECOND)
    with pytest.raises(Refused, match="mêmes questions"):
        operations.open_addition(sitting=convened, reason="Oubli", by=convening.secretary)
