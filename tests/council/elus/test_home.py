"""The élu's home: what stands on it, for whom, and what it costs."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from council.agenda import operations as agenda
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, SittingRecord
from council.calendars.models import OutsideMeetingPage
from council.elus.queries import countdown
from council.frozen.models import ChangeKind, PaperChange
from council.members.models import Instance, Mandate
from council.questions import operations as questions
from kb.access import operations as access
from kb.buttons import operations as buttons
from kb.buttons.tokens import token_of
from kb.notices import operations as notices
from kb.pages import operations as pages
from kb.pages.models import Reading
from tests.council.convening.test_views import text
from tests.council.pouvoirs.test_operations import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def elue(convening):
    return convening.town.signed_in(convening.elue)


def main(client):
    return text(client, "/elu/").split("<main")[1].split("</main>")[0]


def read(convening, *page_ids, ago=1):
    for page in page_ids:
        Reading.objects.create(person=convening.elue, page_id=page, at=timezone.now() - timedelta(hours=ago))


def test_the_next_sitting(convening, elue):
    sitting = convening.sent()
    shown = main(elue)
    for words in (
        "Bonjour Bernard",
        "Prochaine séance : Conseil municipal",
        "Salle du conseil. 1 point à l’ordre du jour.",
        "Dans 20 jours",
        "Je viens",
        "Je ne viens pas",
        "Pouvoir",
        "Ouvrir le dossier de séance",
        "Point 1 : Tarifs de la cantine",
    ):
        assert words in shown
    assert shown.count('class="button button-on-cloth"') == 1 and f"/p/{sitting.pk}/pouvoir/" in shown
    assert "/admin/" not in text(elue, "/elu/")


def test_answering_from_home_comes_back_home(convening, elue):
    sitting = convening.sent()
    data = {"reponse": "absent", "retour": "accueil"}
    assert elue.post(f"/p/{sitting.pk}/presence/", data)["Location"] == "/elu/"
    assert elue.post(f"/p/{sitting.pk}/recu/", {"retour": "accueil"})["Location"] == "/elu/"
    shown = main(elue)
    assert 'value="absent" aria-pressed="true"' in shown and "J’ai bien reçu" not in shown and "Enregistrée le" in shown
    given(convening, sitting)
    assert "Vous donnez pouvoir à Nadia Benkacem" in main(elue)


def test_what_changed_since_he_looked(convening, elue):
    sitting = convening.sitting(signed=False)
    other = convening.council.item(sitting, "Éclairage public")
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel="paper", proof="", by=convening.secretary
    )
    assert "Changé depuis" not in main(elue)  # he has looked at nothing yet
    read(convening, sitting.pk, convening.item.pk, ago=0)
    assert "Changé depuis" not in main(elue)
    agenda.take_off(item=other, reason="Pièces incomplètes", by=convening.secretary)
    shown = main(elue)
    assert "Changé depuis votre visite" in shown and "Pièces incomplètes" in shown


def test_seven_lines_to_read_at_most(convening, elue):
    sitting = convening.sitting(signed=False)
    for number in range(8):
        convening.council.item(sitting, f"Point {number}")
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel="paper", proof="", by=convening.secretary
    )
    assert main(elue).count('href="#file"') == 0
    assert main(elue).split('id="lire"')[1].split("</section>")[0].count("<li>") == 7
    read(convening, *(row.item_id for row in sitting.places.all()))
    page = convening.town.page("Le marché", "<p>Texte</p>")
    notices.follow_page(page=page, person=convening.elue)
    page.body = [("paragraph", "<p>Du neuf</p>")]
    assert "Vous avez tout lu" in main(elue)


def test_only_his_instances(convening, elue):
    convening.sent()
    commission = Instance.objects.create(name="Commission travaux", body="commission")
    Instance.objects.create(name="Commission école", body="commission")
    Mandate.objects.create(
        instance=commission, first_name="Bernard", last_name="Aubanel", account=convening.elue, since="2026-03-15"
    )
    shown = main(elue)
    assert "Commission travaux" in shown and "Commission école" not in shown


def test_a_sitting_called_off_is_never_the_next_one_nor_the_last(convening, elue):
    sitting = convening.sent()
    SittingRecord.objects.filter(page=sitting.pk).update(state=SittingState.CANCELLED)
    shown = main(elue)
    assert "Aucune séance n’est convoquée" in shown and "Annulée :" in shown and "Dernière" not in shown


def test_the_meetings_of_the_communaute(convening, elue):
    outside = Instance.objects.create(name="Communauté de communes", outside=True)
    Mandate.objects.create(
        instance=outside, first_name="Bernard", last_name="Aubanel", account=convening.elue, since="2026-03-15"
    )
    at = timezone.now().replace(microsecond=0) + timedelta(days=9)
    convening.town.page("Conseil communautaire", model=OutsideMeetingPage, instance=outside, starts_at=at)
    shown = main(elue)
    assert "Communauté de communes" in shown and "Conseil communautaire" in shown and "À venir :" in shown


def test_a_replaced_piece_is_a_change(convening, elue):
    sitting = convening.sent()
    read(convening, sitting.pk, convening.item.pk, ago=2)
    PaperChange.objects.create(
        sitting=sitting,
        place=sitting.places.get(),
        kind=ChangeKind.REPLACED,
        reason="Montant corrigé",
        opened_by=convening.secretary,
        sent_at=timezone.now() - timedelta(hours=1),
        sent_by=convening.secretary,
    )
    shown = main(elue)
    change = PaperChange.objects.get()
    assert "Pièce remplacée" in shown and f'href="/p/{convening.item.pk}/changements/{change.pk}/"' in shown
    Reading.objects.update(at=timezone.now())
    assert "Pièce remplacée" not in main(elue)


def test_what_changes_in_an_item_that_he_may_not_read_is_not_told(convening, elue):
    sitting = convening.sent()
    read(convening, sitting.pk, ago=2)
    PaperChange.objects.create(
        sitting=sitting,
        place=sitting.places.get(),
        kind=ChangeKind.CORRECTED,
        reason="Montant corrigé",
        opened_by=convening.secretary,
        sent_at=timezone.now(),
        sent_by=convening.secretary,
    )
    convening.item.refresh_from_db()
    questions.ask(item=convening.item, text="Combien ?", to_all=True, by=convening.elue)
    questions.answer(question=convening.item.questions.get(), text="Peu.", by=convening.secretary)
    assert "Texte corrigé" in main(elue) and "a répondu" in main(elue)
    access.reserve(page=pages.Page.objects.get(pk=convening.item.pk), by=convening.town.admin, why="Essai")
    shown = main(elue)
    assert sitting.instance.name in shown and "Tarifs de la cantine" not in shown
    assert "Texte corrigé" not in shown and "a répondu" not in shown


def test_who_only_said_that_he_received_it_sees_what_changed_since(convening, elue):
    sitting = convening.sent()
    values = {"sitting": sitting, "kind": ChangeKind.ADDED, "reason": "Oubli", "opened_by": convening.secretary}
    PaperChange.objects.create(**values, sent_at=timezone.now(), sent_by=convening.secretary)
    assert "Ordre du jour complémentaire" not in main(elue)  # nothing before he looked a first time
    sitting.convocations.filter(mandate__account=convening.elue).update(
        acknowledged_at=timezone.now() - timedelta(hours=1)
    )
    assert "Ordre du jour complémentaire" in main(elue)


def test_a_sitting_that_he_may_not_read_is_not_there(convening, elue):
    shelf = convening.town.folder("Rayon réservé")
    sitting = convening.sent()
    assert "Prochaine séance" in main(elue)
    from kb.access import operations as access

    access.reserve(page=pages.Page.objects.get(pk=convening.council.shelf.pk), by=convening.town.admin, why="Essai")
    assert "Aucune séance n’est convoquée" in main(elue) and sitting.title not in main(elue) and shelf.pk


def test_after_the_sitting_it_is_the_last_one(convening, elue):
    sitting = convening.sent()
    SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(days=2))
    agenda.note_held(sitting=SittingPage.objects.get(pk=sitting.pk), by=convening.secretary)
    shown = main(elue)
    assert "Aucune séance n’est convoquée" in shown and "Dernière séance tenue" in shown


@pytest.mark.django_db(
    transaction=True, serialized_rollback=True
)  # as served: within a transaction, the tree is read afresh
def test_twenty_queries_at_most_whatever_stands_there(convening, elue):
    sitting = convening.sitting(signed=False)
    agenda.record_convocation(
        sitting=sitting, sent_on=timezone.localdate(), channel="paper", proof="", by=convening.secretary
    )
    text(elue, "/elu/")
    counted = [asked(elue)]
    later = convening.council.sitting(40, "Suivante")
    for number in range(3):
        convening.council.item(later, f"Point {number}")
    agenda.record_convocation(
        sitting=later, sent_on=timezone.localdate(), channel="paper", proof="", by=convening.secretary
    )
    read(convening, sitting.pk)
    text(elue, "/elu/")
    counted.append(asked(elue))
    assert max(counted) <= 20, counted


def asked(client):
    with CaptureQueriesContext(connection) as queries:
        text(client, "/elu/")
    return len(queries)


# Who has it, and how he gets there.


def test_accueil_leads_an_elu_home_and_an_agent_to_the_town(convening, elue):
    assert '<a href="/elu/" aria-current="page">Accueil</a>' in text(elue, "/elu/")
    assert '<a href="/elu/">Accueil</a>' in text(elue, "/aide/")
    secretary = convening.town.signed_in(convening.secretary)
    assert '<a href="/">Accueil</a>' in text(secretary, "/aide/")
    assert secretary.get("/elu/").status_code == secretary.get("/elu/envois/").status_code == 404


def test_who_left_the_council_has_no_home_there(convening, elue):
    text(elue, "/elu/")
    mandate = Mandate.objects.get(account=convening.elue)
    mandate.until, mandate.why_ended = timezone.localdate(), "resigned"
    mandate.save()
    assert elue.get("/elu/").status_code == 404
    assert '<a href="/">Accueil</a>' in text(elue, "/aide/")


def test_a_button_that_opens_no_page_leads_home(convening, client):
    cache.clear()
    button = buttons.give(person=convening.elue, opens="votre accueil", path="/", by=None)
    assert client.post(f"/entrer/{token_of(button)}/")["Location"] == "/elu/"
    agent = buttons.give(person=convening.secretary, opens="le site", path="/", by=None)
    assert client.post(f"/entrer/{token_of(agent)}/")["Location"] == "/"


def test_who_looks_with_his_eyes_does_not_see_it(convening):
    admin = convening.town.signed_in(convening.town.admin)
    admin.post("/comme/", {"personne": convening.elue.pk})
    session = admin.session
    session["seen_as"] = convening.elue.pk
    session.save()
    assert admin.get("/elu/").status_code == 403
    assert '<a href="/">Accueil</a>' in text(admin, "/aide/")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=6), "Dans 6\u00a0jours"),
        (timedelta(days=1), "Demain"),
        (timedelta(hours=2), "Aujourd’hui, à\u00a018\u00a0h\u00a030"),
        (timedelta(hours=-1), "Commencée à\u00a018\u00a0h\u00a030"),
    ],
)
def test_the_countdown_in_words(left, said):
    starts_at = timezone.make_aware(timezone.datetime(2026, 10, 13, 18, 30))
    assert countdown(starts_at, starts_at - left) == said
