"""Passation: pages, steps, teams and rights change hands; what is signed stays signed; the account is closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from kb.access.audience import people_on
from kb.access.models import Grant, Role
from kb.pages import operations as pages
from kb.pages.models import NextStep, ProjectPage, TeamMember
from kb.people.handover import hand_over, held_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(town):
    """A live project with a draft on top: Patrick is in its team, has one step done and one to do."""
    made = ProjectPage(title="École", owner=town.technical)
    made.team = [TeamMember(person=town.technical, role="Porteur")]
    made.next_steps = [
        NextStep(title="Fait", owner=town.technical, done=True),
        NextStep(title="À faire", owner=town.technical),
    ]
    made = pages.create_page(parent=town.home, page=made, author=town.admin, publish=True)
    draft = made.get_latest_revision_as_object()
    draft.summary = "En cours"
    pages.save_draft(page=draft, author=town.finance)
    made.refresh_from_db()
    return made


def owners(version):
    return {step.title: str(step.owner) for step in version.next_steps.all()}


def test_steps_to_do_and_the_team_change_hands_in_what_is_read_and_in_the_draft(town, project):
    hand_over(leaver=town.technical, to=town.finance, by=town.admin)
    fresh = ProjectPage.objects.get(pk=project.pk)
    draft = fresh.get_latest_revision_as_object()
    for version in (fresh, draft):
        assert owners(version) == {"Fait": "Patrick Brun", "À faire": "Sandrine Coste"}
        assert [(str(member.person), member.role) for member in version.team.all()] == [("Sandrine Coste", "Porteur")]
    assert (fresh.summary, draft.summary) == ("", "En cours")  # the draft is not published with it
    assert fresh.get_latest_revision().user == town.finance


def test_rights_pass_with_an_end_and_nobody_loses_a_higher_one(town, project):
    other = town.page("Voirie")
    town.give(Role.MANAGER, project, person=town.technical)
    town.give(Role.READER, other, person=town.technical)
    town.give(Role.EDITOR, other, person=town.finance)
    until = timezone.localdate() + timedelta(days=90)
    hand_over(leaver=town.technical, to=town.finance, by=town.admin, until=until)
    mine = Grant.objects.in_force().filter(person=town.finance).order_by("page__path")
    assert [(grant.page_id, grant.role, grant.until) for grant in mine] == [
        (project.pk, Role.MANAGER, until),
        (other.pk, Role.EDITOR, None),
    ]
    assert not Grant.objects.in_force().filter(person=town.technical).exists()
    assert town.finance.pk in people_on(project)


def test_pages_groups_and_the_account(town):
    page = town.page("Procédure", author=town.admin)
    page.owner = town.technical
    page.save()
    groups = list(town.technical.groups.all())
    hand_over(leaver=town.technical, to=town.finance, by=town.admin, groups=groups)
    page.refresh_from_db()
    town.technical.refresh_from_db()
    assert page.owner == town.finance and set(groups) <= set(town.finance.groups.all())
    assert not town.technical.is_active and town.technical.closed_at and not town.technical.groups.exists()
    assert ModelLogEntry.objects.get(action="kb.account.handover").data["to"] == "Sandrine Coste"
    assert PageLogEntry.objects.get(action="kb.page.owner").data == {
        "before": "Patrick Brun",
        "after": "Sandrine Coste",
    }


def test_what_is_signed_stays_signed(town):
    page = town.page("Note", author=town.admin)
    draft = page.get_latest_revision_as_object()
    revision = pages.save_draft(page=draft, author=town.technical)
    hand_over(leaver=town.technical, to=town.finance, by=town.admin)
    revision.refresh_from_db()
    assert revision.user == town.technical


def test_refusals(town):
    with pytest.raises(PermissionDenied):
        hand_over(leaver=town.technical, to=town.finance, by=town.communication)
    with pytest.raises(ValidationError):
        hand_over(leaver=town.technical, to=town.technical, by=town.admin)
    with pytest.raises(ValidationError, match="dernier administrateur"):
        hand_over(leaver=town.admin, to=town.finance, by=town.admin)
    assert town.technical.is_active and town.admin.is_active


def test_the_screen(town, project, publisher):
    admin = town.signed_in(town.admin)
    address = f"/personnes/{town.technical.pk}/passation/"
    assert publisher.get(address).status_code == 404
    assert "1\u00a0projet" in admin.get(address).content.decode()
    assert admin.post(address, {"to": ""}).status_code == 422
    done = admin.post(address, {"to": town.finance.pk}, follow=True).content.decode()
    assert "Sandrine Coste reprend ce que tenait Patrick Brun" in done
    assert held_by(town.technical).projects == []
