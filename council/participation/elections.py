"""Appointments: three rounds by majority, lists by largest remainder, a single candidacy read out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from council.participation.counting import check_total
from council.participation.kinds import Method, Office
from council.participation.reading import Event, Refused, is_whole, names
from council.participation.room import Attendance, Room


@dataclass(frozen=True)
class Round:
    """One round: the votes of each candidate and what was not a vote cast."""

    candidates: Mapping[str, int]
    abstentions: int = 0
    blanks: int = 0
    nulls: int = 0

    @property
    def cast(self) -> int:
        """Blanks, nulls and abstentions are out."""
        return sum(self.candidates.values())

    @property
    def needed(self) -> int:
        """The absolute majority of the votes cast."""
        return self.cast // 2 + 1


@dataclass
class Election:
    """One appointment under way: whom, among whom, and the rounds so far."""

    office: Office
    seats: int = 1
    lists: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    born: dict[str, date] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    elected: list[str] = field(default_factory=list)
    over: bool = False
    row: int = -1

    def name(self, candidate: str, room: Room) -> str:
        """As it is written: a list's title, or a person's name."""
        return self.titles.get(candidate) or room.name(candidate)

    def people(self, candidate: str) -> list[str]:
        """The persons behind a candidacy, in the order of the list."""
        return self.lists.get(candidate, [candidate])

    def birth(self, person: str, room: Room) -> date:
        """The day that breaks a tie. Raises Refused where nobody typed it."""
        found = self.born.get(person) or (room.members[person].born if person in room.members else None)
        if found is None:
            raise Refused(
                f"À égalité, le plus âgé l’emporte : donnez la date de naissance de {room.name(person)} (« born »)."
            )
        return found


def read_day(text: Any) -> date:
    """A date of birth. Raises Refused."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Refused(f"« {text} » n’est pas une date de naissance : écrivez AAAA-MM-JJ.") from None


def describe(election: Election, data: Mapping[str, Any], room: Room) -> None:
    """What an item or a ballot says of the election: its seats, its lists, dates of birth."""
    if data.get("seats") is not None:
        election.seats = data["seats"]
        if election.seats < 1:
            raise Refused("Il y a un siège au moins à pourvoir : corrigez « seats ».")
    for one, day in (data.get("born") or {}).items():
        election.born[one] = read_day(day)
    for code, one in (data.get("lists") or {}).items():
        people = one.get("members") if isinstance(one, dict) else one
        election.lists[code] = names(people, f"Les membres de la liste {code}")
        if not people:
            raise Refused(f"La liste {code} n’a personne : nommez ses membres.")
        election.titles[code] = one.get("name", code) if isinstance(one, dict) else code
    if election.office.members_only:
        for person in (person for people in election.lists.values() for person in people):
            room.member(person)
    everyone = [person for people in election.lists.values() for person in people]
    twice = next((person for person in everyone if everyone.count(person) > 1), None)
    if twice:
        raise Refused(f"{room.name(twice)} est sur deux listes : gardez-en une.")


def read_round(election: Election, data: Mapping[str, Any], event: Event, attendance: Attendance, room: Room) -> Round:
    """The totals of one round, checked against who may vote."""
    votes = data.get("candidates")
    if not isinstance(votes, dict) or not votes:
        raise Refused(f"{event} : donnez les voix de chaque candidat (« candidates »).")
    for candidate, number in votes.items():
        if not is_whole(number):
            raise Refused(f"{event} : les voix de {candidate} sont un nombre entier, 0 au moins.")
        check_candidate(election, candidate, event, room)
    apart = {name: data.get(name) or 0 for name in ("abstentions", "blanks", "nulls")}
    if not all(is_whole(one) for one in apart.values()):
        raise Refused(f"{event} : blancs, nuls et abstentions sont des nombres entiers, 0 au moins.")
    voting, typed = len(attendance.voters), sum(votes.values()) + sum(apart.values())
    check_total(event, typed, voting, complete=data.get("abstentions") is not None)
    apart["abstentions"] += voting - typed
    return Round(dict(votes), **apart)


def check_candidate(election: Election, candidate: str, event: Event, room: Room) -> None:
    """A list where the law asks for lists; a member where it asks for members."""
    office = election.office
    if office.method != Method.MAJORITY and candidate not in election.lists:
        raise Refused(f"{event} : {office.title} s’élit par listes, décrivez la liste « {candidate} » (« lists »).")
    if office.members_only and candidate not in election.lists:
        room.member(candidate)


def settle(election: Election, latest: Round, room: Room, absolute_rounds: int) -> None:
    """Adds a round and says who is elected, if anybody."""
    election.rounds.append(latest)
    if election.office.method == Method.PROPORTIONAL:
        election.elected = proportional(election, latest, room) if latest.cast else []
        election.over = True
        return
    winner = _winner(election, latest, room, absolute_rounds)
    election.elected = election.people(winner) if winner else []
    election.over = bool(winner) or len(election.rounds) > absolute_rounds


def _winner(election: Election, latest: Round, room: Room, absolute_rounds: int) -> str | None:
    """Absolute majority in the first rounds, relative in the last one, the oldest on a tie (L2122-7, L2121-21)."""
    best = max(latest.candidates.values())
    first = [one for one, votes in latest.candidates.items() if votes == best]
    if len(election.rounds) <= absolute_rounds:
        return first[0] if best >= latest.needed else None
    if best == 0:
        return None
    return first[0] if len(first) == 1 else _oldest(election, first, room)


def _oldest(election: Election, candidates: Sequence[str], room: Room) -> str:
    """The oldest, or the list with the highest average age (L2122-7-2). Raises Refused on the very same age."""
    ages = {one: _mean_birth(election, one, room) for one in candidates}
    oldest = [one for one in candidates if ages[one] == min(ages.values())]
    if len(oldest) > 1:
        raise Refused("Égalité de voix et d’âge : la loi ne départage pas, votez de nouveau.")
    return oldest[0]


def _mean_birth(election: Election, candidate: str, room: Room) -> Fraction:
    days = [election.birth(person, room).toordinal() for person in election.people(candidate)]
    return Fraction(sum(days), len(days))


def proportional(election: Election, votes: Round, room: Room) -> list[str]:
    """Seats by quotient, then largest remainder; on equal remainders the list with more votes, then the oldest
    candidate who may have the seat (D1411-4). What a short list cannot fill goes to the others (R123-8 CASF)."""
    quotient = Fraction(votes.cast, election.seats)
    won = {one: min(int(number / quotient), len(election.lists[one])) for one, number in votes.candidates.items()}
    rest = {one: number - won[one] * quotient for one, number in votes.candidates.items()}
    while sum(won.values()) < election.seats:
        best = _next_seat(election, votes, won, rest, room)
        if best is None:
            break
        won[best] += 1
        rest[best] -= quotient
    return [person for one, number in won.items() for person in election.lists[one][:number]]


def _next_seat(
    election: Election, votes: Round, won: Mapping[str, int], rest: Mapping[str, Fraction], room: Room
) -> str | None:
    """The list that takes the next seat; None where no list has anybody left."""
    able = [one for one, number in won.items() if number < len(election.lists[one]) and votes.candidates[one]]
    if not able:
        return None
    top = max((rest[one], votes.candidates[one]) for one in able)
    first = [one for one in able if (rest[one], votes.candidates[one]) == top]
    if len(first) == 1:
        return first[0]
    return min(first, key=lambda one: election.birth(election.lists[one][won[one]], room))
