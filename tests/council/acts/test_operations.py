"""From the closing to the délibérations: what is written, what is corrected, what is refused."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from council.acts import operations
from council.acts.models import Correction, Decided
from council.floor import operations as floor
from council.floor.operations import Entry
from kb.refusals import Refused

pytestmark = pytest.mark.django_db


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_closing_writes_one_deliberation_a_decided_item(acts):
    acts.run()
    assert [(one.item_number, one.object, one.result) for one in acts.deliberations] == [
        ("1", "Tarifs de la cantine", Decided.ADOPTED),
        ("2", "Compte financier unique", Decided.ADOPTED),
        ("3", "Délégué au syndicat des eaux", Decided.ELECTED),
    ]
    first = acts.deliberations[0]
    assert plain(first.sentence) == (
        "Vote à main levée, 5 votants dont 1 représenté : 4 pour, 1 contre, 0 abstention. La délibération est adoptée."
    )
    names = [str(one) for one in acts.council.mandates]
    assert first.roll == {
        "present": [names[0], names[1], names[2], names[4]],
        "represented": [[names[5], names[1]]],
        "absent": [names[6]],
        "apart": [[names[3], "L2131-11"]],
        "counted": 4,
        "in_office": 7,
        "quorum": 4,
        "president": names[0],
        "secretaries": [names[2]],
    }
    assert first.votes["votes_for"] == 4 and first.votes["by_name"] is None
    assert acts.deliberations[1].roll["president"] == names[1]
    assert acts.deliberations[1].roll["apart"] == [[names[0], "L2121-14"]]
    assert acts.deliberations[2].votes["elected"] == [names[1]]


def test_numbering_again_changes_nothing(acts):
    sitting = acts.run()
    before = [(one.pk, one.number) for one in acts.deliberations]
    assert [(one.pk, one.number) for one in operations.number_all(sitting=sitting, by=acts.secretary)] == before
    assert not Correction.objects.exists()


def test_a_vote_corrected_after_the_closing_corrects_the_act_and_keeps_what_stood(acts):
    sitting = acts.run()
    floor.correct(
        sitting=sitting,
        entry=Entry(uuid4(), "correct"),
        event=acts.vote,
        reason="Mal compté",
        change={"with": {"votes": {acts.key(4): "abstention"}}},
        by=acts.secretary,
    )
    first, correction = acts.deliberations[0], Correction.objects.get()
    assert "1 abstention" in plain(first.sentence) and "1 contre" in plain(correction.before["sentence"])
    assert (correction.reason, correction.deliberation) == ("Mal compté", first)
    floor.correct(
        sitting=sitting,
        entry=Entry(uuid4(), "correct"),
        event=acts.vote,
        reason="Vote jamais tenu",
        change={"undo": True},
        by=acts.secretary,
    )
    first = acts.deliberations[0]
    assert (first.result, first.ballots) == (Decided.REJECTED, []) and len(acts.deliberations) == 3


def test_a_text_is_corrected_with_its_reason(acts):
    acts.run()
    first = acts.deliberations[0]
    operations.correct(
        deliberation=first, object=first.object, text="<p>Amendée.</p>", reason="Amendement 1 adopté", by=acts.secretary
    )
    assert acts.deliberations[0].text == "<p>Amendée.</p>"
    assert Correction.objects.get().before == {"text": first.text}
    for words, changes in (("raison", {"reason": " "}), ("objet", {"object": " "})):
        with pytest.raises(Refused, match=words):
            operations.correct(
                **{"deliberation": first, "object": "X", "text": "", "reason": "R", "by": acts.secretary, **changes}
            )
    with pytest.raises(PermissionDenied):
        operations.correct(deliberation=first, object="X", text="", reason="R", by=acts.town.outsider)


def test_an_open_sitting_has_no_papers_yet(acts):
    acts.open(5)
    with pytest.raises(Refused, match="n’est pas levée"):
        operations.number_all(sitting=acts.sitting, by=acts.secretary)
    with pytest.raises(PermissionDenied):
        operations.number_all(sitting=acts.sitting, by=acts.town.outsider)
