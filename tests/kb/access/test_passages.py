"""An administrator's passage into a reserved branch is written once an hour and shown to whom it concerns."""

import pytest

from kb.access import inheritance, passages
from kb.access import operations as access
from kb.access.models import Inheritance, Role
from kb.access.tasks import compare_inheritance
from kb.people.models import AdministratorReading
from kb.permissions import Viewer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def reserved(town):
    page = town.page("Contentieux Lauze")
    access.reserve(page=page, by=town.admin, why="")
    town.give(Role.MANAGER, page, person=town.outsider)
    return page


def test_one_passage_an_hour_and_by_page(town, reserved):
    admin = town.signed_in(town.admin)
    document = town.document(b"une note")
    below = town.page("Expertise", under=reserved)
    town.attach(below, document)
    AdministratorReading.objects.all().delete()
    for _ in range(2):
        assert admin.get(f"/p/{reserved.pk}/").status_code == 200
    admin.get(f"/p/{reserved.pk}/historique/")
    admin.get(f"/admin/pages/{reserved.pk}/edit/")
    admin.get(f"/documents/{document.pk}/v1/")
    found = set(AdministratorReading.objects.values_list("page", "path"))
    assert found == {
        (reserved.pk, f"/p/{reserved.pk}/"),
        (reserved.pk, f"/p/{reserved.pk}/historique/"),
        (reserved.pk, f"/admin/pages/{reserved.pk}/edit/"),
        (below.pk, f"/documents/{document.pk}/v1/"),
    }
    assert AdministratorReading.objects.count() == 4


def test_nothing_is_written_elsewhere_nor_of_a_right_that_was_given(town, reserved):
    admin = town.signed_in(town.admin)
    admin.get(f"/p/{town.page('Ouverte').pk}/")
    town.signed_in(town.outsider).get(f"/p/{reserved.pk}/")
    town.give(Role.READER, reserved, person=town.admin)
    admin.get(f"/p/{reserved.pk}/")
    assert not AdministratorReading.objects.exists()


def test_its_responsables_see_it_and_no_more(town, reserved):
    deeper = town.page("Plainte", under=reserved)
    access.reserve(page=deeper, by=town.admin, why="")
    admin = town.signed_in(town.admin)
    admin.get(f"/p/{reserved.pk}/")
    admin.get(f"/p/{deeper.pk}/")
    screen = town.signed_in(town.outsider).get(f"/p/{reserved.pk}/acces/").content.decode()
    assert "Claire Valette a ouvert cette page" in screen and "Plainte" not in screen
    assert len(passages.below(reserved, Viewer.of(town.admin))) >= 2


def test_a_wrong_table_of_inheritance_is_rebuilt(town, reserved, caplog):
    Inheritance.objects.filter(page=reserved.pk).delete()
    compare_inheritance({})
    assert "wrong or missing" in caplog.text
    assert inheritance.repair() == 0
