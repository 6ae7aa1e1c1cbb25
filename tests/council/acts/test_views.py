"""The screens of the papers: each works, then each refusal."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from council.acts import minutes
from council.acts.models import Correction, Deliberation, Discussion, NumberScheme, SignedCopy, SignedPaper
from council.agenda.queries import meeting_day
from council.publication.models import Act
from kb.access import operations as access
from kb.access.models import Role
from kb.exchange import pdf
from tests.pictures import png

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.is_available(), reason="Pango is not installed")]
WHOLE = ("presence", "liste", "proces-verbal", "registre", "parapheur", "decisions")


@pytest.fixture
def secretary(acts):
    return acts.town.signed_in(acts.secretary)


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def address(acts, rest="papiers/"):
    return f"/p/{acts.sitting.pk}/{rest}"


def act(acts, rest="deliberation.pdf", place=0):
    return address(acts, f"deliberations/{acts.deliberations[place].pk}/{rest}")


def test_who_holds_the_sitting_has_all_its_papers(acts, secretary):
    acts.run()
    assert "Délibérations, liste et procès-verbal" in plain(secretary.get(address(acts, "")))
    shown = plain(secretary.get(address(acts)))
    for words in (
        "Tarifs de la cantine",
        acts.deliberations[0].written,
        "Imprimer le parapheur",
        "Feuille de présence",
        "(0 sur 5)",
    ):
        assert words in shown
    for paper in WHOLE:
        answer = secretary.get(address(acts, f"papiers/{paper}.pdf"))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF"), paper
        assert answer["Content-Disposition"].startswith("inline; filename*=")
    for rest in ("deliberation.pdf", "extrait.pdf"):
        assert secretary.get(act(acts, rest)).content.startswith(b"%PDF")
    assert secretary.get(act(acts, "deliberation.docx"))["Content-Disposition"].startswith("attachment")
    assert secretary.get(address(acts, "papiers/liste.odt")).content.startswith(b"PK")
    for rest in ("papiers/autre.pdf", "papiers/liste.txt", "papiers/proces-verbal-public.docx"):
        assert secretary.get(address(acts, rest)).status_code == 404
    assert secretary.get(act(acts, "autre.pdf")).status_code == 404


def test_a_member_has_what_was_decided_and_the_minutes_once_sent(acts):
    acts.run()
    elue = acts.town.signed_in(acts.seated())
    shown = plain(elue.get(address(acts)))
    assert "Tarifs de la cantine" in shown and "parapheur" not in shown and "Corriger" not in shown
    assert elue.get(act(acts)).status_code == 200
    assert elue.get(address(acts, "papiers/liste.pdf")).status_code == 200
    for rest in (
        "papiers/proces-verbal.pdf",
        "papiers/presence.pdf",
        "papiers/liste.docx",
        "papiers/proces-verbal-public.pdf",
    ):
        assert elue.get(address(acts, rest)).status_code == 404, rest
    assert elue.get(act(acts, "deliberation.docx")).status_code == 404
    for rest in ("pv/", "pv/arreter/", "signes/"):
        assert elue.get(address(acts, rest)).status_code == 403, rest
    assert elue.get(act(acts, "corriger/")).status_code == 403
    minutes.send(sitting=acts.sitting, by=acts.secretary)
    assert elue.get(address(acts, "papiers/proces-verbal.pdf")).status_code == 200


def test_nobody_else_has_any(acts, client):
    acts.run()
    reader = acts.town.person("Lise", "Lectrice")
    acts.town.give(Role.READER, acts.council.shelf, person=reader)
    doors = [
        *(address(acts, rest) for rest in ("papiers/", "papiers/liste.pdf", "pv/", "pv/arreter/", "signes/")),
        act(acts),
        act(acts, "corriger/"),
    ]
    for door in doors:
        assert acts.town.signed_in(reader).get(door).status_code == 404, door
        assert acts.town.signed_in(acts.town.outsider).get(door).status_code == 404, door
        assert client.get(door).status_code == 302, door
    assert "Les papiers" not in plain(acts.town.signed_in(reader).get(address(acts, "")))


def test_an_item_that_a_member_may_not_read_closes_the_papers(acts):
    acts.run()
    elue = acts.seated()
    access.reserve(page=acts.items[1], by=acts.town.admin, why="Affaire réservée")
    assert acts.town.signed_in(elue).get(address(acts)).status_code == 404


def test_an_open_sitting_says_how_its_papers_are_made(acts, secretary):
    acts.open(5)
    assert "Lever la séance" in plain(secretary.get(address(acts)))
    answer = secretary.get(address(acts, "papiers/liste.pdf"), follow=True)
    assert "ses papiers ne sont pas encore faits" in plain(answer)
    assert "n’est pas levée" in plain(
        secretary.post(address(acts, "signes/"), {"file": SimpleUploadedFile("a.png", png())})
    )


def test_the_debates_are_typed_and_nobody_overwrites_what_he_has_not_read(acts, secretary):
    acts.run()
    item, screen = acts.items[0].pk, address(acts, "pv/")
    assert "Tarifs de la cantine" in plain(secretary.get(screen))
    typed = {f"d-{item}": "Le prix monte.", f"vu-{item}": ""}
    assert secretary.post(screen, typed).status_code == 302
    answer = secretary.post(screen, {f"d-{item}": "Autre chose.", f"vu-{item}": ""})
    assert answer.status_code == 422 and "a écrit sur les mêmes débats (point 1) : « Le prix monte. »" in plain(answer)
    assert "Autre chose." in plain(answer)
    seen = Discussion.objects.get().pk
    assert secretary.post(screen, {f"d-{item}": "Les deux.", f"vu-{item}": str(seen)}).status_code == 302
    assert [row.text for row in Discussion.objects.order_by("pk")] == ["Le prix monte.", "Les deux."]


def test_the_minutes_go_from_draft_to_arrete(acts, secretary):
    acts.run()
    answer = secretary.get(address(acts, "papiers/proces-verbal-public.pdf"), follow=True)
    assert "n’est pas arrêté, il ne se publie pas encore" in plain(answer)
    said = plain(secretary.post(address(acts, "pv/envoyer/"), follow=True))
    assert "est envoyé aux membres. À remettre sur papier : Hélène Marchetti" in said
    refused = secretary.post(address(acts, "pv/arreter/"), {"remarks": ""})
    assert refused.status_code == 422 and "aucune n’est ouverte" in plain(refused)
    acts.following()
    assert secretary.get(address(acts, "pv/arreter/")).status_code == 200
    shown = plain(secretary.post(address(acts, "pv/arreter/"), {"remarks": "Rien."}, follow=True))
    assert "Son texte ne change plus." in shown and "La copie signée n’est pas encore là" in shown
    assert secretary.get(address(acts, "papiers/proces-verbal-public.pdf")).content.startswith(b"%PDF")
    first = secretary.get(address(acts, "papiers/proces-verbal.pdf")).content
    assert first == secretary.get(address(acts, "papiers/proces-verbal.pdf")).content  # the bytes that were arrêtées
    assert secretary.get(address(acts, "papiers/parapheur.pdf")).content.startswith(b"%PDF")


def test_signed_files_are_dropped_recognised_asked_for_and_served(acts, secretary):
    acts.run()
    screen, first = address(acts, "signes/"), acts.deliberations[0]
    files = [SimpleUploadedFile(f"{first.written}.png", png()), SimpleUploadedFile("photo.png", png(colour="#010203"))]
    assert secretary.post(screen, {"file": files}).status_code == 302
    shown = plain(secretary.get(screen))
    assert "De quel papier s’agit-il" in shown and "photo.png" in shown
    assert "attendent que vous disiez" in plain(secretary.get(address(acts)))
    copy = SignedCopy.objects.get(paper="")
    assert secretary.post(f"{screen}{copy.pk}/", {"what": "attendance"}).status_code == 302
    copy.refresh_from_db()
    assert copy.paper == SignedPaper.ATTENDANCE
    assert b"".join(secretary.get(f"{screen}{copy.pk}/fichier/").streaming_content) == png(colour="#010203")
    secretary.post(f"{screen}{copy.pk}/", {"what": "ecarter"})
    assert secretary.get(f"{screen}{copy.pk}/fichier/").status_code == 404
    assert "Choisissez dans la liste" in plain(
        secretary.post(f"{screen}{SignedCopy.objects.first().pk}/", {"what": "x"}, follow=True)
    )
    assert secretary.post(screen, {}).status_code == 422
    elue = acts.town.signed_in(acts.seated())
    assert elue.get(f"{screen}{SignedCopy.objects.first().pk}/fichier/").status_code == 404


def test_a_deliberation_is_corrected_from_its_screen(acts, secretary):
    acts.run()
    door = act(acts, "corriger/")
    assert "Texte décidé" in plain(secretary.get(door))
    data = {"object": "Tarifs", "text": "Le conseil **fixe**.", "reason": "Amendement n° 1"}
    assert "est corrigée" in plain(secretary.post(door, data, follow=True))
    assert (acts.deliberations[0].object, acts.deliberations[0].text) == ("Tarifs", "<p>Le conseil <b>fixe</b>.</p>")
    assert Correction.objects.count() == 1
    assert secretary.post(door, data | {"reason": ""}).status_code == 422
    # A table is not turned into lines: its text is left as it is.
    table = "<table><tr><td>1</td></tr></table>"
    type(acts.deliberations[0]).objects.update(text=table)
    assert "contient un tableau" in plain(secretary.get(door))
    secretary.post(door, data | {"object": "Autre"})
    assert (acts.deliberations[0].object, acts.deliberations[0].text) == ("Autre", table)


def test_the_way_of_numbering_is_chosen_by_the_towns_responsables(acts, secretary):
    acts.run()
    door = f"/conseil/{acts.council.instance.pk}/numerotation/"
    admin = acts.town.signed_in(acts.town.admin)
    assert "Aujourd’hui : AAAA-SS-NN" in plain(admin.get(door))
    held_on = meeting_day(acts.sitting)
    assert "ont déjà leur numéro" in plain(admin.post(door, {"pattern": "AAAA-NNN", "since": held_on.isoformat()}))
    later = (held_on + timedelta(1)).isoformat()
    assert "recommence à chaque séance" in plain(admin.post(door, {"pattern": "AAAA-NN", "since": later}))
    assert admin.post(door, {"pattern": "aaaa-nnn", "since": later}).status_code == 302
    assert [(row.pattern, row.since) for row in NumberScheme.objects.all()] == [("AAAA-NNN", date.fromisoformat(later))]
    assert "déjà choisi" in plain(admin.post(door, {"pattern": "AAAA-NNN", "since": later}))
    assert secretary.get(door).status_code in {403, 404}


def test_the_list_of_papers_costs_the_same_whatever_their_number(acts, secretary):
    acts.run()
    secretary.get(address(acts))
    with CaptureQueriesContext(
        connection,
    ) as three:
        secretary.get(address(acts))
    others = Deliberation.objects.exclude(pk=acts.deliberations[0].pk)
    Act.objects.filter(deliberation__in=others).delete()
    others.delete()
    with CaptureQueriesContext(connection) as one:
        secretary.get(address(acts))
    assert len(three) == len(one)


def test_a_secretary_forgotten_on_the_evening_is_named_after_it(acts, secretary):
    acts.open(6)
    acts.tell("item", 2, item="1")
    vote = acts.tell("ballot", 6, unanimous=True)
    acts.close()
    missing = "Aucun secrétaire de séance n’est nommé"
    assert missing in plain(secretary.get(address(acts, "pv/")))
    form = {"what": "add", "added": "appoint_secretary", "member": acts.key(2), "reason": "Oublié ce soir-là"}
    assert secretary.post(address(acts, f"operateur/{vote}/"), form).status_code == 302
    assert missing not in plain(secretary.get(address(acts, "pv/")))
    assert acts.deliberations[0].roll["secretaries"] == [str(acts.council.mandates[2])]


def test_an_item_leaves_a_closed_sitting_by_the_floor_alone(acts, secretary):
    page = f"/p/{acts.items[0].pk}/"
    assert f"{page}quitter/" in plain(secretary.get(page))
    acts.run()
    assert f"{page}quitter/" not in plain(secretary.get(page))
    refused = secretary.post(f"{page}quitter/", {"reason": "Trop tard"})
    assert refused.status_code == 422 and "son ordre du jour ne change plus d’ici" in plain(refused)
