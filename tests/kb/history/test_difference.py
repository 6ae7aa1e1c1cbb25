"""The screen of a difference: both views say the same, and a screen reader hears each run once."""

from datetime import date

import pytest

from kb.pages import operations as pages
from kb.pages.models import NextStep, Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def screens(town, reader):
    """The difference of a project's two versions, side by side and inline."""
    project = town.project("École", committed=35500)
    draft = project.get_latest_revision_as_object()
    draft.committed = 212400
    draft.phases = [Phase(title="Étude", ends=date(2027, 10, 1))]
    draft.next_steps = [NextStep(title="Attribuer le lot 2"), NextStep(title="Écrire aux parents")]
    old = project.live_revision_id
    new = pages.save_draft(page=draft, author=town.admin)
    pages.publish_revision(page=project, revision=new, author=town.admin)
    address = f"/p/{project.pk}/historique/{old}/{new.pk}/"
    return tuple(reader.get(address + view).content.decode() for view in ("", "?vue=suite"))


def test_an_amount_reads_whole_in_both_views(screens):
    for said in screens:
        assert '<del><span class="hidden-words">retiré\u00a0: </span>35\u202f500\u00a0€</del>' in said
        assert '<ins><span class="hidden-words">ajouté\u00a0: </span>212\u202f400\u00a0€</ins>' in said


def test_a_row_that_comes_says_so_once(screens):
    for said in screens:
        assert said.count("Ligne ajoutée\u00a0: ") == 3
        assert "<ins>Attribuer le lot 2</ins>" in said


def test_dates_are_set_as_everywhere(screens):
    for said in screens:
        assert "1<sup>er</sup>\u00a0octobre\u00a02027" in said
        assert '<th scope="col">Fin</th>' in said
