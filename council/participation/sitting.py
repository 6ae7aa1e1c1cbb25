"""One sitting, event after event: who is there, what is put to the vote, what comes of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from council.clock import Kind
from council.participation import counting, sentences
from council.participation.appointments import Appointments
from council.participation.floor import ANY_COUNCIL
from council.participation.items import Item, chosen
from council.participation.kinds import OFFICES, Decision, Form, Result
from council.participation.reading import Event, Refused, names
from kb.typography import count

BEFORE_THE_OPENING = frozenset({"arrive", "leave", "return", "proxy_given", "proxy_revoked"})
WHILE_SUSPENDED = BEFORE_THE_OPENING | {"resume"}


class Sitting(Appointments):
    """Takes events one by one; `rows` holds what is known of each ballot. Every refusal is a Refused."""

    def take(self, event: Event) -> None:
        """One event. Raises Refused, which names the event."""
        with _naming(event):
            self._check_state(event)
            _HANDLERS[event.type](self, event)

    def _check_state(self, event: Event) -> None:
        if event.type == "correct":
            return
        if self.state == "before" and event.type not in BEFORE_THE_OPENING | {"open"}:
            raise Refused("la séance n’est pas ouverte : commencez par « open ».")
        if self.state == "suspended" and event.type not in WHILE_SUSPENDED:
            raise Refused("la séance est suspendue : reprenez-la d’abord (« resume »).")
        if self.state == "closed":
            raise Refused("la séance est levée : après la clôture on ne fait que corriger (« correct »).")

    # What the council decides about its own sitting.

    def decide(self, event: Event) -> None:
        """Urgency, huis clos, postponement, waiver of secrecy; « prend acte »."""
        what = chosen(Decision, event.get("what"), event, "what")
        self._refuse_open_ballot("poursuivre")
        _DECISIONS[what](self, event)

    def _decide(self, item: Item | None, what: Decision, event: Event) -> bool:
        """Puts it to the vote; True when adopted."""
        attendance = self.room.attendance(item.number if item else None)
        form = chosen(Form, event.get("ballot", Form.ORDINARY), event, "ballot")
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
                f"{count(len(asked), 'membre')} ne {'suffisent' if len(asked) > 1 else 'suffit'} pas."
            )

    def _decide_postponement(self, event: Event) -> None:
        item = self._about(event)
        self._refuse_if_off(item)
        self._refuse_if_decided(item)
        if counting.has_votes(event):
            if self._decide(item, Decision.POSTPONEMENT, event):
                item.off = "renvoyé"
            return
        item.off = "renvoyé"
        sentence = sentences.carried_over(event.get("reason", ""))
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
        if counting.has_votes(event):
            raise Refused("« prend acte » ne se vote pas : retirez les voix, ou faites voter le point (« ballot »).")
        self._refuse_if_decided(item)
        attendance = self.room.attendance(item.number)
        self._president_of(item, attendance)
        if self._stands(item, Form.ORDINARY, Decision.TAKE_NOTE, attendance):
            item.voted = True
            item.decided.add("")
            self._add(item, Form.ORDINARY, Decision.TAKE_NOTE, attendance, Result.NONE, sentences.TAKES_NOTE, voting=0)


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


@contextmanager
def _naming(event: Event) -> Iterator[None]:
    """A refusal inside says which event it is about."""
    try:
        yield
    except Refused as refusal:
        said = str(refusal)
        raise Refused(said if said.startswith("Événement") else f"{event} : {said}") from None


def hold(events: Sequence[Event], told: Callable[[Event, Sitting], None] | None = None) -> Sitting:
    """The sitting after all its events; `told` is called after each. Raises Refused at the first one that cannot be."""
    opening = next((event for event in events if event.type == "open"), None)
    if opening is None:
        raise Refused("La séance ne s’ouvre jamais : ajoutez un événement « open » avec ses membres.")
    with _naming(opening):
        sitting = Sitting(opening)
    for event in events:
        sitting.take(event)
        if told:
            told(event, sitting)
    return sitting
