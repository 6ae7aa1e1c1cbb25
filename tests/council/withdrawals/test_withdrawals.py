"""« Je ne prends pas part à cette affaire » : said, seen by who manages, taken back; and what it closes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import Page

from council.agenda.models import AgendaItemPage, SittingPage
from council.withdrawals import operations
from council.withdrawals.models import Ground, Withdrawal
from council.withdrawals.operations import Refused
from kb import permissions
from kb.pages.tree import current
from kb.permissions import Viewer
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
