"""Deeds on the acts of a sitting: numbering, correcting. Each asks the right, changes, logs, in one transaction."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from council.acts import numbering
from council.acts.evening import Evening, Told, evening_of
from council.acts.models import LONGEST_OBJECT, Correction, Decided, Deliberation, NumberScheme
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage, SittingRecord
from council.agenda.queries import meeting_day
from council.frozen.queries import Frozen, standing
from council.members.models import Instance
from council.members.operations import may_manage
from council.papers.content import fitted
from kb import permissions
from kb.pages.models import HomePage
from kb.people.account import User
from kb.permissions import Viewer
from kb.refusals import Refused
from kb.typography import day

CORRECTED = ("object", "text", "result", "sentence", "ballots", "roll")


def require_manager(by: User, sitting: SittingPage) -> None:
    """Raises PermissionDenied for who does not hold the sitting."""
    if not permissions.abilities(by, sitting)["publish"]:
        raise PermissionDenied(f"Vous ne pouvez pas tenir les papiers de « {sitting.title} ».")


def closed(sitting: SittingPage) -> SittingRecord:
    """The locked record of a closed sitting. Raises Refused."""
    record = SittingRecord.objects.select_for_update().filter(page=sitting.pk).first()
    if record is None or record.state != SittingState.CLOSED:
        raise Refused(
            f"« {sitting.title} » n’est pas levée : ses papiers se font à la fin, « Lever la séance » depuis l’écran de la séance."
        )
    return record


# Numbering.


@transaction.atomic
def set_scheme(*, instance: Instance, pattern: str, since: date, by: User) -> NumberScheme:
    """Another way of numbering, for the sittings of that day and after: numbers given never move.

    Raises PermissionDenied, Refused.
    """
    if not may_manage(by):
        raise PermissionDenied("Seuls les responsables de la commune choisissent le modèle des numéros.")
    if problem := numbering.problem_of(pattern):
        raise Refused(problem)
    last = Deliberation.objects.filter(sitting__instance=instance).order_by("-decided_on").first()
    if last is not None and since <= last.decided_on:
        raise Refused(
            f"Les délibérations du {day(last.decided_on)} ont déjà leur numéro : donnez un jour d’après, une autre manière de "
            "numéroter vaut pour la suite."
        )
    if NumberScheme.objects.filter(instance=instance, since=since).exists():
        raise Refused(f"Un modèle est déjà choisi à partir du {day(since)} : donnez un autre jour.")
    scheme = NumberScheme.objects.create(instance=instance, pattern=pattern, since=since, by=by)
    home = HomePage.objects.first()
    log(home, "council.acts.scheme", user=by, data={"pattern": pattern, "since": since.isoformat()})
    return scheme


@transaction.atomic
def number_all(*, sitting: SittingPage, by: User, reason: str = "") -> list[Deliberation]:
    """A délibération for each decided item of a closed sitting, in the order of its agenda.

    Again, it adds what a correction of the events has decided since, and rewrites, with `reason`, what it has changed.
    Raises PermissionDenied, Refused.
    """
    require_manager(by, sitting)
    closed(sitting)
    told = evening_of(sitting)
    known = {row.item_id: row for row in sitting.deliberations.select_for_update()}
    items = [one for one in standing(sitting) if _is_decided(told, one)]
    fresh = [one for one in items if one.place.item_id not in known]
    numbers = dict(zip((one.number for one in fresh), numbering.numbers(sitting, len(fresh)), strict=True))
    last = max((row.position for row in known.values()), default=0)
    viewer = Viewer(by)
    for one in items:
        content = _content(told.items[one.number], told)
        row = known.get(one.place.item_id)
        if row is not None:
            _rewrite(row, content, reason=reason, by=by)
            continue
        last += 1
        _write(sitting, one, numbers[one.number], last, content, viewer)
    _check_undecided(known, {one.place.item_id for one in items}, reason=reason, by=by)
    if fresh:
        log(sitting, "council.acts.number", user=by, data={"numbers": list(numbers.values())})
    return list(sitting.deliberations.order_by("position"))


def _is_decided(told: Evening, one: Frozen) -> bool:
    item = told.items.get(one.number)
    return item is not None and item.decided


def _content(item: Told, told: Evening) -> dict[str, Any]:
    """What the events say of an item, as a délibération keeps it."""
    deciding = [row for row in item.rows if row["decides"]]
    whole = [row for row in deciding if not row["name"]] or deciding
    roll = asdict(item.roll) | {"secretaries": told.secretaries}
    return {
        "result": result_of(whole[-1]),
        "sentence": " ".join(
            f"{row['name']} : {row['sentence']}" if row["name"] else row["sentence"] for row in deciding
        ),
        "ballots": item.rows,
        "roll": roll,
    }


def result_of(row: dict[str, Any]) -> Decided:
    """What the ballot that decides says."""
    if row["kind"] == "take_note":
        return Decided.TAKEN_NOTE
    if row["result"] == "none":
        return Decided.NOBODY
    return Decided(row["result"])


def _write(
    sitting: SittingPage, one: Frozen, number: str, position: int, content: dict[str, Any], viewer: Viewer
) -> None:
    Deliberation.objects.create(
        sitting=sitting,
        item_id=one.place.item_id,
        item_number=one.number,
        position=position,
        number=numbering.as_transmitted(number),
        written=number,
        decided_on=meeting_day(sitting),
        object=one.title[:LONGEST_OBJECT],
        rapporteur=one.rapporteur,
        matter=one.matter,
        text=fitted(one.body, one.place.item_id, viewer),
        **content,
    )


def _check_undecided(known: dict[int, Deliberation], decided: set[int], *, reason: str, by: User) -> None:
    """A vote taken back after the closing: the number stays, and the act says that nothing was decided."""
    for item, row in known.items():
        if item not in decided:
            content = {"result": Decided.REJECTED, "sentence": UNDONE, "ballots": [], "roll": row.roll}
            _rewrite(row, content, reason=reason, by=by)


UNDONE = "Le vote noté sur cette affaire a été retiré après la clôture : elle n’est pas adoptée."


# Corrections.


@transaction.atomic
def correct(*, deliberation: Deliberation, object: str, text: str, reason: str, by: User) -> Deliberation:
    """Another object or text, after the vote (an amendment adopted, a slip of the pen): a dated act, with its reason.

    Raises PermissionDenied, Refused.
    """
    row = Deliberation.objects.select_for_update().select_related("sitting").get(pk=deliberation.pk)
    require_manager(by, row.sitting)
    if not reason.strip():
        raise Refused("Une délibération ne se corrige pas sans raison : écrivez ce qui l’explique.")
    if not object.strip():
        raise Refused("Une délibération a un objet : écrivez-le.")
    _rewrite(row, {"object": object.strip()[:LONGEST_OBJECT], "text": text}, reason=reason, by=by)
    return row


def _rewrite(row: Deliberation, content: dict[str, Any], *, reason: str, by: User) -> None:
    """Writes what has changed, and keeps what stood before; nothing where nothing has."""
    before = {name: getattr(row, name) for name, value in content.items() if getattr(row, name) != value}
    if not before:
        return
    Correction.objects.create(deliberation=row, reason=reason.strip() or "Correction des votes", before=before, by=by)
    for name in before:
        setattr(row, name, content[name])
    row.save(update_fields=list(before))
    log(row.sitting, "council.acts.correct", user=by, data={"number": row.written, "reason": reason.strip()})
