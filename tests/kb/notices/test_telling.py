"""What leaves at once and what waits; the journal; how one chooses, and each refusal."""

import pytest
from django.core import mail

from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.comments import operations as comments
from kb.notices import operations, queries, registries
from kb.notices.models import Mail, MailHabits, Notice, Rhythm
from kb.permissions import Viewer
from kb.sharing import operations as sharing
from kb.work import operations as work
from tests.kb.notices.conftest import told

pytestmark = pytest.mark.django_db
QUERIES = 11


@pytest.fixture
def page(town):
    return town.page("École des Tilleuls")


def links_to(town, person, page, many):
    for number in range(many):
        sharing.send_link(to=person, by=town.technical, page=page, words=f"Mot {number}")
    work.drain()


def test_an_elu_gets_two_mails_at_once_a_week_and_the_rest_in_the_digest(town, page, agent):
    links_to(town, town.elu, page, 2)
    said = agent.post(f"/p/{page.pk}/envoyer/", {"to": town.elu.pk, "deed": "send"}, follow=True).content.decode()
    assert "Le lien est dans le journal de Sylvie Roussillon, pas dans un courriel" in said
    work.drain()
    assert len(mail.outbox) == 2 and [row.mail is None for row in Notice.objects.order_by("pk")] == [False, False, True]
    links_to(town, town.finance, page, 4)
    assert len(mail.outbox) == 6  # an agent is asked as often as there is something to do


@pytest.fixture
def sitting_today():
    """A room that knows of a sitting."""
    before = list(registries._calendars)
    registries.knows_sittings(lambda first, last: [first])
    yield
    registries._calendars[:] = before


def test_the_week_of_a_sitting_is_not_counted(town, page, sitting_today):
    links_to(town, town.elu, page, 4)
    assert len(mail.outbox) == 4


def test_what_the_law_asks_to_send_leaves_whatever_was_chosen(town, page):
    operations.choose(person=town.elu, rhythm=Rhythm.NEVER, at_once=False)
    operations.tell(kind="link", to=town.elu, by=town.admin, page=page, always=True)
    operations.tell(kind="link", to=town.elu, by=town.admin, page=page)
    work.drain()
    assert len(mail.outbox) == 1 and Notice.objects.filter(asks=True).count() == 2


