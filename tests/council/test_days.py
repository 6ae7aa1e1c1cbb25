"""No day or hour that a calendar cannot count from is taken, whatever screen it is typed on."""

import pytest
from django.core.exceptions import ValidationError

from council.members.forms import DayField
from tests.council.convening.test_views import plain
from tests.leaks.forms import forms_in

pytestmark = pytest.mark.django_db
IMPOSSIBLE = ["0001-01-01", "1899-12-31", "9999-12-31"]


@pytest.mark.parametrize("on", IMPOSSIBLE)
def test_an_hour_out_of_time_is_refused_beside_its_field(council, on):
    sitting, secretary = council.sitting(), council.town.signed_in(council.secretary)
    edit = f"/admin/pages/{sitting.pk}/edit/"
    ((_address, fields),) = [one for one in forms_in(secretary.get(edit).content, edit) if "starts_at" in one[1]]
    answer = secretary.post(edit, {**fields, "body-count": "0", "starts_at": f"{on} 23:59"})
    assert "Donnez une année entre 1901 et 2199." in plain(answer)
    assert type(sitting).objects.get(pk=sitting.pk).get_latest_revision_as_object().starts_at == sitting.starts_at


@pytest.mark.parametrize("on", IMPOSSIBLE)
def test_a_day_out_of_time_is_refused_in_every_form(on):
    with pytest.raises(ValidationError, match="Donnez une année entre 1901 et 2199"):
        DayField().clean(on)
