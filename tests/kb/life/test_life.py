"""Review dates and archives: what they say, to whom, and who sets them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from kb.access import operations as access
from kb.life import operations, queries
from kb.life.dates import months_after
from kb.life.models import Archived, ReviewDate
from kb.trash import operations as trash

pytestmark = pytest.mark.both_databases


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def page(town: Any) -> Any:
    return town.page("Horaires", "<p>Ouvert le matin.</p>")


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\xa0", " ").replace("&#x27;", "’")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 26), 3, date(2027, 2, 26)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_are_counted_as_people_do(day, months, then):
    assert months_after(day, months) == then


def test_a_date_is_set_checked_and_comes_back(town, page):
    operations.set_review(page=page, due=in_days(10), owner=town.elu, by=town.technical, every_months=12)
    [due] = queries.reviews_due(town.elu, in_days(30))
    assert (due.node.id, due.due, due.owner, due.late) == (page.pk, in_days(10), town.elu, False)
    assert queries.reviews_due(town.elu, in_days(5)) == []
    assert queries.reviews_due(town.technical, in_days(30)) == []
    review = operations.check(page=page, by=town.elu)  # who only reads, but is asked to
    assert (review.checked_by, review.due) == (town.elu, months_after(timezone.localdate(), 12))
    assert queries.reviews_due(town.elu, in_days(30)) == []
    actions = PageLogEntry.objects.filter(page=page.pk, action__in=["kb.page.review", "kb.page.checked"])
    assert list(actions.order_by("timestamp").values_list("action", "user")) == [
        ("kb.page.review", town.technical.pk),
        ("kb.page.checked", town.elu.pk),
    ]


def test_checked_once_it_waits_for_another_date(town, page):
    operations.set_review(page=page, due=in_days(1), owner=town.technical, by=town.technical)
    assert operations.check(page=page, by=town.technical).due is None
    operations.end_review(page=page, by=town.technical)
    assert ReviewDate.objects.get().checked_by == town.technical


def test_who_sets_and_who_checks(town, page):
    with pytest.raises(PermissionDenied):
        operations.set_review(page=page, due=in_days(1), owner=town.elu, by=town.elu)
    with pytest.raises(operations.Refused, match="ne lit pas cette page"):
        operations.set_review(page=page, due=in_days(1), owner=town.outsider, by=town.technical)
    with pytest.raises(operations.Refused, match="est passé"):
        operations.set_review(page=page, due=in_days(-1), owner=town.elu, by=town.technical)
    with pytest.raises(operations.Refused, match="pas de date"):
        operations.check(page=page, by=town.technical)
    operations.set_review(page=page, due=in_days(1), owner=town.finance, by=town.technical)
    with pytest.raises(PermissionDenied):
        operations.check(page=page, by=town.elu)
    with pytest.raises(PermissionDenied):
        operations.end_review(page=page, by=town.elu)


def test_what_is_hidden_archived_or_deleted_is_not_due(town, page):
    others = [town.page(title) for title in ("Secret", "Vieux", "Jeté")]
    for one in (page, *others):
        operations.set_review(page=one, due=in_days(1), owner=town.elu, by=town.admin)
    access.reserve(page=others[0], by=town.admin)
    operations.archive(page=others[1], by=town.admin, why="Fini")
    trash.delete_page(page=others[2], by=town.admin, why="x")
    assert [due.node.title for due in queries.reviews_due(town.elu, in_days(30))] == ["Horaires"]
    assert [due.node.title for due in queries.due_below(_viewer(town.technical), _home(town), in_days(30))] == [
        "Horaires"
    ]
    assert queries.due_below(_viewer(town.elu), _home(town), in_days(30)) == []  # reads, edits nothing


def _viewer(person: Any) -> Any:
    from kb.permissions import Viewer

    return Viewer(person)


def _home(town: Any) -> Any:
    return _viewer(town.admin).tree.home


def test_the_screens_of_a_date(town, agent, reader, client, page):
    address = reverse("review_page", args=[page.pk])
    assert "À vérifier avant le" in said(agent.get(address))
    answer = agent.post(address, {"due": in_days(3), "owner": town.elu.pk, "every_months": "12"}, follow=True)
    assert answer.redirect_chain == [(f"/p/{page.pk}/", 302)]
    assert "par Sylvie Roussillon" in said(agent.get(f"/p/{page.pk}/"))
    assert agent.post(address, {"due": in_days(-3), "owner": town.elu.pk}).status_code == 422
    assert reader.get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert town.signed_in(town.outsider).get(address).status_code == 404
    assert "Dire qu’elles sont toujours vraies" in said(reader.get("/mes-pages/"))
    mine = said(reader.get("/verifications/"))
    assert "Horaires" in mine
    answer = reader.post(reverse("check_page", args=[page.pk]), {"back": "list"}, follow=True)
    assert answer.redirect_chain == [("/verifications/", 302)]
    assert "Rien à vérifier" in said(answer)
    agent.post(address, {"deed": "end"})
    assert ReviewDate.objects.get().due is None


def test_who_may_not_check(town, reader, agent, page):
    address = reverse("check_page", args=[page.pk])
    assert agent.post(address).status_code == 404  # no date
    operations.set_review(page=page, due=in_days(3), owner=town.finance, by=town.admin)
    assert reader.post(address).status_code == 404
    assert agent.get(address).status_code == 405


def test_a_late_page_says_so(town, reader, page):
    operations.set_review(page=page, due=in_days(1), owner=town.technical, by=town.admin)
    ReviewDate.objects.update(due=in_days(-2))
    assert "À vérifier depuis le" in said(reader.get(f"/p/{page.pk}/"))


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_list(town, agent, many, django_assert_max_num_queries):
    for number in range(many):
        operations.set_review(
            page=town.page(f"Page {number}"), due=in_days(number), owner=town.technical, by=town.admin
        )
    agent.get("/verifications/")
    with django_assert_max_num_queries(12):
        agent.get("/verifications/")


def test_an_archived_page_is_marked_and_out_of_lists(town, reader, publisher):
    service = town.service("Voirie", show_in_menus=True)
    page = town.page("Chantier", "<p>Rue du lavoir.</p>", under=service)
    town.page("Réception", under=page)
    other = town.service("Écoles", show_in_menus=True)
    address = reverse("archive_page", args=[service.pk])
    assert "2 pages placées au-dessous le sont avec elle" in said(publisher.get(address))
    assert publisher.post(address, {"why": ""}).status_code == 422
    publisher.post(address, {"why": "Service réuni aux écoles"})
    assert Archived.objects.get().why == "Service réuni aux écoles"

    home = said(reader.get("/"))
    services = home.partition("<h2")[0]
    assert 'href="/voirie/"' not in services  # the menu
    old = town.page("Ancien menu", under=other)
    operations.archive(page=old, by=town.admin, why="Remplacé")
    assert "Pages archivées (1)" in said(reader.get(f"/p/{other.pk}/"))
    for one in (service, page):
        shown = said(reader.get(f"/p/{one.pk}/"))
        assert "Archivée" in shown
        assert "Service réuni aux écoles" in shown
    found = said(reader.get("/recherche/?q=lavoir"))
    assert "Chantier" in found
    assert "Archivée" in found
    assert "Chantier" in said(reader.get("/recherche/?q=lavoir&etat=archived"))
    rows = said(reader.get(f"/arbre/?sous={town.home.pk}"))
    assert rows.index("Écoles") < rows.index("Voirie")
    assert "(archivée)" in rows

    publisher.post(reverse("unarchive_page", args=[service.pk]))
    assert Archived.objects.get().page_id == old.pk
    assert "Archivée" not in said(reader.get(f"/p/{page.pk}/"))
    assert "Archivée" not in said(reader.get("/recherche/?q=lavoir"))


def test_who_may_not_archive(town, agent, reader, page):
    for who in (agent, reader):
        assert who.post(reverse("archive_page", args=[page.pk]), {"why": "x"}).status_code == 403
        assert who.post(reverse("unarchive_page", args=[page.pk])).status_code == 403
    assert town.signed_in(town.outsider).post(reverse("archive_page", args=[page.pk])).status_code == 404
    with pytest.raises(operations.Refused, match="accueil"):
        operations.archive(page=town.home, by=town.admin, why="x")
    with pytest.raises(operations.Refused, match="pourquoi"):
        operations.archive(page=page, by=town.admin, why=" ")
    assert not Archived.objects.exists()


def test_what_is_archived_with_a_page_above_comes_out_with_it(town, page):
    below = town.page("Été", under=page)
    operations.archive(page=page, by=town.admin, why="Fini")
    with pytest.raises(operations.Refused, match="au-dessus"):
        operations.unarchive(page=Page.objects.get(pk=below.pk), by=town.admin)
    operations.unarchive(page=page, by=town.admin)
    operations.unarchive(page=page, by=town.admin)  # twice is once
    assert (
        list(
            PageLogEntry.objects.filter(page=page.pk, action__startswith="kb.page.").values_list("action", flat=True)
        ).count("kb.page.unarchive")
        == 1
    )
