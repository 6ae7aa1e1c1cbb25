"""The French sentences that the register keeps."""

from collections.abc import Mapping, Sequence

from council.participation.counting import ABSTENTION, AGAINST, FOR, Tally
from council.participation.elections import Election
from council.participation.kinds import FORMS, Decision, Form, ItemKind, Method, Result
from council.participation.room import Attendance, Room
from kb.typography import count
from kb.typography import signs as typeset

SUBJECTS: dict[str, tuple[str, str]] = {
    Decision.URGENCY: ("L’urgence est reconnue", "L’urgence n’est pas reconnue"),
    Decision.HUIS_CLOS: ("La séance se poursuit à huis clos", "Le huis clos est rejeté, la séance reste publique"),
    Decision.POSTPONEMENT: ("L’affaire est renvoyée à une autre séance", "L’affaire reste à l’ordre du jour"),
    Decision.WAIVE_SECRECY: (
        "Le conseil renonce au scrutin secret, à l’unanimité",
        "Faute d’unanimité, le scrutin reste secret",
    ),
    ItemKind.ACCOUNTS: ("Les comptes sont adoptés", "Les comptes sont rejetés"),
}
WHOLE_TEXT = ("La délibération est adoptée", "La délibération est rejetée")
PART = (
    "La proposition est adoptée",
    "La proposition est rejetée",
)  # an amendment, a chapter: the text has its own vote


def quorum(attendance: Attendance, room: Room) -> str:
    """Why the council may vote, or may not."""
    present = count(len(attendance.taking_part), "présent compté", "présents comptés")
    if room.share is None:
        return typeset(f"Quorum à demander : la règle de cette instance n’est pas connue ({present}).")
    if not room.share:
        return typeset(f"Sans condition de quorum ({present}).")
    if room.second:
        return typeset(f"Seconde convocation : le conseil délibère sans condition de quorum ({present}).")
    fallen = attendance.in_office - attendance.members_counted
    office = f"{count(attendance.members_counted, 'membre')} en exercice"
    if fallen:
        office += f" ({attendance.in_office}, moins {fallen} au titre de l’article L1111-6)"
    state = "il est atteint" if attendance.quorum_met else "il n’est pas atteint"
    return typeset(f"Quorum : {present} pour {office}, il en faut {attendance.quorum} : {state}.")


def no_quorum(attendance: Attendance, room: Room) -> str:
    """The vote that could not be held."""
    return typeset(f"{quorum(attendance, room)} Le conseil ne peut pas délibérer.")


def vote(
    kind: str, form: Form, votes: Tally, result: Result, attendance: Attendance, *, casting: bool, name: str = ""
) -> str:
    """Totals, then what the council decides; `name` where an item has several votes."""
    text = f"Scrutin {FORMS[form]}" if form != Form.ORDINARY else "Vote à main levée"
    text += f", {_voters(attendance)} : {_totals(votes, form)}. "
    return typeset(text + f"{_decided(kind, votes, result, attendance, casting=casting, name=name)}.")


def _voters(attendance: Attendance) -> str:
    represented = len(attendance.represented)
    text = count(len(attendance.voters), "votant")
    return f"{text} dont {count(represented, 'représenté')}" if represented else text


def _totals(votes: Tally, form: Form) -> str:
    parts = [f"{votes.votes_for} pour", f"{votes.votes_against} contre", count(votes.abstentions, "abstention")]
    if form == Form.SECRET:
        parts += [count(votes.blanks, "blanc"), count(votes.nulls, "nul")]
    return ", ".join(parts)


