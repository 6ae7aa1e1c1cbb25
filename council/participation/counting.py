"""From what the operator typed to totals, and from totals to what the council decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from council.participation.kinds import Decision, Form, ItemKind, Result
from council.participation.reading import Event, Refused
from council.participation.room import Attendance, Room
from kb.typography import count

FOR, AGAINST, ABSTENTION = "for", "against", "abstention"
CHOICES = (FOR, AGAINST, ABSTENTION)
TOTALS = ("votes_for", "votes_against", "abstentions", "blanks", "nulls")


@dataclass(frozen=True)
class Tally:
    """The totals of a vote; `by_name` only where names were typed; the president's vote where it is known."""

    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    blanks: int = 0
    nulls: int = 0
    by_name: Mapping[str, str] | None = None
    president: str | None = None

    @property
    def cast(self) -> int:
        """Abstentions, blanks and nulls are no votes cast (L2121-20)."""
        return self.votes_for + self.votes_against


def has_votes(event: Event) -> bool:
    """Did the operator type anything that is a vote?"""
    return bool(event.get("unanimous")) or any(
        event.get(name) is not None for name in (*TOTALS, "votes", "groups", "others")
    )


def tally(event: Event, form: Form, attendance: Attendance, room: Room, president: str) -> Tally:
    """The totals that an event gives, checked against who may vote. Raises Refused."""
    voters = attendance.voters
    if event.get("unanimous"):
        if any(event.get(name) is not None for name in (*TOTALS, "votes", "groups", "others")):
            raise Refused(f"{event} : « unanimous » dit tout, retirez les autres voix.")
        names = None if form == Form.SECRET else dict.fromkeys(voters, FOR)
        return Tally(votes_for=len(voters), by_name=names, president=None if form == Form.SECRET else FOR)
    if any(event.get(name) is not None for name in ("votes", "groups", "others")):
        return _by_name(event, form, attendance, room, president)
    if form == Form.PUBLIC:
        raise Refused(f"{event} : au scrutin public chacun vote par son nom, donnez « votes » (art. L2121-21).")
    return _by_totals(event, form, len(voters))


def _by_name(event: Event, form: Form, attendance: Attendance, room: Room, president: str) -> Tally:
    if form == Form.SECRET:
        raise Refused(f"{event} : le scrutin est secret, seuls les totaux se saisissent.")
    if any(event.get(name) is not None for name in TOTALS):
        raise Refused(f"{event} : donnez les voix par nom ou en totaux, pas les deux.")
    names = _names_and_votes(event, attendance, room)
    said = event.get("president_votes")
    if said is not None and said != names.get(president):
        raise Refused(f"{event} : le vote du président est donné deux fois, et ce n’est pas le même : gardez le bon.")
    counts = {choice: list(names.values()).count(choice) for choice in CHOICES}
    return Tally(counts[FOR], counts[AGAINST], counts[ABSTENTION], by_name=names, president=names.get(president))


def _names_and_votes(event: Event, attendance: Attendance, room: Room) -> dict[str, str]:
    said = _said(event, room)
    groups = event.get("groups", {})
    for choice in (*said.values(), *groups.values(), *([event.get("others")] if event.get("others") else [])):
        if choice not in CHOICES:
            raise Refused(f"{event} : « {choice} » n’est pas un vote, écrivez {', '.join(CHOICES)}.")
    stranger = next((one for one in groups if one not in {member.group for member in room.members.values()}), None)
    if stranger is not None:
        raise Refused(f"{event} : aucun membre n’est du groupe « {stranger} », corrigez « groups » ou l’ouverture.")
    for one in said:
        if one not in attendance.voters:
            raise Refused(f"{event} : {_why_no_vote(one, attendance, room)}")
    found = {
        one: said.get(one) or groups.get(room.member(one).group) or event.get("others") for one in attendance.voters
    }
    missing = [room.name(one) for one, choice in found.items() if not choice]
    if missing:
        raise Refused(
            f"{event} : il manque le vote de {', '.join(missing)} ; donnez-le, ou « others » pour tous les autres."
        )
    return {one: choice for one, choice in found.items() if choice}


