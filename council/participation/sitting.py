"""One sitting, event after event: who is there, what is put to the vote, what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from council.clock import Kind
from council.participation import counting, elections, sentences
from council.participation.elections import Election
from council.participation.kinds import (
    OFFICES,
    WITHOUT_VOTE,
    Decision,
    Form,
    ItemKind,
    Method,
    Result,
)
from council.participation.reading import ROUND, Event, Refused, as_agenda_item, names
from council.participation.room import GROUNDS, Attendance, Member, Room, Withdrawal
from council.rules import Instance
from kb.typography import count

BEFORE_THE_OPENING = frozenset({"arrive", "leave", "return", "proxy_given", "proxy_revoked"})
WHILE_SUSPENDED = BEFORE_THE_OPENING | {"resume"}
# Of the figures of the law, those that hold in the room depend on no population.
ANY_COUNCIL = Instance(1)


@dataclass
class Item:
    """An item of the agenda, and what has happened to it so far."""

    number: str
    title: str = ""
    kind: ItemKind = ItemKind.DELIBERATION
    details: dict[str, Any] = field(default_factory=dict)
    on_agenda: bool = True
    off: str = ""
    voted: bool = False
    secrecy_waived: bool = False
    asked: dict[Form, list[str]] = field(default_factory=dict)
    required: Form | None = None
    open_ballot: str | None = None
    elections: dict[str, Election] = field(default_factory=dict)


class Sitting:
    """Takes events one by one; `rows` holds what is known of each ballot. Every refusal is a Refused."""

    def __init__(self, opening: Event) -> None:
        self.on: date = opening.at.date()
        self.kind = _member_of(Kind, opening.get("kind", Kind.ORDINARY), opening, "kind")
        self.room = _room(opening, second=self.kind == Kind.SECOND)
        self.president: str = _president(opening, self.room)
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

    def take(self, event: Event) -> None:
        """One event. Raises Refused, which names the event."""
        try:
            self._check_state(event)
            _HANDLERS[event.type](self, event)
        except Refused as refusal:
            said = str(refusal)
            raise Refused(said if said.startswith("Événement") else f"{event} : {said}") from None

    def _check_state(self, event: Event) -> None:
        if event.type == "correct":
            return
        if self.state == "before" and event.type not in BEFORE_THE_OPENING | {"open"}:
            raise Refused("la séance n’est pas ouverte : commencez par « open ».")
        if self.state == "suspended" and event.type not in WHILE_SUSPENDED:
            raise Refused("la séance est suspendue : reprenez-la d’abord (« resume »).")
        if self.state == "closed":
            raise Refused("la séance est levée : après la clôture on ne fait que corriger (« correct »).")

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
        for one in _some(event):
            self.room.enter(one)

    def come_back(self, event: Event) -> None:
        """Somebody who had left."""
        for one in _some(event):
            self.room.enter(one, again=True)

    def leave(self, event: Event) -> None:
        """Somebody goes out; his pouvoir, if he gave one, starts to vote."""
        for one in _some(event):
            self.room.leave(one)

    def give_pouvoir(self, event: Event) -> None:
        """One document covers three sittings at most, illness aside; then a new one may be given at once."""
        row = ANY_COUNCIL.rule("pouvoir_sittings", self.on)
        rank = event.get("sitting_rank", 1)
        if rank < 1:
            raise Refused("« sitting_rank » dit pour la combientième séance ce pouvoir sert : 1 au moins.")
        if row and rank > row.value and not event.get("illness"):
            raise Refused(
                f"ce pouvoir a déjà servi à {row.value} séances de suite, il ne vaut plus (art. {row.article}) : un "
                "nouveau peut être donné tout de suite."
            )
        self.room.give(event.get("from", ""), event.get("to", ""))

    def revoke_pouvoir(self, event: Event) -> None:
        """Revocable at any time."""
        self.room.revoke(event.get("from", ""))

    def preside(self, event: Event) -> None:
        """Another president: of the item under discussion, or of the rest of the sitting."""
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
        for one in _some(event):
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
            kind = _member_of(ItemKind, data["kind"], event, "kind")
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

    def _about(self, event: Event) -> Item:
        number = event.get("item")
        if number is None and self.current is None:
            raise Refused("dites de quel point il s’agit (« item »).")
        return self._item(number) if number is not None else self.current  # type: ignore[return-value]

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
        self._refuse_open_ballot("poursuivre")
        item.off = "retiré"
        attendance = self.room.attendance(item.number)
        self._add(
            item, Form.ORDINARY, item.kind, attendance, Result.WITHDRAWN, sentences.taken_off(event.get("reason"))
        )

    # Ballots.

    def request_ballot(self, event: Event) -> None:
        """A quarter of the present make a ballot public, a third make it secret, and secret wins (L2121-21)."""
        item = self._about(event)
        form = _member_of(Form, event.get("ballot"), event, "ballot")
        if form == Form.ORDINARY:
            raise Refused("le vote à main levée ne se demande pas : écrivez public ou secret.")
        taking_part = self.room.attendance(item.number, accounts=item.kind == ItemKind.ACCOUNTS).taking_part
        for one in _some(event):
            if self.room.member(one).id not in taking_part:
                raise Refused(f"{self.room.name(one)} ne prend pas part à ce point : seuls les présents demandent.")
        asked = item.asked.setdefault(form, [])
        asked.extend(one for one in event.members() if one not in asked)
        share = ANY_COUNCIL.rule("public_share" if form == Form.PUBLIC else "secret_share", self.on)
        if share and len(asked) >= share.value * len(taking_part) and item.required != Form.SECRET:
            item.required = form

    def ballot(self, event: Event) -> None:
        """One vote, or one round of an election; on several items when voted together."""
        if event.get("items") is not None and event.get("item") is not None:
            raise Refused("donnez « item » ou « items », pas les deux.")
        together = names(event.get("items", []), "Les points votés ensemble")
        found = [self._item(number) for number in together] if together else [self._about(event)]
        for item in found:
            self._vote_on(item, event)

    def _vote_on(self, item: Item, event: Event) -> None:
        kind = self._kind_of_ballot(item, event)
        self._check_decidable(item)
        name = event.get("name", "")
        if item.open_ballot is not None and item.open_ballot != name:
            raise Refused(f"un autre vote est ouvert au point {item.number} : donnez d’abord son résultat.")
        if event.get("open"):
            if _typed(event):
                raise Refused("un vote qui s’ouvre n’a pas encore de voix : donnez-les à sa clôture, sans « open ».")
            item.open_ballot = name
            return
        self._check_what_is_typed(event, kind)
        attendance = self.room.attendance(item.number, accounts=kind == ItemKind.ACCOUNTS)
        president = self._president_of(item, attendance, accounts=kind == ItemKind.ACCOUNTS)
        form = self._form_of_ballot(item, event, kind, attendance)
        item.open_ballot = None
        if kind == ItemKind.APPOINTMENT:
            self._elect(item, event, name, form, attendance, president)
        elif self._stands(item, form, kind, attendance, name=name):
            self._count(item, event, kind, form, attendance, president, name=name)

    def _kind_of_ballot(self, item: Item, event: Event) -> ItemKind:
        if item.kind in WITHOUT_VOTE:
            raise Refused(
                f"le point {item.number} est {WITHOUT_VOTE[item.kind]}, on n’y décide rien : portez-le à la prochaine séance."
            )
        kind = _member_of(ItemKind, event.get("kind", item.kind), event, "kind")
        if kind in WITHOUT_VOTE or item.kind not in (kind, ItemKind.DELIBERATION):
            raise Refused(f"le point {item.number} est « {item.kind} » : votez-le comme tel.")
        return kind

    def _check_what_is_typed(self, event: Event, kind: ItemKind) -> None:
        """Votes for and against are no votes for a candidate: neither is left out in silence."""
        if kind == ItemKind.APPOINTMENT:
            wrong = [
                one
                for one in ("votes", "groups", "others", "unanimous", "votes_for", "votes_against")
                if one in event.data
            ]
        else:
            wrong = [
                one for one in ("candidates", "rounds", "round", "read_out", "office", "seats") if one in event.data
            ]
        if wrong:
            way_out = "donnez « candidates »" if kind == ItemKind.APPOINTMENT else "dites « kind » : appointment"
            raise Refused(f"« {wrong[0]} » ne va pas avec ce vote ({kind}) : {way_out}, ou retirez-le.")

    def _check_decidable(self, item: Item) -> None:
        if not item.on_agenda:
            self._refuse_off_agenda(item.number)
        self._refuse_if_off(item)
        if self.kind == Kind.URGENT and self.urgency is None:
            raise Refused("le conseil se prononce d’abord sur l’urgence (« decide », « urgency »).")
        if self.kind == Kind.URGENT and self.urgency is False:
            raise Refused("l’urgence n’a pas été reconnue : renvoyez le point à une autre séance.")

    def _refuse_if_off(self, item: Item) -> None:
        if item.off:
            raise Refused(f"le point {item.number} est {item.off} : il se décidera à une autre séance.")

    def _president_of(self, item: Item | None, attendance: Attendance, *, accounts: bool = False) -> str:
        """The president of the item, who must be there and take part."""
        one = self.presidents.get(item.number, self.president) if item else self.president
        if accounts and one == self.room.maire:
            raise Refused(
                "pour les comptes le conseil élit un autre président que le maire (art. L2121-14) : nommez-le (« preside »)."
            )
        if one not in attendance.taking_part:
            raise Refused(
                f"{self.room.name(one)} préside mais ne prend pas part à ce vote : nommez un autre président (« preside »)."
            )
        return one

    def _form_of_ballot(self, item: Item, event: Event, kind: ItemKind, attendance: Attendance) -> Form:
        given = event.get("ballot")
        form = None if given is None else _member_of(Form, given, event, "ballot")
        required = item.required
        if kind == ItemKind.APPOINTMENT and not item.secrecy_waived and not event.get("read_out"):
            required = Form.SECRET
        if required and form not in (None, required):
            raise Refused(f"{_why_required(item, required, kind)} : votez ainsi.")
        return required or form or Form.ORDINARY

    def _stands(self, item: Item | None, form: Form, kind: str, attendance: Attendance, *, name: str = "") -> bool:
        """Is there a quorum? Where there is none, that is the result."""
        if attendance.quorum_met:
            return True
        self._add(item, form, kind, attendance, Result.NO_QUORUM, sentences.no_quorum(attendance), name=name, voting=0)
        return False

    def _count(
        self,
        item: Item | None,
        event: Event,
        kind: str,
        form: Form,
        attendance: Attendance,
        president: str,
        *,
        name: str,
    ) -> Result:
        if not counting.has_votes(event):
            raise Refused("donnez les voix : « votes », « unanimous », ou « votes_for » et « votes_against ».")
        votes = counting.tally(event, form, attendance, self.room, president)
        found = counting.outcome(kind, form, votes, attendance, event)
        sentence = sentences.vote(kind, form, votes, found.result, attendance, casting=found.casting_vote_used)
        by_name = dict(votes.by_name) if form == Form.PUBLIC and votes.by_name else None
        if by_name:
            sentence += f" {sentences.named(by_name, self.room)}"
        self._add(
            item, form, kind, attendance, found.result, sentence, name=name, voting=len(attendance.voters),
            votes_for=votes.votes_for, votes_against=votes.votes_against, abstentions=votes.abstentions,
            blanks=votes.blanks, nulls=votes.nulls, cast=votes.cast, casting_vote_used=found.casting_vote_used,
            needed=found.needed, by_name=by_name,
        )  # fmt: skip
        if item and kind in list(ItemKind):
            item.voted = True
        return found.result

    # Appointments.

    def _elect(self, item: Item, event: Event, name: str, form: Form, attendance: Attendance, president: str) -> None:
        election = self._election(item, event, name)
        self._check_eldest(election, attendance, president)
        if event.get("read_out"):
            self._read_out(item, election, event, attendance, name)
            return
        rounds = event.get("rounds")
        if rounds is not None and not all(isinstance(one, dict) and set(one) <= ROUND for one in rounds):
            raise Refused(f"« rounds » est la liste des tours, chacun avec {', '.join(sorted(ROUND))}.")
        for data in rounds if rounds is not None else [event.data]:
            self._one_round(item, election, data, event, form, attendance, name)

    def _election(self, item: Item, event: Event, name: str) -> Election:
        office = event.get("office", item.details.get("office", "other"))
        if office not in OFFICES:
            raise Refused(f"la fonction « {office} » n’est pas connue : choisissez entre {', '.join(OFFICES)}.")
        if name not in item.elections:
            item.elections[name] = Election(OFFICES[office])
            elections.describe(item.elections[name], item.details, self.room)
        election = item.elections[name]
        if election.office.code != office:
            raise Refused(f"ce tour est celui de « {election.office.code} » : gardez la même fonction.")
        elections.describe(election, event.data, self.room)
        return election

    def _check_eldest(self, election: Election, attendance: Attendance, president: str) -> None:
        """L2122-8: the eldest member presides over the election of the maire."""
        born = {one: self.room.members[one].born for one in attendance.taking_part}
        if not election.office.eldest_presides or None in born.values() or not born:
            return
        eldest = min(born, key=lambda one: born[one] or date.max)
        if born[president] != born[eldest]:
            raise Refused(
                f"l’élection du maire est présidée par le plus âgé des membres (art. L2122-8), "
                f"{self.room.name(eldest)} : nommez-le (« preside »)."
            )

    def _read_out(self, item: Item, election: Election, event: Event, attendance: Attendance, name: str) -> None:
        """A single candidacy, or a single list, for each seat of a commission or of an outside body."""
        office = election.office
        candidates = names(event.get("candidates", []), "Les candidats")
        if not office.read_out:
            raise Refused(f"{office.title} : même une seule candidature se vote (art. {office.article}).")
        if election.rounds or election.over:
            raise Refused("le vote a commencé : menez-le à son terme.")
        several = len(candidates) != 1 if set(candidates) & set(election.lists) else len(candidates) > election.seats
        if not candidates or several:
            raise Refused("il n’y a pas une seule candidature par siège : votez.")
        for one in candidates:
            elections.check_candidate(election, one, event, self.room)
        if not self._stands(item, Form.ORDINARY, ItemKind.APPOINTMENT, attendance, name=name):
            return
        election.elected = [person for one in candidates for person in election.people(one)]
        election.over = item.voted = True
        self._add(
            item, Form.ORDINARY, ItemKind.APPOINTMENT, attendance, Result.ELECTED,
            sentences.read_out(election, self.room), name=name, voting=0, elected=election.elected, read_out=True,
        )  # fmt: skip

    def _one_round(
        self, item: Item, election: Election, data: Mapping[str, Any], event: Event, form: Form, attendance: Attendance,
        name: str,
    ) -> None:  # fmt: skip
        if election.over:
            raise Refused("cette élection est finie : pour un autre siège, donnez un autre « name » à ce vote.")
        number = data.get("round")
        if number is not None and number != len(election.rounds) + 1:
            raise Refused(f"ce tour est le {len(election.rounds) + 1}e : corrigez « round ».")
        if not self._stands(item, form, ItemKind.APPOINTMENT, attendance, name=name):
            return
        latest = elections.read_round(election, data, event, attendance, self.room)
        row = ANY_COUNCIL.rule("absolute_rounds", self.on)
        assert row is not None
        elections.settle(election, latest, self.room, int(row.value))
        item.voted = True
        self._write_election(item, election, form, attendance, name)

    def _write_election(self, item: Item, election: Election, form: Form, attendance: Attendance, name: str) -> None:
        """One row for an election, written again at each round."""
        latest = election.rounds[-1]
        row = self._row(
            item, form, ItemKind.APPOINTMENT, attendance, Result.ELECTED if election.elected else Result.NONE,
            sentences.election(election, self.room, form), name=name, voting=len(attendance.voters), votes_for=None,
            votes_against=None, abstentions=latest.abstentions, blanks=latest.blanks, nulls=latest.nulls,
            cast=latest.cast, elected=election.elected, rounds=len(election.rounds),
            candidates=dict(latest.candidates),
            needed=None if election.office.method == Method.PROPORTIONAL else latest.needed,
            round_results=[vars(one) | {"candidates": dict(one.candidates), "cast": one.cast} for one in election.rounds],
        )  # fmt: skip
        if election.row < 0:
            election.row = len(self.rows)
            self.rows.append(row)
        else:
            self.rows[election.row] = row

    # What the council decides about its own sitting.

    def decide(self, event: Event) -> None:
        """Urgency, huis clos, postponement, waiver of secrecy; « prend acte »."""
        what = _member_of(Decision, event.get("what"), event, "what")
        self._refuse_open_ballot("poursuivre")
        _DECISIONS[what](self, event)

    def _decide(self, item: Item | None, what: Decision, event: Event) -> bool:
        """Puts it to the vote; True when adopted."""
        attendance = self.room.attendance(item.number if item else None)
        form = _member_of(Form, event.get("ballot", Form.ORDINARY), event, "ballot")
        president = self._president_of(item, attendance)
        if not self._stands(item, form, what, attendance):
            return False
        return self._count(item, event, what, form, attendance, president, name="") == Result.ADOPTED

    def _decide_urgency(self, event: Event) -> None:
        if self.kind != Kind.URGENT:
            raise Refused("la séance n’est pas convoquée en urgence : il n’y a pas d’urgence à constater.")
        if self.urgency is not None:
            raise Refused(
                "le conseil s’est déjà prononcé sur l’urgence : corrigez ce vote s’il est faux (« correct »)."
            )
        rows = len(self.rows)
        adopted = self._decide(None, Decision.URGENCY, event)
        if self.rows[rows]["result"] != Result.NO_QUORUM:
            self.urgency = adopted

    def _decide_huis_clos(self, event: Event) -> None:
        item = self.current if event.get("item") is None else self._item(event.get("item"))
        scope = item.number if item else ""
        if event.get("end"):
            if scope not in self.huis_clos and "" not in self.huis_clos:
                raise Refused("la séance est publique : il n’y a pas de huis clos à lever.")
            self.huis_clos -= {scope, ""}
            return
        self._check_huis_clos_asked(event)
        if self._decide(item, Decision.HUIS_CLOS, event):
            self.huis_clos.add(scope)

    def _check_huis_clos_asked(self, event: Event) -> None:
        """The maire asks (nobody named), or three members in the room (L2121-18)."""
        asked = names(event.get("requested_by", [self.president]), "Ceux qui demandent le huis clos")
        for one in asked:
            if self.room.member(one).id not in self.room.present:
                raise Refused(
                    f"{self.room.name(one)} n’est pas dans la salle : seuls les présents demandent le huis clos."
                )
        row = ANY_COUNCIL.rule("huis_clos_members", self.on)
        if row and len(asked) < row.value and not {self.room.maire, self.president} & set(asked):
            raise Refused(
                f"le huis clos se demande à {row.value} membres, ou par le maire (art. {row.article}) : "
                f"{count(len(asked), 'membre')} ne suffit pas."
            )

    def _decide_postponement(self, event: Event) -> None:
        item = self._about(event)
        self._refuse_if_off(item)
        if counting.has_votes(event):
            if self._decide(item, Decision.POSTPONEMENT, event):
                item.off = "renvoyé"
            return
        item.off = "renvoyé"
        sentence = sentences.taken_off(event.get("reason", "portée à la prochaine séance"))
        self._add(
            item, Form.ORDINARY, Decision.POSTPONEMENT, self.room.attendance(item.number), Result.WITHDRAWN, sentence
        )

    def _decide_waiver(self, event: Event) -> None:
        item = self._about(event)
        office = OFFICES.get(item.details.get("office", "other"))
        if office and office.secrecy:
            raise Refused(
                f"{office.title} : la loi impose le scrutin secret (art. {office.article}), le conseil ne peut pas y renoncer."
            )
        self._check_decidable(item)
        if item.required == Form.SECRET:
            raise Refused("un tiers des présents a demandé le scrutin secret : il s’impose.")
        item.secrecy_waived = self._decide(item, Decision.WAIVE_SECRECY, event)

    def _take_note(self, event: Event) -> None:
        item = self._about(event)
        self._kind_of_ballot(item, event)
        self._check_decidable(item)
        attendance = self.room.attendance(item.number)
        self._president_of(item, attendance)
        if self._stands(item, Form.ORDINARY, Decision.TAKE_NOTE, attendance):
            item.voted = True
            self._add(
                item, Form.ORDINARY, Decision.TAKE_NOTE, attendance, Result.NONE, sentences.TAKES_NOTE, voting=0
            )  # fmt: skip

    # Rows.

    def _add(
        self,
        item: Item | None,
        form: Form,
        kind: str,
        attendance: Attendance,
        result: Result,
        sentence: str,
        **more: Any,
    ) -> None:
        self.rows.append(self._row(item, form, kind, attendance, result, sentence, **more))

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
            "quorum_sentence": sentences.quorum(attendance, second=self.room.second),
            "sentence": sentence,
        }
        return row | more


def _why_required(item: Item, required: Form, kind: ItemKind) -> str:
    if kind == ItemKind.APPOINTMENT and item.required != required:
        return (
            "une nomination se vote au scrutin secret, sauf si le conseil y renonce à l’unanimité (« waive_secrecy »)"
        )
    share = "un tiers" if required == Form.SECRET else "un quart"
    return f"{share} des présents a demandé le scrutin {required.value}"


def _typed(event: Event) -> bool:
    return counting.has_votes(event) or any(event.get(one) is not None for one in ("candidates", "rounds"))


def _some(event: Event) -> list[str]:
    if not event.members():
        raise Refused("dites de qui il s’agit (« member » ou « members »).")
    return event.members()


def _member_of(choices: Any, value: Any, event: Event, name: str) -> Any:
    try:
        return choices(value)
    except ValueError:
        raise Refused(f"{event} : « {name} » vaut « {value} », choisissez entre {', '.join(choices)}.") from None


def _room(opening: Event, *, second: bool) -> Room:
    """The members in office, from the opening."""
    members: dict[str, Member] = {}
    for one in opening.get("members", []):
        member = _member(one, opening)
        if member.id in members:
            raise Refused(f"{opening} : {member.id} est deux fois parmi les membres, gardez-le une fois.")
        members[member.id] = member
    in_office = opening.get("in_office", len(members))
    if not members or in_office < len(members):
        raise Refused(f"{opening} : « members » nomme tous les membres en exercice ({in_office} annoncés).")
    room = Room(members, in_office, second=second)
    if opening.get("maire") is not None:
        room.maire = room.member(opening.get("maire")).id
    elif "maire" not in opening.data and opening.get("president") is not None:
        room.maire = room.member(opening.get("president")).id
    return room


def _member(one: Any, opening: Event) -> Member:
    if isinstance(one, str) and one:
        return Member(one, one)
    if not isinstance(one, dict) or not isinstance(one.get("id"), str) or set(one) - {"id", "name", "born", "group"}:
        raise Refused(f"{opening} : un membre est un id, ou porte « id », « name », « born » et « group ».")
    born = one.get("born")
    return Member(
        one["id"], one.get("name") or one["id"], elections.read_day(born) if born else None, one.get("group") or ""
    )


def _president(opening: Event, room: Room) -> str:
    one = opening.get("president", room.maire)
    if one is None:
        raise Refused(f"{opening} : dites qui préside (« president »).")
    return room.member(one).id


_HANDLERS: Mapping[str, Callable[[Sitting, Event], None]] = {
    "open": Sitting.open,
    "arrive": Sitting.arrive,
    "return": Sitting.come_back,
    "leave": Sitting.leave,
    "proxy_given": Sitting.give_pouvoir,
    "proxy_revoked": Sitting.revoke_pouvoir,
    "preside": Sitting.preside,
    "appoint_secretary": Sitting.appoint_secretary,
    "item": Sitting.call_item,
    "withdraw": Sitting.withdraw,
    "ballot_requested": Sitting.request_ballot,
    "ballot": Sitting.ballot,
    "decide": Sitting.decide,
    "suspend": Sitting.suspend,
    "resume": Sitting.resume,
    "correct": Sitting.correct,
    "close": Sitting.close,
}
_DECISIONS: Mapping[Decision, Callable[[Sitting, Event], None]] = {
    Decision.URGENCY: Sitting._decide_urgency,
    Decision.HUIS_CLOS: Sitting._decide_huis_clos,
    Decision.POSTPONEMENT: Sitting._decide_postponement,
    Decision.WAIVE_SECRECY: Sitting._decide_waiver,
    Decision.TAKE_NOTE: Sitting._take_note,
}


def hold(events: Sequence[Event]) -> Sitting:
    """The sitting after all its events. Raises Refused at the first one that cannot be."""
    opening = next((event for event in events if event.type == "open"), None)
    if opening is None:
        raise Refused("La séance ne s’ouvre jamais : ajoutez un événement « open » avec ses membres.")
    sitting = Sitting(opening)
    for event in events:
        sitting.take(event)
    return sitting
