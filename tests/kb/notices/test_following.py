"""Following a page, a branch, a tag: who is told of what, each refusal, and what stays private."""

import pytest

from kb.access import operations as access
from kb.access.models import Role
from kb.notices import operations
from kb.notices.models import Follow, Notice
from kb.notices.tasks import tell_followers
from kb.pages.models import PageTag
from tests.kb.notices.conftest import told

QUERIES = 11
pytestmark = pytest.mark.django_db


@pytest.fixture
def works(town):
    return town.service("Travaux")


@pytest.fixture
def road(town, works):
    return town.page("Voirie", "<p>Texte</p>", under=works)


def test_following_a_page_a_branch_a_tag_and_stopping(town, works, road, reader, publish):
    assert reader.post(f"/p/{road.pk}/suivre/", {"portee": "seule"}).url == f"/p/{road.pk}/"
    publish(road, "Une rue de plus")
    publish(works, "Autre chose")
    assert told() == [("Sylvie", "published", "Une rue de plus")]
    reader.post(f"/p/{works.pk}/suivre/", {"portee": "branche"})
    publish(works, "Tout le service")
    publish(road, "Une seule ligne")
    assert told()[1:] == [("Sylvie", "published", "Tout le service"), ("Sylvie", "published", "Une seule ligne")]
    for page in (road, works):
        reader.post(f"/p/{page.pk}/suivre/", {"geste": "arreter"})
    publish(road, "Plus rien")
    assert len(told()) == 3 and not Follow.objects.exists()


def test_following_a_tag(town, road, reader, publish):
    draft = road.get_latest_revision_as_object()
    draft.tags.add("chantier")
    draft.announce = True
    from kb.pages import operations as pages

    revision = pages.save_draft(page=draft, author=town.admin)
    pages.publish_revision(page=road, revision=revision, author=town.admin)
    slug = PageTag.objects.get().tag.slug
    assert "Suivre ce mot-clé" in reader.get(f"/mot-cle/{slug}/").content.decode()
    assert reader.post(f"/mot-cle/{slug}/suivre/").url == f"/mot-cle/{slug}/"
    assert "Ne plus suivre ce mot-clé" in reader.get(f"/mot-cle/{slug}/").content.decode()
    publish(road, "Par le mot-clé")
    assert told() == [("Sylvie", "published", "Par le mot-clé")]
    assert "vous suivez le mot-clé" in reader.get("/journal/").content.decode()
    reader.post(f"/mot-cle/{slug}/suivre/", {"geste": "arreter", "depuis": "suivi"})
    assert not Follow.objects.exists()


def test_a_correction_is_silent_and_shows_in_recent_changes(town, road, reader, publish):
    reader.post(f"/p/{road.pk}/suivre/")
    publish(road, "Une virgule", announce=False)
    assert told() == []
    assert "Une virgule" in reader.get("/changements/").content.decode()


def test_who_wrote_it_or_published_it_is_not_told(town, road, publish):
    for person in (town.communication, town.admin, town.elu):
        operations.follow_page(page=road, person=person)
    publish(road, "Relu", author=town.communication)
    assert {name for name, _, _ in told()} == {"Claire", "Sylvie"}


def test_who_may_not_read_the_page_is_told_nothing(town, works, road, publish):
    for person in (town.elu, town.technical):
        operations.follow_page(page=works, person=person, below=True)
    access.reserve(page=road, by=town.admin, why="")
    town.give(Role.READER, road, person=town.technical)
    publish(road, "Réservé")
    assert told() == [("Patrick", "published", "Réservé")]


def test_a_job_run_twice_tells_once(town, road, publish):
    operations.follow_page(page=road, person=town.elu)
    publish(road, "Une fois")
    tell_followers({"revision": road.live_revision_id})
    assert Notice.objects.count() == 1


