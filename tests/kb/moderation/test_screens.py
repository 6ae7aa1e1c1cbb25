"""The desk, one draft on it, submission, circuits, absence: what they show and do, then each refusal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.comments import operations as comments
from kb.moderation.models import Absence, ChecklistItem, Preset

pytestmark = pytest.mark.django_db


def desk(circuit, person, **more):
    return circuit.town.signed_in(person).get("/a-valider/", **more).content.decode()


def address(circuit, page):
    return f"/a-valider/{circuit.waiting(page).id}/"


def decide(circuit, page, person, deed="approve", **data):
    client = circuit.town.signed_in(person)
    return client.post(address(circuit, page), {"deed": deed, "seen": circuit.seen(page), "when": "now", **data})


def test_the_author_submits_after_the_advice_and_follows_his_draft_in_words(circuit):
    page = circuit.draft()
    ChecklistItem.objects.create(text="Le tarif est celui du conseil", why="Un ancien tarif a été affiché deux mois.")
    client = circuit.town.signed_in(circuit.agent)
    before = client.get(f"/p/{page.pk}/brouillon/").content.decode()
    assert f'href="/p/{page.pk}/soumettre/"' in before
    screen = client.get(f"/p/{page.pk}/soumettre/").content.decode()
    assert "n’a pas de résumé" in screen and "Le tarif est celui du conseil" in screen
    assert "Relecture par le service, puis validation par la communication" in screen
    answer = client.post(f"/p/{page.pk}/soumettre/", {"why": "Première version", "announce": "on"})
    assert answer.url == f"/p/{page.pk}/brouillon/"
    words = client.get(answer.url).content.decode()
    assert "Chez le service (Paul Chef) depuis aujourd’hui" in words
    assert "prochaine étape : la communication" in words.replace("\u00a0", " ")
    assert "Reprendre mon brouillon" in words and "soumettre/" not in words
    assert client.get(f"/p/{page.pk}/soumettre/").status_code == 302


def test_it_shows_what_changes_and_approves(short):
    page = short.live()
    short.change(page, "<p>On sale à 4 h.</p>", why="L’heure d’hiver")
    short.submit(page, why="L’heure d’hiver")
    comments.write(page=page, text="Est-ce confirmé ?", by=short.agent, on_draft=True)
    assert "Déneigement" in desk(short, short.officer) and "1 mot ajouté" in desk(short, short.officer).replace(
        "\u00a0", " "
    )
    screen = short.town.signed_in(short.officer).get(address(short, page)).content.decode()
    for words in (
        "L’heure d’hiver",
        "<ins>",
        "<del>",
        "Est-ce confirmé ?",
        "Approuver et publier",
        "Version publiée du",
    ):
        assert words in screen, words
    assert decide(short, page, short.officer).url == "/a-valider/"
    page.refresh_from_db()
    assert "4 h" in page.specific.body.render_as_block() and not page.has_unpublished_changes
    assert "Aucun brouillon à relire" in desk(short, short.officer)


def test_changes_are_asked_with_a_word(short):
    page = short.draft()
    short.submit(page)
    assert decide(short, page, short.officer, "changes").status_code == 422
    decide(short, page, short.officer, "changes", words="Précisez l’heure.")
    assert "« Précisez l’heure. »" in desk(short, short.agent).replace("\u00a0", " ")
    screen = short.town.signed_in(short.agent).get(f"/p/{page.pk}/brouillon/").content.decode()
    assert "Inès Morel demande des changements" in screen and "Précisez l’heure." in screen


def test_at_an_hour_and_until_a_day(short):
    page, day = short.draft(), timezone.localdate() + timedelta(days=3)
    short.submit(page)
    assert decide(short, page, short.officer, when="at", day="", hour="08:30").status_code == 422
    decide(
        short,
        page,
        short.officer,
        when="at",
        day=day.isoformat(),
        hour="08:30",
        until=(day + timedelta(days=5)).isoformat(),
    )
    page.refresh_from_db()
    planned = timezone.localtime(page.scheduled_revision.approved_go_live_at)
    assert (planned.date(), planned.hour, planned.minute) == (day, 8, 30)
    assert "Sera publiée le" in desk(short, short.agent)
    assert "Annuler" not in desk(short, short.agent).split("Publications prévues")[1]
    client = short.town.signed_in(short.officer)
    assert "est annulée" in client.post(f"/p/{page.pk}/deprogrammer/", follow=True).content.decode()
    assert type(page).objects.get(pk=page.pk).scheduled_revision is None


def test_a_day_beside_now_is_asked_again(short):
    page = short.draft()
    short.submit(page)
    answer = decide(short, page, short.officer, day=(timezone.localdate() + timedelta(days=3)).isoformat())
    assert answer.status_code == 422 and "Vous avez donné un jour" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_what_changed_since_is_shown_again(short):
    page = short.draft()
    short.submit(page)
    old = short.seen(page)
    short.change(page, "<p>Autre</p>", by=short.officer)
    client = short.town.signed_in(short.officer)
    answer = client.post(address(short, page), {"deed": "approve", "seen": old, "when": "now", "words": "Bien."})
    assert answer.status_code == 422
    assert "a changé depuis que vous l’avez ouvert" in answer.content.decode() and "Bien." in answer.content.decode()


def test_trivial_ones_in_bulk(short):
    small, large, other = short.live("Petite"), short.live("Grande"), short.live("Modifiée")
    short.change(small, "<p>On sale à 6 h.</p>")
    short.change(large, "<p>" + "Un texte bien plus long. " * 6 + "</p>")
    short.change(other, "<p>On sale à 7 h.</p>")
    for page in (small, large, other):
        short.submit(page)
    rows = {page: short.waiting(page) for page in (small, large, other)}
    screen = desk(short, short.officer)
    assert f'name="draft" value="{rows[small].id}"' in screen and f'name="draft" value="{rows[large].id}"' not in screen
    stamps = {f"seen-{one.id}": one.stamp for one in rows.values()}
    short.change(other, "<p>On sale à 8 h.</p>", by=short.officer)
    client = short.town.signed_in(short.officer)
    answer = client.post(
        "/a-valider/", {"draft": [one.id for one in rows.values()], **stamps}, follow=True
    ).content.decode()
    assert (
        "1 brouillon approuvé" in answer.replace("\u00a0", " ") and "se relit à part" in answer and "a changé" in answer
    )
    for page in (small, large, other):
        page.refresh_from_db()
    assert [page.has_unpublished_changes for page in (small, large, other)] == [False, True, True]
    assert "Cochez au moins un brouillon" in client.post("/a-valider/", follow=True).content.decode()


def test_a_responsable_sees_what_waits_elsewhere_and_does_not_decide(short):
    page = short.draft()
    short.submit(page)
    screen = desk(short, short.secretary)
    assert "Chez d’autres, sur vos branches" in screen and "Aucun brouillon à relire" in screen
    one = short.town.signed_in(short.secretary).get(address(short, page)).content.decode()
    assert "la décision n’est pas à vous" in one and "Approuver" not in one.split("<main")[1]
    assert decide(short, page, short.secretary).status_code == 404


@pytest.mark.parametrize("who", ["elu", "outsider"])
def test_for_the_others_it_does_not_exist(short, who):
    page = short.draft()
    short.submit(page)
    stranger = getattr(short.town, who)
    where = address(short, page)
    assert "Déneigement" not in desk(short, stranger)
    client = short.town.signed_in(stranger)
    assert client.get(where).status_code == decide(short, page, stranger).status_code == 404
    assert client.get("/a-valider/987654/").status_code == 404
    for door in ("soumettre", "reprendre", "deprogrammer", "circuit"):
        assert client.post(f"/p/{page.pk}/{door}/").status_code == 404, door


def test_who_is_not_signed_in_is_sent_to_sign_in(short, client):
    for door in (
        "/a-valider/",
        "/a-valider/1/",
        "/a-valider/absence/",
        "/a-valider/circuits/",
        "/p/3/soumettre/",
        "/p/3/circuit/",
    ):
        assert client.get(door).url.startswith("/connexion/"), door


def test_a_step_that_is_over_leads_to_the_desk(short):
    page = short.draft()
    short.submit(page)
    where = address(short, page)
    short.approve(page, short.officer)
    answer = short.town.signed_in(short.officer).get(where, follow=True)
    assert answer.redirect_chain == [("/a-valider/", 302)] and "n’attend plus" in answer.content.decode()
    assert short.town.signed_in(short.town.outsider).get(where).status_code == 404


def test_taken_back_from_the_draft(short):
    page = short.draft()
    short.submit(page)
    client = short.town.signed_in(short.agent)
    assert client.post(f"/p/{page.pk}/reprendre/").url == f"/p/{page.pk}/brouillon/"
    assert short.waiting(page) is None
    assert "n’attend plus" in client.post(f"/p/{page.pk}/reprendre/", follow=True).content.decode()


def test_circuits_are_the_responsables(circuit):
    head = circuit.town.signed_in(circuit.head)
    screen = head.get("/a-valider/circuits/").content.decode()
    assert "Relecture par le service, puis validation" in screen and f'value="{circuit.service.pk}"' in screen
    assert (
        head.get("/a-valider/circuits/choisir/", {"page": circuit.service.pk}).url
        == f"/p/{circuit.service.pk}/circuit/"
    )
    one = head.get(f"/p/{circuit.service.pk}/circuit/").content.decode()
    assert "Paul Chef" in one and "Inès Morel" in one and "comme la page au-dessus" in one
    assert head.post(f"/p/{circuit.service.pk}/circuit/", {"preset": Preset.SERVICE}).url == "/a-valider/circuits/"
    assert "sans la communication" in head.get("/a-valider/circuits/").content.decode()
    assert head.get(f"/p/{circuit.town.home.pk}/circuit/").status_code in {403, 404}
    agent = circuit.town.signed_in(circuit.agent)
    assert agent.get("/a-valider/circuits/").status_code == 404
    assert agent.get(f"/p/{circuit.service.pk}/circuit/").status_code == 403  # he knows of the page


def test_away_and_back(circuit):
    circuit.town.give(10, person=circuit.town.finance)
    client = circuit.town.signed_in(circuit.officer)
    until = (timezone.localdate() + timedelta(days=10)).isoformat()
    assert (
        client.post("/a-valider/absence/", {"deed": "leave", "until": until, "deputy": circuit.town.finance.pk}).url
        == "/a-valider/"
    )
    assert "Sandrine Coste prend vos étapes" in client.get("/a-valider/").content.decode()
    assert client.post("/a-valider/absence/", {"deed": "leave", "until": "2020-01-01"}).status_code == 422
    client.post("/a-valider/absence/", {"deed": "back"})
    assert not Absence.objects.filter(ended_at=None).exists()


def test_what_was_published_without_the_circuit_is_shown(short):
    page = short.live()
    short.change(page, "<p>On sale à 4 h.</p>", by=short.secretary, why="Urgence")
    page.latest_revision.publish(user=short.secretary)
    screen = desk(short, short.officer)
    assert "Publiées sans relecture" in screen and "Urgence" in screen
    assert "Publiées sans relecture" not in desk(short, short.agent)


def test_queries_do_not_follow_what_waits(short):
    client, counts = short.town.signed_in(short.officer), []
    for number in (1, 2):
        for place in range(number):
            page = short.live(f"Page {number} {place}")
            short.change(page, "<p>On sale à 4 h.</p>")
            short.submit(page)
        last = address(short, page)
        for door in ("/a-valider/", last):
            client.get(door)
            with CaptureQueriesContext(connection) as asked:
                client.get(door)
            counts.append(len(asked))
    assert counts[:2] == counts[2:] and max(counts) <= 20


def test_the_submission_screen_asks_few_queries(short, django_assert_max_num_queries):
    page, client = short.draft(), short.town.signed_in(short.agent)
    client.get(f"/p/{page.pk}/soumettre/")
    for door in (f"/p/{page.pk}/soumettre/", "/a-valider/absence/"):
        with django_assert_max_num_queries(20):
            client.get(door)
    head = short.town.signed_in(short.head)
    with django_assert_max_num_queries(20):
        head.get(f"/p/{short.service.pk}/circuit/")
