"""The floor of a sitting: its state, comings and goings, the items, and the rows that ballots leave."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from council.clock import Kind
from council.participation import sentences
from council.participation.items import Item, chosen, some
from council.participation.kinds import Form, ItemKind, Result
from council.participation.opening import president_of, room_of
from council.participation.reading import Event, Refused, as_agenda_item, names
from council.participation.room import GROUNDS, Attendance, Withdrawal
from council.rules import Instance

# Of the figures of the law, those that hold in the room depend on no population.
ANY_COUNCIL = Instance(1)


class Floor:
    """Who is there, what is discussed. Every refusal is a Refused."""

    def __init__(self, opening: Event) -> None:
        self.on: date = opening.at.date()
        self.kind = chosen(Kind, opening.get("kind", Kind.ORDINARY), opening, "kind")
        self.room = room_of(opening, second=self.kind == Kind.SECOND)
        self.president: str = president_of(opening, self.room)
        self.presidents: dict[str, str] = {}
        self.secretaries: list[str] = []
        self.items: dict[str, Item] = {}
        self.agenda_known = opening.get("agenda") is not None
        self.current: Item | None = None
        self.state = "before"
        self.urgency: bool | None = None
        self.huis_clos: set[str] = set()
        self.rows: list[dict[str, Any]] = []
        for one in opening.get("agenda", []):
            self._write_item(as_agenda_item(one, opening), opening)

    # The opening, comings and goings.

    def open(self, event: Event) -> None:
        """The sitting opens; those named present come in."""
        if self.state != "before":
            raise Refused("la séance est déjà ouverte : retirez cette seconde ouverture.")
        self.state = "open"
        for one in names(event.get("present", []), "Les présents"):
            self.room.enter(one)

    def arrive(self, event: Event) -> None:
        """Somebody comes in, for the first time or not."""
        for one in some(event):
            self.room.enter(one)

    def come_back(self, event: Event) -> None:
        """Somebody who had left."""
        for one in some(event):
            self.room.enter(one, again=True)

    def leave(self, event: Event) -> None:
        """Somebody goes out; his pouvoir, if he gave one, starts to vote."""
        for one in some(event):
            self.room.leave(one)

    def give_pouvoir(self, event: Event) -> None:
        """One document covers three sittings at most, illness aside; then a new one may be given at once."""
        if event.get("from") is None or event.get("to") is None:
            raise Refused("dites qui donne pouvoir (« from ») et qui le porte (« to »).")
        row = ANY_COUNCIL.rule("pouvoir_sittings", self.on)
        rank = event.get("sitting_rank", 1)
        if rank < 1:
            raise Refused("« sitting_rank » dit pour la combientième séance ce pouvoir sert : 1 au moins.")
        if row and rank > row.value and not event.get("illness"):
            raise Refused(
                f"ce pouvoir a déjà servi à {row.value} séances de suite, il ne vaut plus (art. {row.article}) : un "
                "nouveau peut être donné tout de suite."
            )
        self.room.give(event.get("from"), event.get("to"))

    def revoke_pouvoir(self, event: Event) -> None:
        """Revocable at any time."""
        if event.get("from") is None:
            raise Refused("dites de qui le pouvoir est révoqué (« from »).")
        self.room.revoke(event.get("from"))

    def preside(self, event: Event) -> None:
        """Another president: of the item under discussion, or of the rest of the sitting."""
        if event.get("member") is None:
            raise Refused("dites qui préside (« member »).")
        one = self.room.member(event.get("member")).id
        if one not in self.room.present:
            raise Refused(f"{self.room.name(one)} n’est pas dans la salle : nommez un président qui y est.")
        number = event.get("item") or (self.current.number if self.current else None)
        if number is None or event.get("rest"):
            self.president = one
            self.presidents.pop(number or "", None)
        else:
            self.presidents[self._item(number).number] = one

    def appoint_secretary(self, event: Event) -> None:
        """One or more members (L2121-15); agents may assist."""
        for one in some(event):
            if self.room.member(one).id not in self.room.present:
                raise Refused(f"{self.room.name(one)} n’est pas dans la salle : nommez un secrétaire qui y est.")
        self.secretaries = event.members()

    def suspend(self, event: Event) -> None:
        """A pause; comings and goings are noted meanwhile."""
        self._refuse_open_ballot("suspendre")
        self.state = "suspended"

    def resume(self, event: Event) -> None:
        """The pause ends."""
        if self.state != "suspended":
            raise Refused("la séance n’est pas suspendue : il n’y a rien à reprendre.")
        self.state = "open"

    def close(self, event: Event) -> None:
        """Nothing may be left half voted."""
        self._refuse_open_ballot("lever")
        for item in self.items.values():
            if any(one.rounds and not one.over for one in item.elections.values()) and not item.off:
                raise Refused(
                    f"l’élection du point {item.number} n’a pas son dernier tour : faites-le, ou renvoyez le point à une "
                    "autre séance."
                )
        self.state = "closed"

    def correct(self, event: Event) -> None:
        """Applied while reading: what is here already counts."""

    def _refuse_open_ballot(self, deed: str) -> None:
        item = next((one for one in self.items.values() if one.open_ballot is not None), None)
        if item:
            raise Refused(
                f"un vote est ouvert au point {item.number} : donnez-en le résultat avant de {deed} la séance."
            )

    # Items.

    def call_item(self, event: Event) -> None:
        """The council comes to an item."""
        self._refuse_open_ballot("poursuivre")
        if "item" not in event.data:
            raise Refused("dites quel point s’ouvre (« item »).")
        self.current = self._write_item(event.data, event)

    def _write_item(self, data: Mapping[str, Any], event: Event) -> Item:
        number = data.get("item")
        if not isinstance(number, str) or not number:
            raise Refused(f"{event} : chaque point porte un numéro, entre guillemets (« item »).")
        before = self.items.get(number)
        if before and event.type == "open":
            raise Refused(f"{event} : le point {number} est deux fois à l’ordre du jour, gardez-le une fois.")
        item = before or Item(number, on_agenda=event.type == "open" or not self.agenda_known)
        if data.get("kind") is not None:
            kind = chosen(ItemKind, data["kind"], event, "kind")
            if before and kind != before.kind:
                raise Refused(f"l’ordre du jour dit que le point {number} est « {before.kind} » : gardez cette sorte.")
            item.kind = kind
        item.title = data.get("title") or item.title
        item.details |= {one: data[one] for one in ("office", "seats", "lists", "born") if data.get(one) is not None}
        self.items[number] = item
        return item

    def _item(self, number: str) -> Item:
        """A known item; where the agenda was not given, any."""
        if number not in self.items:
            if self.agenda_known:
                self._refuse_off_agenda(number)
            self.items[number] = Item(number)
        return self.items[number]

    def _refuse_off_agenda(self, number: str) -> None:
        raise Refused(
            f"le point {number} n’est pas à l’ordre du jour, le conseil ne peut pas en décider (art. L2121-10) : portez-le "
            "à la prochaine séance."
        )

    def _refuse_if_off(self, item: Item) -> None:
        if item.off:
            raise Refused(f"le point {item.number} est {item.off} : il se décidera à une autre séance.")

    def _refuse_if_voted(self, item: Item, name: str) -> None:
        if name in item.decided:
            ballot = f"le vote « {name} » du point {item.number}" if name else f"le point {item.number}"
            raise Refused(
                f"{ballot} a déjà son résultat : corrigez-le s’il est faux (« correct »), ou donnez un autre nom à ce vote "
                "(« name »)."
            )

    def _refuse_if_decided(self, item: Item) -> None:
        if "" in item.decided:
            raise Refused(
                f"le point {item.number} a déjà son résultat : corrigez-le d’abord s’il est faux (« correct »)."
            )

    def _about(self, event: Event) -> Item:
        number = event.get("item")
        if number is not None:
            return self._item(number)
        if self.current is None:
            raise Refused("dites de quel point il s’agit (« item »).")
        return self.current

    def withdraw(self, event: Event) -> None:
        """A member takes no part in an item; or, with nobody named, the item leaves the agenda."""
        item = self._about(event)
        if not event.members():
            self._take_off(item, event)
            return
        if event.get("ground") not in GROUNDS:
            raise Refused(f"dites pourquoi (« ground ») : {' ou '.join(GROUNDS)}.")
        if item.voted or item.open_ballot is not None:
            raise Refused(
                f"le vote du point {item.number} a commencé, et l’on se retire avant le débat : corrigez le vote s’il est "
                "faux (« correct »)."
            )
        apart = self.room.withdrawals.setdefault(item.number, {})
        for one in event.members():
            if self.room.member(one).id in apart:
                raise Refused(f"{self.room.name(one)} ne prend déjà pas part au point {item.number}.")
            apart[one] = Withdrawal(event.get("ground"), bool(event.get("left_room")))

    def _take_off(self, item: Item, event: Event) -> None:
        if not event.get("reason"):
            raise Refused("nommez le membre qui se retire (« member »), ou la raison qui retire le point (« reason »).")
        self._refuse_if_off(item)
        self._refuse_if_decided(item)
        self._refuse_open_ballot("poursuivre")
        item.off = "retiré"
        attendance = self.room.attendance(item.number)
        self._add(
            item, Form.ORDINARY, item.kind, attendance, Result.WITHDRAWN, sentences.taken_off(event.get("reason"))
        )

    # Rows.

    def _add(self, *row: Any, **more: Any) -> None:
        """One more row; what it takes is `_row`'s."""
        self.rows.append(self._row(*row, **more))

    def _row(
        self,
        item: Item | None,
        form: Form,
        kind: str,
        attendance: Attendance,
        result: Result,
        sentence: str,
        **more: Any,
    ) -> dict[str, Any]:
        """What `docs/events.md` says of a ballot, every key."""
        number = item.number if item else None
        row: dict[str, Any] = {
            "item": number,
            "name": "",
            "ballot": form.value,
            "kind": str(kind),
            "in_office": attendance.in_office,
            "members_counted": attendance.members_counted,
            "present": len(attendance.in_room),
            "present_for_quorum": len(attendance.taking_part),
            "quorum": attendance.quorum,
            "quorum_met": attendance.quorum_met,
            "represented": len(attendance.represented) if result != Result.NO_QUORUM else 0,
            "voting": 0,
            "votes_for": 0,
            "votes_against": 0,
            "abstentions": 0,
            "blanks": 0,
            "nulls": 0,
            "cast": 0,
            "needed": None,
            "result": result.value,
            "elected": [],
            "rounds": 0,
            "candidates": {},
            "round_results": [],
            "read_out": False,
            "by_name": None,
            "casting_vote_used": False,
            "huis_clos": "" in self.huis_clos or number in self.huis_clos,
            "president": self.presidents.get(number or "", self.president),
            "quorum_sentence": sentences.quorum(attendance, self.room),
            "sentence": sentence,
        }
        return row | more