def _said(event: Event, room: Room) -> dict[str, str]:
    """`votes` as a mapping, or as a list of {member, vote}, in which nobody votes twice."""
    votes = event.get("votes", {})
    if isinstance(votes, dict):
        return votes
    found: dict[str, str] = {}
    for one in votes:
        if not isinstance(one, dict) or set(one) != {"member", "vote"}:
            raise Refused(f"{event} : chaque vote porte « member » et « vote ».")
        if not isinstance(one["member"], str):
            raise Refused(f"{event} : « member » est l’id d’un membre.")
        if one["member"] in found:
            raise Refused(f"{event} : {room.name(one['member'])} vote deux fois, gardez un seul vote.")
        found[one["member"]] = one["vote"]
    return found


def _why_no_vote(one: str, attendance: Attendance, room: Room) -> str:
    name = room.member(one).name
    if one in attendance.in_room:
        return f"{name} ne prend pas part à ce vote : retirez son vote."
    if one in room.pouvoirs:
        holder = room.name(room.pouvoirs[one])
        return f"le pouvoir de {name} ne compte pas ici ({holder} ne vote pas) : retirez ce vote."
    return f"{name} n’est ni présent ni représenté : notez son arrivée ou son pouvoir, ou retirez son vote."


def _by_totals(event: Event, form: Form, voting: int) -> Tally:
    given = {name: event.get(name, 0) for name in TOTALS}
    if form != Form.SECRET and (given["blanks"] or given["nulls"]):
        raise Refused(f"{event} : à main levée il n’y a ni blanc ni nul, comptez des abstentions.")
    check_total(event, sum(given.values()), voting, complete=event.get("abstentions") is not None)
    given["abstentions"] += voting - sum(given.values())
    vote = event.get("president_votes") if form != Form.SECRET else None
    if vote is not None and (vote not in CHOICES or given[TOTALS[CHOICES.index(vote)]] == 0):
        raise Refused(f"{event} : le vote du président (« {vote} ») n’est pas dans les totaux.")
    return Tally(**given, president=vote)


def check_total(event: Event, typed: int, voting: int, *, complete: bool) -> None:
    """As many votes as voters: more, and somebody voted twice; fewer, and what is missing is abstention unless said."""
    if typed > voting:
        raise Refused(
            f"{event} : {count(typed, 'voix', 'voix')} pour {count(voting, 'votant')}, quelqu’un a voté deux fois : "
            "recomptez."
        )
    if complete and typed < voting:
        raise Refused(
            f"{event} : {count(typed, 'voix', 'voix')} pour {count(voting, 'votant')}, il en manque {voting - typed} : "
            "recomptez."
        )


@dataclass(frozen=True)
class Outcome:
    """The result, and whether the president's vote made it."""

    result: Result
    casting_vote_used: bool = False
    needed: int | None = None


def outcome(kind: str, form: Form, votes: Tally, attendance: Attendance, event: Event) -> Outcome:
    """What the council decided. Raises Refused where a tie needs the president's vote and nobody typed it."""
    if kind == ItemKind.ACCOUNTS:
        # L1612-12: adopted unless a majority is against, so that a tie adopts, whatever the ballot.
        return _either(votes.votes_against <= votes.votes_for)
    if kind == Decision.HUIS_CLOS:
        # L2121-18: of the members present or represented, so that an abstention counts against.
        needed = len(attendance.voters) // 2 + 1
        return Outcome(_either(votes.votes_for >= needed).result, needed=needed)
    if kind == Decision.WAIVE_SECRECY:
        return _either(votes.votes_for > 0 and votes.votes_against == 0)
    if votes.votes_for != votes.votes_against:
        return _either(votes.votes_for > votes.votes_against)
    if form == Form.SECRET or votes.cast == 0:
        return _either(False)
    if votes.president is None:
        raise Refused(f"{event} : à égalité, la voix du président décide : donnez-la (« president_votes »).")
    if votes.president == ABSTENTION:
        return _either(False)
    return Outcome(_either(votes.president == FOR).result, casting_vote_used=True)


def _either(adopted: bool) -> Outcome:
    return Outcome(Result.ADOPTED if adopted else Result.REJECTED)
