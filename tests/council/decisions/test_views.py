"""The screens of the maire's decisions: each works, then each refusal."""

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.acts.content import Content
from council.agenda.models import SittingPage
from council.decisions.models import Decision
from kb.access.models import Role

pytestmark = pytest.mark.django_db


def plain(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return plain(answer)


def read(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        found = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(found.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def secretary(desk):
    return desk.town.signed_in(desk.secretary)


def test_a_decision_from_the_form_to_the_paper(desk, secretary):
    assert "Aucune décision n’est encore prise" in text(secretary, "/conseil/decisions/")
    form = {
        "subject": "Location du préau",
        "delegation": desk.delegation.pk,
        "point": 5,
        "taken_on": timezone.localdate(),
        "signer": desk.maire.pk,
        "matter": "3.3",
        "text": "Décide : le préau est loué.",
    }
    missing = secretary.post("/conseil/decisions/nouvelle/", {**form, "matter": ""})
    assert missing.status_code == 422
    assert secretary.post("/conseil/decisions/nouvelle/", form).status_code == 302
    decision = Decision.objects.get()
    path = f"/conseil/decisions/{decision.pk}/"
    assert "Projet : cette décision n’est pas prise" in read(secretary.get(f"{path}acte.pdf"))
    assert secretary.post(f"{path}modifier/", {**form, "subject": "Location du préau de l’école"}).status_code == 302
    assert secretary.post(f"{path}prendre/").status_code == 302
    decision.refresh_from_db()
    shown = text(secretary, path)
    assert decision.number in shown and "Suivre l’acte" in shown
    paper = read(secretary.get(f"{path}acte.pdf"))
    assert decision.number in paper and "délibération 2026-01-04" in paper and "Location du préau de l’école" in paper
    again = secretary.post(f"{path}prendre/")
    assert again.status_code == 422 and "déjà prise" in plain(again)
    assert secretary.get(f"{path}modifier/").status_code == 302


def test_without_a_delegation_the_screen_says_the_way_out(desk, secretary):
    draft = desk.draft(delegation=None)
    assert "sans elle, la décision ne peut pas être prise" in text(secretary, f"/conseil/decisions/{draft.pk}/")
    refused = secretary.post(f"/conseil/decisions/{draft.pk}/prendre/")
    assert refused.status_code == 422 and "notez-la sous « Délégations »" in plain(refused)
    noted = {"deliberation": "2026-02-01", "since": "2026-04-01", "points": [1, 2]}
    assert secretary.post("/conseil/delegations/", noted).status_code == 302
    assert secretary.post("/conseil/delegations/", noted).status_code == 422
    assert "1° Affectation des propriétés communales" in text(secretary, "/conseil/delegations/")


def test_the_report_of_a_sitting(desk, secretary):
    act = desk.act()
    coming = desk.council.sitting(30)
    assert act.number in text(secretary, f"/p/{coming.pk}/decisions/")
    assert act.number in read(secretary.get(f"/p/{coming.pk}/decisions/rapport.pdf"))
    assert desk.town.signed_in(desk.town.elu).get(f"/p/{coming.pk}/decisions/").status_code == 404  # not convened yet
    # Who makes a sitting on a shelf of his own reads that sitting, and nothing of what the maire decided.
    town, chief = desk.town, desk.town.person("Rose", "Responsable")
    shelf = town.folder("Autre rayon")
    town.give(Role.MANAGER, shelf, person=chief)
    own = town.page(
        "Séance à soi",
        model=SittingPage,
        under=shelf,
        author=chief,
        publish=False,
        instance=desk.council.instance,
        starts_at=coming.starts_at,
    )
    client = town.signed_in(chief)
    assert act.number not in text(client, f"/p/{own.pk}/decisions/")
    assert act.number not in read(client.get(f"/p/{own.pk}/decisions/rapport.pdf"))
    assert "Décisions prises par délégation" not in text(client, f"/p/{own.pk}/")
    # Nor would the papers of that sitting tell him.
    numbers = {
        person: [one.number for one in Content(own, person).decisions] for person in (chief, desk.secretary, None)
    }
    assert numbers == {chief: [], desk.secretary: [act.number], None: []}


def test_who_reads_and_who_writes(desk):
    draft, act = desk.draft(subject="Projet secret"), desk.act()
    desk.maire.account = desk.town.elu
    desk.maire.save()
    maire = desk.town.signed_in(desk.town.elu)
    shown = text(maire, "/conseil/decisions/")
    assert act.number in shown and "Projet secret" not in shown
    assert maire.get(f"/conseil/decisions/{act.decision_id}/").status_code == 200
    assert maire.get(f"/conseil/decisions/{draft.pk}/").status_code == 404
    assert maire.get("/conseil/decisions/nouvelle/").status_code == 403
    assert maire.post(f"/conseil/decisions/{act.decision_id}/prendre/").status_code == 403
    outsider = desk.town.signed_in(desk.town.outsider)
    for path in ("", "nouvelle/", f"{act.decision_id}/", f"{act.decision_id}/acte.pdf"):
        assert outsider.get(f"/conseil/decisions/{path}").status_code == 404, path
    editor = desk.town.person("Edith", "Éditrice")
    desk.town.give(Role.EDITOR, desk.council.shelf, person=editor)
    assert desk.town.signed_in(editor).get("/conseil/delegations/").status_code in {403, 404}


def test_the_register_asks_as_much_for_one_as_for_three(desk, secretary):
    desk.act()
    text(secretary, "/conseil/decisions/")
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            text(secretary, "/conseil/decisions/")
        counted.append(len(asked))
        desk.act()
        desk.act()
    assert counted[0] == counted[1]
