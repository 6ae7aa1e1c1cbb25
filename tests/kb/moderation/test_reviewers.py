"""Who takes a step: the matrix, absences and deputies with an end, what falls to the responsables, the author alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kb import permissions
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.moderation import operations, queries
from kb.moderation.models import Absence, Step
from kb.moderation.operations import Refused
from kb.moderation.reviewers import Reviewers
from kb.people.operations import close_account
from kb.permissions import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def soon(days=7):
    return timezone.localdate() + timedelta(days=days)


def takers(circuit, step, author=None, page=None):
    page = page or circuit.service
    page.refresh_from_db()
    return Reviewers().of(page.path, step, author.pk if author else None)


def test_the_service_reads_and_communication_validates(circuit):
    service, communication = (takers(circuit, step) for step in Step)
    assert (service.people, service.note) == ((circuit.head,), "")
    assert (communication.people, communication.note) == ((circuit.officer,), "")
    assert service.where == "chez le service (Paul Chef)"


def test_nobody_reads_his_own_draft_where_another_can(circuit):
    found = takers(circuit, Step.SERVICE, circuit.head)
    assert (found.people, found.fell) == ((circuit.secretary,), True)
    assert found.where == "chez les responsables (Denise Direction)"


def test_an_account_closed_takes_nothing(circuit):
    close_account(person=circuit.officer, by=circuit.town.admin)
    found = takers(circuit, Step.COMMUNICATION)
    assert (found.people, found.fell) == ((circuit.secretary, circuit.head)[::-1], True)


def test_away_without_a_deputy_it_falls_to_the_responsables(circuit):
    operations.be_absent(person=circuit.officer, until=soon())
    found = takers(circuit, Step.COMMUNICATION)
    assert set(found.people) == {circuit.head, circuit.secretary} and found.fell
    operations.come_back(person=circuit.officer)
    assert takers(circuit, Step.COMMUNICATION).people == (circuit.officer,)


def test_the_absence_ends_by_itself(circuit):
    operations.be_absent(person=circuit.officer, until=soon())
    Absence.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert takers(circuit, Step.COMMUNICATION).people == (circuit.officer,)


def test_a_deputy_takes_the_steps_by_a_right_of_the_matrix_with_the_same_end(circuit):
    deputy = circuit.town.finance
    circuit.town.give(Role.READER, person=deputy)
    page = circuit.draft()
    circuit.submit(page)
    circuit.approve(page, circuit.head)
    assert not permissions.can_view(deputy, page)
    operations.be_absent(person=circuit.officer, until=soon(), deputy=deputy)
    assert takers(circuit, Step.COMMUNICATION).people == (deputy,)
    grant = Grant.objects.get(person=deputy, role=Role.MODERATOR)
    assert (grant.until, grant.why) == (soon(), "Suppléance de Inès Morel.")
    assert permissions.can_view(deputy, page)
    operations.come_back(person=circuit.officer)
    grant.refresh_from_db()
    assert grant.ended_at and not permissions.can_view(deputy, page)


def test_a_deputy_of_a_responsable_is_not_of_communication(circuit):
    deputy = circuit.town.finance
    circuit.town.give(Role.READER, person=deputy)
    operations.be_absent(person=circuit.head, until=soon(), deputy=deputy)
    assert takers(circuit, Step.SERVICE).people == (deputy,)
    assert takers(circuit, Step.COMMUNICATION).people == (circuit.officer,)


def test_a_deputy_reads_nothing_of_what_is_reserved(circuit):
    deputy = circuit.town.finance
    circuit.town.give(Role.READER, person=deputy)
    access.reserve(page=circuit.service, by=circuit.town.admin)
    circuit.town.give(Role.MANAGER, circuit.service, person=circuit.head)
    page = circuit.town.page("Contentieux", "<p>Texte</p>", under=circuit.service, author=circuit.head, publish=False)
    with pytest.raises(Refused, match="ne peut rien lire"):
        operations.be_absent(person=circuit.head, until=soon(), deputy=deputy)
    operations.be_absent(person=circuit.officer, until=soon(), deputy=deputy)
    assert not permissions.can_view(deputy, page)
    assert deputy not in takers(circuit, Step.COMMUNICATION, page=page).people


def test_an_outsider_is_no_deputy(circuit):
    with pytest.raises(Refused, match="ne peut rien lire"):
        operations.be_absent(person=circuit.officer, until=soon(), deputy=circuit.town.outsider)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(("days", "words"), [(-1, "passé"), (100, "trois mois")])
def test_an_absence_has_an_end(circuit, days, words):
    with pytest.raises(Refused, match=words):
        operations.be_absent(person=circuit.officer, until=soon(days))


def test_nobody_is_his_own_deputy(circuit):
    with pytest.raises(Refused, match="autre suppléant"):
        operations.be_absent(person=circuit.officer, until=soon(), deputy=circuit.officer)


def takers_of(page, town):
    return queries.on_page(page, Viewer(town.admin)).takers


def test_in_a_town_of_one_agent_the_author_approves_and_the_page_says_so(town):
    Grant.objects.all().delete()
    page = town.page("Note", "<p>Texte</p>", publish=False)
    operations.submit(page=page, author=town.admin)
    client = town.signed_in(town.admin)
    words = client.get(f"/p/{page.pk}/brouillon/").content.decode()
    assert "l’auteur peut approuver son propre brouillon" in words
    found = takers_of(page, town)
    assert (found.people, found.alone) == ((town.admin,), True)


def test_all_away_the_responsables_are_asked_all_the_same(circuit):
    for person in (circuit.officer, circuit.head, circuit.secretary):
        operations.be_absent(person=person, until=soon())
    found = takers(circuit, Step.COMMUNICATION, circuit.agent)
    assert set(found.people) == {circuit.head, circuit.secretary} and found.fell