def test_a_planned_publication_is_told_when_its_hour_comes(town, road, reader):
    from datetime import timedelta

    from django.utils import timezone
    from wagtail.models import Revision

    from kb.pages import operations as pages
    from kb.work import operations as work
    from kb.work.publishing import ask_for_planned

    reader.post(f"/p/{road.pk}/suivre/")
    draft = road.get_latest_revision_as_object()
    draft.go_live_at, draft.announce = timezone.now() + timedelta(hours=1), True
    revision = pages.save_draft(page=draft, author=town.technical, why="À l’heure dite")
    pages.publish_revision(page=road, revision=revision, author=town.admin)
    work.drain()
    assert told() == []
    approved, just_now = Revision.objects.get(pk=revision.pk), timezone.now() - timedelta(minutes=1)
    approved.content["go_live_at"], approved.approved_go_live_at = just_now.isoformat(), just_now
    approved.save(update_fields=["content", "approved_go_live_at"])
    ask_for_planned()
    work.drain()
    work.drain()
    assert told() == [("Sylvie", "published", "À l’heure dite")]


def test_the_control_on_the_page(town, works, road, reader):
    html = reader.get(f"/p/{works.pk}/").content.decode()
    assert "cette page et tout ce qui est dessous" in html and "cette page seulement" in html
    assert "Suivre la page" in reader.get(f"/p/{road.pk}/").content.decode()  # nothing below: one button
    reader.post(f"/p/{works.pk}/suivre/", {"portee": "branche"})
    html = reader.get(f"/p/{works.pk}/").content.decode()
    assert "Ne plus suivre" in html and "Vous suivez cette page et tout ce qui est dessous." in html
    assert "Ne plus suivre" not in town.signed_in(town.finance).get(f"/p/{works.pk}/").content.decode()


def test_what_i_follow(town, works, road, reader, django_assert_num_queries):
    reader.post(f"/p/{works.pk}/suivre/", {"portee": "branche"})
    reader.get("/suivi/")
    with django_assert_num_queries(QUERIES):
        html = reader.get("/suivi/").content.decode()
    assert "Travaux" in html and "Cette page et tout ce qui est dessous" in html and "chaque vendredi" in html
    for number in range(2):
        operations.follow_page(page=town.page(f"Fiche {number}"), person=town.elu)
    reader.get("/suivi/")
    with django_assert_num_queries(QUERIES):
        reader.get("/suivi/")
    stopped = reader.post(f"/p/{works.pk}/suivre/", {"geste": "arreter", "depuis": "suivi"})
    assert stopped.url == "/suivi/"


def test_what_one_sees_no_more_leaves_the_list_and_says_nothing(town, works, reader):
    reader.post(f"/p/{works.pk}/suivre/")
    access.reserve(page=works, by=town.admin, why="")
    html = reader.get("/suivi/").content.decode()
    assert "Travaux" not in html and "Vous ne suivez rien" in html


def test_refusals(town, works, reader, client):
    hidden = town.page("Cachée")
    access.reserve(page=hidden, by=town.admin, why="")
    assert reader.post(f"/p/{hidden.pk}/suivre/").status_code == 404
    assert reader.post("/p/987654/suivre/").status_code == 404
    assert reader.post("/mot-cle/rien/suivre/").status_code == 404
    assert reader.get(f"/p/{works.pk}/suivre/").status_code == 405
    assert client.post(f"/p/{works.pk}/suivre/").url.startswith("/connexion/")
    draft = town.page("Brouillon", publish=False)
    draft.tags.add("secret")
    draft.save_revision().publish()
    access.reserve(page=draft, by=town.admin, why="")
    assert reader.post("/mot-cle/secret/suivre/").status_code == 404
    assert not Follow.objects.exists()


def test_an_administrator_with_my_eyes_sees_nothing_of_it(town, works, road, reader):
    reader.post(f"/p/{works.pk}/suivre/", {"portee": "branche"})
    admin = town.signed_in(town.admin)
    admin.post(f"/comme/{town.elu.pk}/")
    for path in ("/suivi/", "/journal/", "/compte/courriels/"):
        assert admin.get(path).status_code == 403
    html = admin.get(f"/p/{works.pk}/").content.decode()
    assert "Ne plus suivre" not in html and "/suivre/" not in html
