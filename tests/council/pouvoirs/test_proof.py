"""The pouvoirs received before a sitting, in the proof of its convocation."""

import pytest
from django.utils import timezone

from council.convening import proof
from council.pouvoirs import operations, papers
from kb.exchange import pdf as paper
from kb.typography import moment
from tests.council.convening.test_letters import plain, read
from tests.council.pouvoirs.test_operations import given, on_paper

pytestmark = pytest.mark.django_db


def at(value):
    return timezone.localtime(value).isoformat(timespec="seconds")


@pytest.fixture
def sitting(convening):
    return convening.sent()


@pytest.fixture
def both(convening, sitting):
    """One on paper, for an illness; one given on screen, then taken back."""
    maire, _elue, third = convening.council.mandates
    kept = on_paper(convening, sitting, maire, third, sittings=4, illness="Opération du genou")
    operations.note_revocation(served=sitting.pouvoirs.get(), how="Lettre du 6", by=convening.secretary)
    taken = given(convening, sitting)
    operations.revoke(sitting=sitting, by=convening.elue)
    for one in (kept, taken):
        one.refresh_from_db()
    return kept, taken


def test_who_gave_to_whom_when_by_what_and_when_it_was_taken_back(sitting, both):
    kept, taken = both
    one, two = sitting.pouvoirs.order_by("pk")
    assert proof.as_data(sitting)["pouvoirs"] == [
        {
            "giver": "Hélène Marchetti",
            "holder": "Nadia Benkacem",
            "given_on": str(kept.given_on),
            "channel": "paper",
            "received_at": at(kept.noted_at),
            "noted_by": "Jeanne Secrète",
            "paper_sha256": kept.paper.sha256,
            "rank": 1,
            "sittings": 4,
            "illness": True,
            "withdrawn_at": at(one.ended_at),
            "withdrawn_how": "Lettre du 6",
            "withdrawn_by": "Jeanne Secrète",
        },
        {
            "giver": "Bernard Aubanel",
            "holder": "Nadia Benkacem",
            "given_on": str(taken.given_on),
            "channel": "screen",
            "received_at": at(taken.noted_at),
            "noted_by": "Sylvie Roussillon",
            "paper_sha256": None,
            "rank": 1,
            "sittings": 1,
            "illness": False,
            "withdrawn_at": at(two.ended_at),
            "withdrawn_how": "",
            "withdrawn_by": "Sylvie Roussillon",
        },
    ]


def test_one_that_stands_was_not_withdrawn(convening, sitting):
    pouvoir = given(convening, sitting)
    (told,) = proof.as_data(sitting)["pouvoirs"]
    assert [told[key] for key in ("withdrawn_at", "withdrawn_how", "withdrawn_by")] == [None, "", None]
    if paper.is_available():
        papers.paper_of(pouvoir)
        assert proof.as_data(sitting)["pouvoirs"][0]["paper_sha256"] == pouvoir.paper.sha256


@pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")
def test_people_read_the_same_and_nobody_reads_of_an_illness(sitting, both):
    kept, taken = both
    words = read(proof.as_pdf(sitting))
    assert "genou" not in words
    first, second = sitting.pouvoirs.order_by("pk")
    for said in (
        "Pouvoirs reçus avant la séance",
        f"Hélène Marchetti Nadia Benkacem {moment(kept.noted_at)} Sur papier, entré par Jeanne Secrète",
        f"Retiré le {moment(first.ended_at)} par Jeanne Secrète : Lettre du 6",
        f"Bernard Aubanel Nadia Benkacem {moment(taken.noted_at)} À l’écran, confirmé par un code",
        f"Retiré le {moment(second.ended_at)} par Sylvie Roussillon",
    ):
        assert plain(said) in words


@pytest.mark.skipif(not paper.is_available(), reason="Pango is not installed")
def test_without_a_pouvoir_the_pdf_has_no_such_title(sitting):
    assert proof.as_data(sitting)["pouvoirs"] == []
    assert "Pouvoirs reçus" not in read(proof.as_pdf(sitting))


def test_the_number_of_queries_does_not_follow_that_of_pouvoirs(convening, sitting, both, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len([proof._pouvoir(one) for one in proof._pouvoirs(sitting)]) == 2
