"""The digest: one mail, seven lines, one a page, nothing twice, nothing new no mail, nothing of what one lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from kb.access import operations as access
from kb.access.models import Role
from kb.notices import operations, registries
from kb.notices.models import Mail, MailHabits, MailState, Notice, Rhythm
from kb.notices.registries import Line
from kb.notices.tasks import ask_for_digests, digest
from kb.work import operations as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def friday():
    today = timezone.localdate()
    return today + timedelta(days=(4 - today.weekday()) % 7)


@pytest.fixture
def followed(town):
    page = town.page("École des Tilleuls")
    operations.follow_page(page=page, person=town.elu)
    return page


def turn(person, day):
    """One turn of the digest of one person; what left."""
    before = len(mail.outbox)
    digest({"person": person.pk, "day": day.isoformat()})
    work.drain()
    return mail.outbox[before:]


def test_one_mail_says_what_why_and_how_to_stop(town, followed, publish, friday):
    publish(followed, "Le lot 2 est attribué")
    (sent,) = turn(town.elu, friday)
    assert sent.to == ["Sylvie Roussillon <sylvie@valmorin.example>"]
    assert sent.subject == "1\u00a0nouvelle\u00a0: École des Tilleuls"
    html = sent.alternatives[0][0]
    for words in (
        "École des Tilleuls",
        "Le lot 2 est attribué",
        "Parce que vous suivez cette page.",
        f"/p/{followed.pk}/",
        "Vous recevez ce résumé chaque vendredi matin",
        "Ne plus recevoir ces courriels",
        "/courriels/arret/",
    ):
        assert words in sent.body and words in html, words
    assert turn(town.elu, friday + timedelta(days=7)) == []  # never twice


def test_nothing_new_no_mail(town, followed, friday):
    assert turn(town.elu, friday) == [] and not Mail.objects.exists()


def test_run_twice_or_on_another_day_it_leaves_once(town, followed, publish, friday):
    publish(followed)
    assert turn(town.elu, friday - timedelta(days=1)) == []  # a Thursday
    assert len(turn(town.elu, friday)) == 1
    assert turn(town.elu, friday) == []


def test_several_publications_of_a_page_are_one_line(town, followed, publish, friday):
    publish(followed, "Premier état")
    publish(followed, "Dernier état")
    (sent,) = turn(town.elu, friday)
    assert "Dernier état" in sent.body and "Premier état" not in sent.body


def test_seven_lines_and_the_rest_in_the_journal(town, publish, friday, reader):
    service = town.service("Technique")
    operations.follow_page(page=service, person=town.elu, below=True)
    for number in range(9):
        publish(town.page(f"Fiche {number}", under=service), f"Changement {number}")
    (sent,) = turn(town.elu, friday)
    assert sent.body.count("Changement ") == 7 and "Et 2\u00a0autres pages, dans votre journal." in sent.body
    assert sent.subject.startswith("9\u00a0nouvelles")
    assert turn(town.elu, friday + timedelta(days=7)) == []
    assert reader.get("/journal/").content.decode().count("Changement ") == 9


def test_rights_are_asked_as_the_digest_is_written(town, followed, publish, friday):
    publish(followed, "Secret depuis")
    access.reserve(page=followed, by=town.admin, why="")
    assert turn(town.elu, friday) == [] and not Mail.objects.exists()


def test_and_again_as_it_leaves(town, followed, publish, friday):
    publish(followed, "Secret depuis")
    operations.write_digest(person=town.elu, today=friday)
    access.reserve(page=followed, by=town.admin, why="")
    work.drain()
    row = Mail.objects.get()
    assert (row.state, row.reason, mail.outbox) == (
        MailState.WITHHELD,
        "La personne n’a plus accès à rien de ce que ce résumé annonçait.",
        [],
    )


def test_a_mail_names_nothing_of_a_reserved_branch(town, followed, publish, friday):
    access.reserve(page=followed, by=town.admin, why="")
    town.give(Role.READER, followed, person=town.elu)
    publish(followed, "Les soldes")
    (sent,) = turn(town.elu, friday)
    whole = sent.message().as_string()
    assert "Une page en accès réservé" in sent.body and "Tilleuls" not in whole and "Les soldes" not in sent.body


def test_a_stop_counts_for_what_was_already_written(town, followed, publish, friday):
    publish(followed)
    operations.write_digest(person=town.elu, today=friday)
    operations.stop_mails(person=town.elu, channel="digest")
    work.drain()
    assert (Mail.objects.get().state, mail.outbox) == (MailState.WITHHELD, [])


def test_what_was_kept_for_the_journal_is_not_old_news_later(town, followed, publish, friday):
    operations.choose(person=town.elu, rhythm=Rhythm.NEVER, at_once=True)
    publish(followed, "Il y a longtemps")
    Notice.objects.update(at=timezone.now() - timedelta(days=20))
    operations.choose(person=town.elu, rhythm=Rhythm.WEEKLY, at_once=True)
    assert turn(town.elu, friday) == []


def test_an_agent_has_it_each_working_day(town, followed, publish, friday):
    operations.follow_page(page=followed, person=town.technical)
    publish(followed)
    assert [sent.to for sent in turn(town.technical, friday - timedelta(days=1))] == [
        ["Patrick Brun <patrick@valmorin.example>"]
    ]
    publish(followed)
    assert len(turn(town.technical, friday)) == 1
    publish(followed)
    assert turn(town.technical, friday + timedelta(days=1)) == []  # a Saturday


def test_each_morning_each_person_has_a_turn(town, followed, publish, friday, monkeypatch):
    publish(followed)
    town.outsider.email = None
    town.outsider.save()
    monkeypatch.setattr(timezone, "localdate", lambda *given: friday)
    ask_for_digests()
    work.drain()
    work.drain()
    assert [sent.to for sent in mail.outbox] == [["Sylvie Roussillon <sylvie@valmorin.example>"]]
    assert set(MailHabits.objects.values_list("person__first_name", "last_turn")) == {
        (name, friday) for name in ("Claire", "Patrick", "Sandrine", "Inès", "Sylvie")
    }


@pytest.fixture
def contributor():
    """A room that has something to say."""
    before = list(registries._contributors)
    yield registries.contributes
    registries._contributors[:] = before


def test_rooms_add_lines_that_leave_if_their_page_may_still_be_seen(town, followed, friday, contributor, publish):
    hidden = town.page("Cachée")
    asked = []

    @contributor
    def reviews(person, since):
        asked.append((person, since.date()))
        yield Line(
            "À vérifier avant le 12 octobre", f"/p/{followed.pk}/", "vous en êtes responsable", followed.pk, True
        )
        yield Line("Autre chose", f"/p/{hidden.pk}/", "vous en êtes responsable", hidden.pk)

    access.reserve(page=hidden, by=town.admin, why="")
    publish(followed, "Aussi publiée")
    (sent,) = turn(town.elu, friday)
    assert "À vérifier avant le 12 octobre" in sent.body and "Parce que vous en êtes responsable." in sent.body
    assert (
        "Cachée" not in sent.body and "Autre chose" not in sent.body and "Aussi publiée" not in sent.body
    )  # one line a page: what asks for an act
    turn(town.elu, friday + timedelta(days=7))
    assert [day for _, day in asked] == [friday - timedelta(days=7), friday]
    assert asked[0][0] == town.elu


def test_an_act_that_did_not_leave_at_once_is_in_the_digest(town, followed, friday):
    operations.choose(person=town.communication, rhythm=Rhythm.DAILY, at_once=False)
    from kb.sharing import operations as sharing

    sharing.ask(page=town.page("Autre"), person=town.outsider, why="Pour lire")
    assert Notice.objects.get(person=town.communication).mail is None
    (sent,) = turn(town.communication, friday)
    assert "Hugo Perrin demande l’accès" in sent.body and "/acces/demandes/" in sent.body
