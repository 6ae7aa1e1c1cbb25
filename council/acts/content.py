"""What the papers of a sitting say: its events, its délibérations, what was typed. Read once, printed many times."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from council.acts import queries, registries
from council.acts.evening import Evening, Roll, Told, evening_of
from council.acts.models import Decided, Deliberation, MinutesState, ProcesVerbal
from council.agenda.enums import SittingKind
from council.agenda.models import SittingPage, SittingRecord
from council.frozen.queries import Frozen, standing
from council.members.queries import without_quorum
from kb import typography
from kb.people.models import Town
from kb.typography import day, hour

# In the list that is posted (L2121-25): approved or refused.
SHORT = {
    Decided.ADOPTED: "Approuvée", Decided.REJECTED: "Refusée", Decided.ELECTED: "Élection acquise",
    Decided.TAKEN_NOTE: "Prend acte", Decided.NOBODY: "Sans élu",
}  # fmt: skip
CHOICES = {"for": "Pour", "against": "Contre", "abstention": "Abstention"}


@dataclass(frozen=True)
class Line:
    """A member on the attendance sheet."""

    name: str
    office: str
    state: str  # « Présent », « Pouvoir à Bernard Aubanel », « Absent »
    notes: str  # « arrive à 18 h 47 »


@dataclass(frozen=True)
class Examined:
    """An item as the procès-verbal tells it."""

    number: str
    title: str
    kind: str
    rapporteur: str
    report: str  # the note de synthèse on which the council voted
    annexes: list[str]
    told: Told
    deliberation: Deliberation | None
    discussion: str
    off: str  # why it left the agenda
    president: str  # where it is not the sitting's

    @property
    def at(self) -> str:
        """« 18 h 42 »; empty where it was not called."""
        return hour(self.told.called_at) if self.told.called_at else ""


class Content:
    """A sitting's papers, whoever asks: the caller has asked who he is. What the maire decided is told to `reader` alone."""

    def __init__(self, sitting: SittingPage, reader: Any = None) -> None:
        self.sitting, self.reader = sitting, reader

    @cached_property
    def evening(self) -> Evening:
        """What its events tell."""
        return evening_of(self.sitting)

    @cached_property
    def deliberations(self) -> list[Deliberation]:
        """In order, with their corrections."""
        return list(queries.deliberations_of(self.sitting).prefetch_related("corrections"))

    @cached_property
    def items(self) -> list[Frozen]:
        """What was announced, as it stood that evening."""
        return standing(self.sitting)

    @cached_property
    def discussions(self) -> dict[int, str]:
        """Item's id → what was said, as last typed."""
        return queries.discussions_of(self.sitting)

    @cached_property
    def minutes(self) -> ProcesVerbal:
        """Its procès-verbal, unsaved while nothing was done about it."""
        return ProcesVerbal.objects.filter(sitting=self.sitting).defer("file").first() or ProcesVerbal(
            sitting=self.sitting
        )

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What every paper says."""
        record, told = SittingRecord.objects.filter(page=self.sitting.pk).first(), self.evening
        return {
            "town": Town.current(),
            "instance": self.sitting.instance.name,
            "kind": str(self.sitting.get_sitting_kind_display()),
            "when": typography.moment(self.sitting.starts_at),
            "on": day(timezone.localtime(self.sitting.starts_at)),
            "place": self.sitting.place or self.sitting.instance.place,
            "convened_on": day(record.sent_on) if record and record.sent_on else "",
            "began": hour(told.began) if told.began else "",
            "ended": hour(told.ended) if told.ended else "",
            "president": told.president,
            "office": told.offices.get(told.president, ""),
            "secretaries": told.secretaries,
            "roll": told.roll,
            "quorum": quorum_line(told.roll, self.sitting),
        }

    # The attendance sheet.

    @property
    def lines(self) -> list[Line]:
        """The members in office, in the order of the table."""
        return [self._line(name) for name in self.evening.members]

    def _line(self, name: str) -> Line:
        told = self.evening
        came, holder = name in told.been_in, told.pouvoirs.get(name)
        parts = ["Présent"] if came else []
        parts += [f"Pouvoir à {holder}"] if holder else []
        notes = [f"{one.words} à {hour(one.at)}" for one in told.comings if one.name == name]
        return Line(name, told.offices.get(name, ""), ", ".join(parts) or "Absent", ", ".join(notes))

    @property
    def comings(self) -> list[dict[str, str]]:
        """Arrivals, departures, suspensions, with their hour."""
        return [{"at": hour(one.at), "line": one.line} for one in self.evening.comings]

    # The procès-verbal.

    @property
    def examined(self) -> list[Examined]:
        """Each item announced, in order."""
        acts = {one.item_id: one for one in self.deliberations}
        return [self._examined(one, acts.get(one.place.item_id)) for one in self.items]

    def _examined(self, one: Frozen, act: Deliberation | None) -> Examined:
        annexes = [str(row.content["title"]) for row in one.annexes]
        told = self.evening.items.get(one.number) or Told(one.number, one.title)
        off = next((row["sentence"] for row in told.rows if row["result"] == "withdrawn"), "") if told.off else ""
        led = told.roll.president if told.roll.president != self.evening.president else ""
        return Examined(
            one.number,
            act.object if act else one.title,
            one.kind,
            one.rapporteur,
            one.note,
            annexes,
            told,
            act,
            self.discussions.get(one.place.item_id, ""),
            off,
            led,
        )

    @cached_property
    def previous(self) -> list[ProcesVerbal]:
        """The minutes that this sitting arrêta."""
        found = ProcesVerbal.objects.filter(approved_in=self.sitting, state=MinutesState.APPROVED)
        return list(found.select_related("sitting").defer("file"))

    @property
    def decisions(self) -> list[registries.ByDelegation]:
        """What the maire decided by delegation since the sitting before (L2122-23)."""
        return registries.decisions_for(self.sitting, self.reader) if self.reader else []

    # What a signature covers.

    @property
    def minutes_mark(self) -> str:
        """Another mark, another text."""
        told = asdict(self.evening) | {"offices": {}}
        return _mark([told, [_said(one) for one in self.deliberations], self.discussions, self.minutes.remarks])

    @property
    def attendance_mark(self) -> str:
        """Likewise for the attendance sheet."""
        return _mark([asdict(line) for line in self.lines])

    @property
    def closing_mark(self) -> str:
        """Likewise for the closing sheet of the register."""
        return _mark([[one.written, one.object, one.result] for one in self.deliberations] + self.evening.been_in)


def mark_of(deliberation: Deliberation) -> str:
    """What a signature on a délibération covers."""
    return _mark(_said(deliberation))


def _said(one: Deliberation) -> list[Any]:
    return [
        one.written,
        one.decided_on,
        one.object,
        one.rapporteur,
        one.text,
        one.result,
        one.sentence,
        one.ballots,
        one.roll,
    ]


def _mark(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def quorum_line(roll: Roll, sitting: SittingPage) -> str:
    """« 12 présents sur 19 membres en exercice : le quorum, 10, est atteint »."""
    present = typography.count(roll.counted, "présent")
    if not roll.quorum:
        why = without_quorum(sitting.instance).lower()
        if sitting.sitting_kind == SittingKind.SECOND:
            why = "seconde convocation, sans condition de quorum"
        return f"{present} sur {roll.in_office} membres en exercice ; {why}"
    state = "est atteint" if roll.counted >= roll.quorum else "n’est pas atteint"
    return f"{present} sur {roll.in_office} membres en exercice : le quorum, {roll.quorum}, {state}"


def named_votes(row: dict[str, Any]) -> list[dict[str, str]]:
    """Who voted how, where the ballot was public: names go in the minutes then alone (L2121-15)."""
    found = row["by_name"] or {}
    groups = {word: [name for name, said in found.items() if said == choice] for choice, word in CHOICES.items()}
    return [{"word": word, "names": ", ".join(people)} for word, people in groups.items() if people]


def earlier_rounds(row: dict[str, Any]) -> list[str]:
    """« 1er tour : Bernard Aubanel 3 voix, 1 blanc… » : each round but the last one, which the sentence of the ballot tells."""
    return [_round(number, one) for number, one in enumerate(row.get("round_results", [])[:-1], 1)]


def _round(number: int, one: dict[str, Any]) -> str:
    votes = ", ".join(f"{name} {typography.count(got, 'voix', 'voix')}" for name, got in one["candidates"].items())
    apart = (("blanks", "blanc"), ("nulls", "nul"), ("abstentions", "abstention"))
    rest = ", ".join(typography.count(one[name], word) for name, word in apart)
    which = "1er" if number == 1 else f"{number}e"
    needed = f"La majorité absolue est de {one['cast'] // 2 + 1} voix, personne ne l’obtient."
    return f"{which} tour : {votes}, {rest}. {needed}"


def elected_short(one: Deliberation) -> str:
    """The list's last column: « Approuvée », « Élection acquise : Nadia Benkacem »."""
    word = SHORT[Decided(one.result)]
    people = [name for row in one.ballots for name in row["elected"]]
    return f"{word} : {', '.join(people)}" if people else word
