"""The editor's fields: dates and amounts as a town hall writes them, and read back however they are typed."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from kb.pages.amounts import AmountInput
from kb.pages.models import FundingLine, Phase, ProjectPage

SHOWN = "486\u202f000,00"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("486000.00"), SHOWN), ("1486.5", "1\u202f486,50"), (None, None), ("", None), ("beaucoup", "beaucoup")],
)
def test_an_amount_is_shown(value, shown):
    assert AmountInput().format_value(value) == shown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (SHOWN, "486000.00"),
        ("486 000,00", "486000.00"),
        ("486\u00a0000 €", "486000"),
        ("486000.00", "486000.00"),
        ("1486,5", "1486.5"),
        ("", ""),
        ("beaucoup", "beaucoup"),
        ("1 200 ou 1 300", "1 200 ou 1 300"),
    ],
)
def test_an_amount_is_read(typed, read):
    assert AmountInput().value_from_datadict({"budget": typed}, {}, "budget") == read


@pytest.fixture
def form(town):
    """The project's form, and what it sends when nothing is touched."""
    project = town.project("École", budget=Decimal(486000), committed=Decimal("35500.50"))
    draft = project.get_latest_revision_as_object()
    draft.phases = [Phase(title="Étude", starts=date(2026, 11, 18), ends=date(2027, 3, 9))]
    draft.funding = [FundingLine(label="DETR", amount=Decimal(145800), state="granted")]
    made = ProjectPage.get_edit_handler().get_form_class()
    return lambda data=None: made(data, instance=draft, for_user=town.admin)


def test_dates_and_amounts_in_french(form):
    fields = form().as_p() + "".join(str(row.as_p()) for rows in form().formsets.values() for row in rows)
    for value in (SHOWN, "35\u202f500,50", "145\u202f800,00", "18/11/2026", "09/03/2027"):
        assert f'value="{value}"' in fields
    assert "2026-11-18" not in fields
    assert "486000" not in fields


@pytest.mark.parametrize(("typed", "read"), [("18/11/2026", (2026, 11, 18)), ("2026-11-18", (2026, 11, 18))])
def test_a_date_is_read(form, typed, read):
    row = form().formsets["phases"].forms[0]
    assert row.fields["starts"].clean(typed) == date(*read)


class Budget(forms.Form):
    budget = forms.DecimalField(widget=AmountInput)


def test_a_wrong_amount_is_refused_as_it_was_typed():
    refused = Budget({"budget": "beaucoup"})
    assert refused.errors == {"budget": ["Saisissez un nombre."]}
    assert 'value="beaucoup"' in str(refused["budget"])


def test_an_amount_that_was_not_touched_is_no_change():
    assert not Budget({"budget": SHOWN}, initial={"budget": Decimal("486000.00")}).has_changed()


def test_the_text_comes_before_what_the_type_has_of_its_own():
    tabs = ProjectPage.get_edit_handler().children
    assert [tab.heading for tab in tabs] == ["Contenu", "Le projet", "Réglages"]
    names = [getattr(panel, "field_name", getattr(panel, "relation_name", "")) for panel in tabs[0].children]
    assert [name for name in names if name] == ["title", "summary", "body", "attachments", "why", "announce"]