def _decided(kind: str, votes: Tally, result: Result, attendance: Attendance, *, casting: bool, name: str) -> str:
    adopted, rejected = SUBJECTS.get(kind, PART if name else WHOLE_TEXT)
    text = adopted if result == Result.ADOPTED else rejected
    if kind == Decision.HUIS_CLOS:
        needed = len(attendance.voters) // 2 + 1
        return (
            f"{text} ({votes.votes_for} voix, il en faut {needed} sur {len(attendance.voters)} présents ou représentés)"
        )
    everybody = votes.votes_for == len(attendance.voters)
    if kind == Decision.WAIVE_SECRECY:
        return text if result == Result.REJECTED or everybody else f"{text} des suffrages exprimés"
    if casting:
        return f"{text} : à égalité, la voix du président l’emporte"
    if votes.votes_for == votes.votes_against:
        return f"{text} : {_why_tie(kind, votes)}"
    if result == Result.ADOPTED and not votes.votes_against and kind != Decision.URGENCY:
        return f"{text} à l’unanimité" + ("" if everybody else " des suffrages exprimés")
    return text


def _why_tie(kind: str, votes: Tally) -> str:
    if kind == ItemKind.ACCOUNTS:
        return "aucune majorité ne s’est dégagée contre eux"
    if not votes.cast:
        return "aucun suffrage n’est exprimé"
    return "à égalité, le président s’étant abstenu" if votes.president == ABSTENTION else "égalité au scrutin secret"


def named(by_name: Mapping[str, str], room: Room) -> str:
    """Who voted how: for a public ballot alone, whose names go in the minutes."""
    words = {FOR: ("Pour", "Pour"), AGAINST: ("Contre", "Contre"), ABSTENTION: ("Abstention", "Abstentions")}
    parts = []
    for choice, (word, plural) in words.items():
        people = [room.name(one) for one, said in by_name.items() if said == choice]
        if people:
            parts.append(f"{plural if len(people) > 1 else word} : {', '.join(people)}.")
    return typeset(" ".join(parts))


def election(one: Election, room: Room, form: Form) -> str:
    """The last round, and who is elected."""
    last, number = one.rounds[-1], len(one.rounds)
    votes = ", ".join(f"{one.name(who, room)} {count(got, 'voix', 'voix')}" for who, got in last.candidates.items())
    text = f"{_title(one)}, {_round(number, one)}, scrutin {FORMS[form]} : {votes}"
    text += f", {count(last.blanks, 'blanc')}, {count(last.nulls, 'nul')}, {count(last.abstentions, 'abstention')}. "
    return typeset(text + _elected(one, room))


def _round(number: int, one: Election) -> str:
    if one.office.method == Method.PROPORTIONAL:
        return f"{count(one.seats, 'siège')} à la représentation proportionnelle au plus fort reste"
    return "1er tour" if number == 1 else f"{number}e tour"


def _elected(one: Election, room: Room) -> str:
    if one.elected:
        people = ", ".join(room.name(person) for person in one.elected)
        return f"Le conseil élit : {people}."
    if one.over:
        return "Personne n’est élu."
    return f"La majorité absolue est de {one.rounds[-1].needed} voix, personne ne l’obtient : un autre tour s’ouvre."


def read_out(one: Election, room: Room) -> str:
    """A single candidacy takes effect when it is read (L2121-21): a list, or one person for each seat."""
    people = ", ".join(room.name(person) for person in one.elected)
    single = "une seule liste" if set(one.elected) & {who for names in one.lists.values() for who in names} else ""
    single = single or ("une seule candidature" if len(one.elected) == 1 else "une seule candidature par siège")
    effect = "La nomination prend" if len(one.elected) == 1 else "Les nominations prennent"
    return typeset(f"{_title(one)} : {single}, lue par le président. {effect} effet : {people}.")


def _title(one: Election) -> str:
    return one.office.title[:1].upper() + one.office.title[1:]


def taken_off(reason: str, who: Sequence[str] = ()) -> str:
    """An item that leaves the agenda keeps its number and its reason."""
    by = f" par {', '.join(who)}" if who else ""
    return typeset(f"Affaire retirée de l’ordre du jour{by} : {reason.rstrip('.')}.")


def carried_over(reason: str) -> str:
    """« Porter à la prochaine séance » : nobody votes."""
    because = f" : {reason.rstrip('.')}" if reason else ""
    return typeset(f"Affaire portée à la prochaine séance{because}.")


TAKES_NOTE = "Le conseil prend acte."
