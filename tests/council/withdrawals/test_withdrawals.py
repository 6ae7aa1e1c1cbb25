"""« Je ne prends pas part à cette affaire » : said, seen by who manages, taken back; and what it closes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import Page

from council.agenda.models import AgendaItemPage, SittingPage
from council.withdrawals import letters, operations
from council.withdrawals.models import Ground, Withdrawal
from council.withdrawals.operations import Refused
from kb import permissions
from kb.access.models import Boundary, Grant, Role
from kb.notices import operations as notices
from kb.notices.letters import Withheld
from kb.notices.models import Mail, Notice, Rhythm
from kb.pages.tree import current
from kb.permissions import Viewer
from kb.work import operations as work
from tests.council.convening.test_views import plain, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(convening):
    convening.sent()
    return AgendaItemPage.objects.get(pk=convening.item.pk)


def test_said_seen_and_taken_back(convening, item):
    elue, secretary = convening.town.signed_in(convening.elue), convening.town.signed_in(convening.secretary)
    assert "Je ne prends pas part à cette affaire" in text(elue, f"/p/{item.pk}/")
    shown = text(elue, f"/p/{item.pk}/sans-moi/")
    assert "art. L2131-11" in shown and "art. L1111-6" in shown
    data = {"ground": "personal", "why": "trésorière de l’association"}
    assert elue.post(f"/p/{item.pk}/sans-moi/", data).status_code == 302
    assert "ne pas prendre part à cette affaire (intérêt personnel)" in text(elue, f"/p/{item.pk}/")
    assert "trésorière de l’association" in text(secretary, f"/p/{item.pk}/")
    assert "Ne prennent pas part" in text(secretary, f"/p/{item.get_parent().pk}/")
    again = elue.post(f"/p/{item.pk}/sans-moi/", data)
    assert again.status_code == 422 and "déjà dit" in plain(again)
    assert elue.post(f"/p/{item.pk}/sans-moi/fin/").status_code == 302
    assert "Ne prennent pas part" not in text(secretary, f"/p/{item.get_parent().pk}/")
    assert Withdrawal.objects.get().ended_at


def test_a_rapporteur_who_takes_no_part_is_said_with_the_way_to_name_another(convening, item):
    secretary, link = convening.town.signed_in(convening.secretary), f'href="/p/{item.pk}/correction/"'
    pages = (f"/p/{item.pk}/", f"/p/{item.get_parent().pk}/")

    def said(path):
        shown = text(secretary, path)
        return "rapporteur de ce point" in shown or "devait rapporter" in shown, "ommer un autre rapporteur" in shown

    operations.declare(item=item, ground=Ground.PERSONAL, why="", by=convening.elue)
    assert [said(path) for path in pages] == [(False, False)] * 2
    AgendaItemPage.objects.filter(pk=item.pk).update(rapporteur=Withdrawal.objects.get().mandate)
    assert [said(path) for path in pages] == [(True, True)] * 2 and link in text(secretary, pages[1])
    assert secretary.get(f"/p/{item.pk}/correction/").status_code == 200
    assert "autre rapporteur" not in text(convening.town.signed_in(convening.maire), pages[0])
    SittingPage.objects.filter(pk=item.get_parent().pk).update(starts_at=timezone.now() - timedelta(hours=1))
    assert said(pages[0]) == (True, False)


def test_the_others_do_not_see_it(convening, item):
    operations.declare(item=item, ground=Ground.PERSONAL, why="secret", by=convening.elue)
    for person in (convening.maire, convening.town.technical):
        shown = text(convening.town.signed_in(person), f"/p/{item.pk}/")
        assert "secret" not in shown and "Ne prennent pas part" not in shown


def test_he_only_reads_its_file_from_then_on(convening, item):
    """The maire edits the whole shelf; the three shapes of the rule agree."""
    sitting = item.get_parent()
    before = permissions.abilities(convening.maire, item)
    assert before["edit"] and before["comment"]
    operations.declare(item=item, ground=Ground.REPRESENTATIVE, why="", by=convening.maire)
    for page in (item, current().nodes[item.pk]):
        can = permissions.abilities(Viewer(convening.maire), page)
        assert {name for name, may in can.items() if may} == {"view", "history"}
    lists = Page.objects.filter(pk__in=[item.pk, sitting.pk])
    assert list(permissions.editable_by(lists, convening.maire)) == [Page.objects.get(pk=sitting.pk)]
    assert permissions.visible_to(lists, convening.maire).count() == 2
    maire = convening.town.signed_in(convening.maire)
    assert maire.get(f"/admin/pages/{item.pk}/edit/").status_code in {302, 403, 404}
    assert "Modifier la page" not in text(maire, f"/p/{item.pk}/")
    assert permissions.abilities(convening.secretary, item)["edit"]
    operations.take_back(item=item, by=convening.maire)
    assert permissions.abilities(convening.maire, item) == before


def test_refusals(convening, item):
    with pytest.raises(PermissionDenied):
        operations.declare(item=item, ground=Ground.PERSONAL, why="", by=convening.secretary)
    assert convening.town.signed_in(convening.secretary).get(f"/p/{item.pk}/sans-moi/").status_code == 403
    assert convening.town.signed_in(convening.town.outsider).post(f"/p/{item.pk}/sans-moi/fin/").status_code == 404
    with pytest.raises(Refused, match="rien à reprendre"):
        operations.take_back(item=item, by=convening.elue)
    operations.declare(item=item, ground=Ground.PERSONAL, why="", by=convening.elue)
    SittingPage.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="dites-le au président avant le débat"):
        operations.take_back(item=item, by=convening.elue)


# Who is told.

MANAGERS = {"Secrète", "Morel"}  # responsables of the shelf of sittings, and of the whole town


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("person__last_name", flat=True))


def declared(convening, item):
    return operations.declare(item=item, ground=Ground.PERSONAL, why="ma sœur", by=convening.elue)


def test_who_manages_is_told_with_the_ground_and_without_the_words(convening, item):
    declared(convening, item)
    assert told("withdrawal_declared") == MANAGERS  # neither the maire, who only edits, nor the member himself
    letter = letters.withdrawal_declared(Mail.objects.get(kind="withdrawal_declared", to=convening.secretary))
    assert (letter.subject, letter.title, letter.path) == (
        "Bernard Aubanel ne prend pas part à une affaire",
        "Tarifs de la cantine",
        f"/p/{item.pk}/",
    )
    assert "Raison : intérêt personnel." in letter.paragraphs[1]
    assert "ma sœur" not in str(letter)
    secretary = convening.town.signed_in(convening.secretary)
    assert "Bernard Aubanel ne prend pas part à cette affaire." in text(secretary, "/journal/")


def test_said_and_taken_back_before_any_mail_left_nothing_is_written(convening, item):
    declared(convening, item)
    operations.take_back(item=item, by=convening.elue)
    work.drain()
    mails = Mail.objects.filter(kind__startswith="withdrawal").values_list("kind", "state")
    assert set(mails) == {("withdrawal_declared", "withheld"), ("withdrawal_ended", "withheld")}
    assert [one for one in mail.outbox if "affaire" in one.subject] == []


def test_taken_back_after_the_mail_who_manages_is_told_so(convening, item):
    declared(convening, item)
    work.drain()
    operations.take_back(item=item, by=convening.elue)
    work.drain()
    assert [one.subject for one in mail.outbox if convening.secretary.email in one.to[0]] == [
        "Bernard Aubanel ne prend pas part à une affaire",
        "Bernard Aubanel prend finalement part à une affaire",
    ]


def test_a_mail_says_no_title_of_an_item_behind_a_boundary(convening, item):
    declared(convening, item)
    Boundary.objects.create(page_id=item.pk)
    convening.town.give(Role.MANAGER, item, person=convening.secretary)
    letter = letters.withdrawal_declared(Mail.objects.get(kind="withdrawal_declared", to=convening.secretary))
    assert letter.title == "Un point en accès réservé"


def test_withheld_once_the_sitting_began_and_from_who_no_longer_manages(convening, item):
    declared(convening, item)
    sent = Mail.objects.get(kind="withdrawal_declared", to=convening.secretary)
    Grant.objects.filter(person=convening.secretary).update(ended_at=timezone.now())
    with pytest.raises(Withheld, match="n’est plus responsable"):
        letters.withdrawal_declared(Mail.objects.get(pk=sent.pk))
    convening.town.give(Role.MANAGER, convening.council.shelf, person=convening.secretary)
    SittingPage.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Withheld, match="a commencé"):
        letters.withdrawal_declared(Mail.objects.get(pk=sent.pk))


def test_who_chose_a_digest_gets_no_mail_of_its_own(convening, item):
    notices.choose(person=convening.secretary, rhythm=Rhythm.DAILY, at_once=False)
    declared(convening, item)
    assert told("withdrawal_declared") == MANAGERS
    assert not Mail.objects.filter(kind="withdrawal_declared", to=convening.secretary).exists()


def test_who_manages_no_more_finds_it_in_no_journal(convening, item):
    """He still reads the item: what he was told as its responsable is not his any more."""
    declared = operations.declare(item=item, ground=Ground.PERSONAL, why="", by=convening.elue)
    secretary = convening.town.signed_in(convening.secretary)
    said = f"{declared.mandate} ne prend pas part à cette affaire."
    assert said in text(secretary, "/journal/")
    Grant.objects.filter(person=convening.secretary).update(role=Role.READER)
    assert secretary.get(f"/p/{item.pk}/").status_code == 200
    assert said not in text(secretary, "/journal/")