def test_a_question_goes_to_the_author_at_once_and_its_answer_waits(town, page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = comments.write(page=page, text="Quand ouvre-t-elle ?", by=town.technical)
        comments.write(page=page, text="Très clair.", by=town.finance)
        comments.answer(comment=said, text="Le 1er septembre.", by=town.admin)
        comments.answer(comment=said, text="Merci.", by=town.technical)
    work.drain()
    assert [row[:2] for row in told()] == [
        ("Claire", "comment"),
        ("Claire", "comment"),
        ("Patrick", "comment_answer"),
    ]
    (sent,) = mail.outbox
    assert sent.subject == "Patrick Brun pose une question sur «\u00a0École des Tilleuls\u00a0»"
    assert f"/p/{page.pk}/?fil={said.pk}#fil-{said.pk}" in sent.body and "Quand ouvre-t-elle ?" in sent.body


def test_a_question_taken_back_is_not_sent(town, page, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = comments.write(page=page, text="Quand ?", by=town.technical)
    comments.withdraw(said=said, by=town.technical)
    work.drain()
    assert mail.outbox == [] and Mail.objects.get().reason.endswith("ou son auteur l’a retiré.")


def test_the_journal_says_all_and_hides_what_one_lost(town, page, reader, publish, django_assert_num_queries):
    other = town.page("Voirie", "<p>x</p>")
    operations.follow_page(page=page, person=town.elu)
    operations.follow_page(page=other, person=town.elu)
    publish(page, "Lot 2 attribué")
    publish(other, "Trois rues")
    document = town.document(b"releve", "releve.txt")
    town.attach(other, document)
    sharing.send_link(to=town.elu, by=town.technical, document=document, words="À lire avant jeudi")
    reader.get("/journal/")
    with django_assert_num_queries(QUERIES):
        html = reader.get("/journal/").content.decode()
    for words in (
        "École des Tilleuls",
        "Lot 2 attribué",
        "Parce que vous suivez cette page.",
        "Trois rues",
        "À lire avant jeudi",
        "Patrick Brun vous envoie ce lien.",
    ):
        assert words in html, words
    access.reserve(page=other, by=town.admin, why="")
    html = reader.get("/journal/").content.decode()
    assert "Lot 2 attribué" in html
    for words in ("Voirie", "Trois rues", "Releve", "À lire avant jeudi"):
        assert words not in html, words


def test_who_may_comment_no_more_is_told_of_no_comment(town, page):
    """Nor is who manages no more told who asked for an access: both still read the page."""
    person = town.person("Cyril", "Commente")  # of no group: the grant below is all he has
    access.reserve(page=page, by=town.admin, why="")
    grant = town.give(Role.MANAGER, page, person=person)
    for kind, data in (("comment", {"comment": 1}), ("access_request", {"request": 1}), ("published", {})):
        Notice.objects.create(person=person, page_id=page.pk, kind=kind, by=town.admin, data=data)

    def kept():
        return set(queries.told_to(Viewer(person)).values_list("kind", flat=True))

    assert kept() == {"comment", "access_request", "published"}
    Grant.objects.filter(pk=grant.pk).update(role=Role.COMMENTER)
    assert kept() == {"comment", "published"}
    Grant.objects.filter(pk=grant.pk).update(role=Role.READER)
    assert kept() == {"published"}


def test_the_branch_that_one_follows_is_not_named_once_hidden(town, reader, publish):
    service = town.service("Contentieux")
    below = town.page("Fiche", under=service)
    operations.follow_page(page=service, person=town.elu, below=True)
    publish(below, "Du neuf")
    assert "«\u00a0Contentieux\u00a0»" in reader.get("/journal/").content.decode()
    access.reserve(page=service, by=town.admin, why="")
    town.give(Role.READER, below, person=town.elu)
    html = reader.get("/journal/").content.decode()
    assert "vous suivez une page au-dessus" in html and "Contentieux" not in html


def test_who_asked_reads_the_answer_even_when_it_is_no(town, page):
    access.reserve(page=page, by=town.admin, why="")
    asked = sharing.ask(page=page, person=town.outsider, passed_on_by=town.admin)
    sharing.refuse(request=asked, by=town.admin, words="Voyez avec la direction.")
    html = town.signed_in(town.outsider).get("/journal/").content.decode()
    assert "Claire Valette a répondu à votre demande." in html and "Voyez avec la direction." in html
    assert "Tilleuls" not in html and f"/p/{page.pk}/" not in html


def test_the_journal_goes_by_pages(town, page, reader):
    for number in range(45):
        operations.tell(kind="link", to=town.elu, by=town.admin, page=page, words=f"Mot {number}.")
    first, second = (reader.get(f"/journal/?page={number}").content.decode() for number in (1, 2))
    assert "Mot 44." in first and "Mot 4." not in first and "Plus ancien" in first
    assert "Mot 4." in second and "Plus récent" in second and "Plus ancien" not in second


def test_an_empty_journal_says_what_to_do(reader):
    assert "Suivez une page ou un projet" in reader.get("/journal/").content.decode()


def test_one_chooses(town, reader):
    html = reader.get("/compte/courriels/").content.decode()
    assert "sylvie@valmorin.example" in html and "Chaque vendredi matin" in html
    reader.post("/compte/courriels/", {"rhythm": "daily"})
    row = MailHabits.objects.get()
    assert (row.person, row.rhythm, row.at_once) == (town.elu, "daily", False)
    refused = reader.post("/compte/courriels/", {"rhythm": "hourly", "at_once": "on"})
    assert refused.status_code == 422 and "Choisissez l’un des trois rythmes." in refused.content.decode()
    with pytest.raises(operations.Refused):
        operations.choose(person=town.elu, rhythm="hourly", at_once=True)


def test_nobody_reads_these_without_signing_in(client):
    for path in ("/journal/", "/suivi/", "/compte/courriels/"):
        assert client.get(path).url == f"/connexion/?next={path}"


def test_what_is_to_be_read_stands_on_the_first_screen(town, page, reader, publish):
    operations.follow_page(page=page, person=town.elu)
    publish(page, "Lot 2 attribué")
    publish(page, "Lot 3 attribué")
    assert [row["why"] for row in reader.get("/").context["town"]["to_read"]] == ["Lot 3 attribué"]
    reader.post(f"/p/{page.pk}/lu/")
    assert reader.get("/").context["town"]["to_read"] == []
