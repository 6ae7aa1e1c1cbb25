"""What the opening of a sitting says: who is in office, who is maire, who presides."""

from fractions import Fraction
from typing import Any

from council.participation.elections import read_day
from council.participation.reading import Event, Refused
from council.participation.room import Member, Room


def room_of(opening: Event, *, second: bool) -> Room:
    """The members in office, from the opening."""
    members: dict[str, Member] = {}
    for one in opening.get("members", []):
        member = _member(one, opening)
        if member.id in members:
            raise Refused(f"{opening} : {member.id} est deux fois parmi les membres, gardez-le une fois.")
        members[member.id] = member
    in_office = opening.get("in_office", len(members))
    if not members or in_office < len(members):
        raise Refused(
            f"{opening} : « members » nomme tous les membres en exercice, et il y en a {len(members)} pour {in_office} annoncés "
            "(« in_office »)."
        )
    room = Room(members, in_office, second=second, share=_share(opening))
    if opening.get("maire") is not None:
        room.maire = room.member(opening.get("maire")).id
    elif "maire" not in opening.data and opening.get("president") is not None:
        room.maire = room.member(opening.get("president")).id
    return room


SHARES = {"1/2": Fraction(1, 2), "1/3": Fraction(1, 3), "0": Fraction(0), "unknown": None}


def _share(opening: Event) -> Fraction | None:
    """Of the members in office, what the quorum exceeds: a conseil municipal's unless said."""
    said = opening.get("quorum", "1/2")
    if said not in SHARES:
        raise Refused(f"{opening} : « quorum » vaut « {said} », choisissez entre {', '.join(SHARES)}.")
    return SHARES[said]


def _member(one: Any, opening: Event) -> Member:
    if isinstance(one, str) and one:
        return Member(one, one)
    texts = [one.get("id"), one.get("name") or "", one.get("group") or ""] if isinstance(one, dict) else [None]
    if not texts[0] or not all(isinstance(text, str) for text in texts) or set(one) - {"id", "name", "born", "group"}:
        raise Refused(
            f"{opening} : un membre de « members » est un id, ou porte « id », « name », « born » et « group », des textes."
        )
    born = one.get("born")
    return Member(one["id"], one.get("name") or one["id"], read_day(born) if born else None, one.get("group") or "")


def president_of(opening: Event, room: Room) -> str:
    """Who presides at first. Raises Refused."""
    one = opening.get("president", room.maire)
    if one is None:
        raise Refused(f"{opening} : dites qui préside (« president »).")
    return room.member(one).id
