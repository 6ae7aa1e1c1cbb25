"""Ballots: what may be voted, in which form, and what is counted."""

from council.clock import Kind
from council.participation import counting, sentences
from council.participation.floor import ANY_COUNCIL, Floor
from council.participation.items import Item, chosen, some
from council.participation.kinds import WITHOUT_VOTE, Form, ItemKind, Result
from council.participation.reading import Event, Refused, names
from council.participation.room import Attendance


class Ballots(Floor):
    """A floor on which votes are held."""

    # Ballots.

    def request_ballot(self, event: Event) -> None:
        """A quarter of the present make a ballot public, a third make it secret, and secret wins (L2121-21)."""
        item = self._about(event)
        form = chosen(Form, event.get("ballot"), event, "ballot")
        if form == Form.ORDINARY:
            raise Refused("le vote à main levée ne se demande pas : écrivez public ou secret.")
        taking_part = self.room.attendance(item.number, accounts=item.kind == ItemKind.ACCOUNTS).taking_part
        for one in some(event):
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
        if kind != ItemKind.APPOINTMENT:  # an election says so itself, with its rounds
            self._refuse_if_voted(item, name)
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
        self._cast(item, event, kind, form, attendance, president, name=name)

    def _cast(
        self, item: Item, event: Event, kind: str, form: Form, attendance: Attendance, president: str, *, name: str
    ) -> None:
        """The votes of one ballot, where there is a quorum."""
        if self._stands(item, form, kind, attendance, name=name):
            self._count(item, event, kind, form, attendance, president, name=name)

    def _kind_of_ballot(self, item: Item, event: Event) -> ItemKind:
        if item.kind in WITHOUT_VOTE:
            raise Refused(
                f"le point {item.number} est {WITHOUT_VOTE[item.kind]}, on n’y décide rien : portez-le à la prochaine séance."
            )
        kind = chosen(ItemKind, event.get("kind", item.kind), event, "kind")
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
        form = None if given is None else chosen(Form, given, event, "ballot")
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
        self._add(
            item,
            form,
            kind,
            attendance,
            Result.NO_QUORUM,
            sentences.no_quorum(attendance, self.room),
            name=name,
            voting=0,
        )
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
        sentence = sentences.vote(
            kind, form, votes, found.result, attendance, casting=found.casting_vote_used, name=name
        )
        by_name = dict(votes.by_name) if form == Form.PUBLIC and votes.by_name else None
        if by_name:
            sentence += f" {sentences.named(by_name, self.room)}"
        self._add(
            item,
            form,
            kind,
            attendance,
            found.result,
            sentence,
            name=name,
            voting=len(attendance.voters),
            votes_for=votes.votes_for,
            votes_against=votes.votes_against,
            abstentions=votes.abstentions,
            blanks=votes.blanks,
            nulls=votes.nulls,
            cast=votes.cast,
            casting_vote_used=found.casting_vote_used,
            needed=found.needed,
            by_name=by_name,
        )
        if item and kind in list(ItemKind):
            item.voted = True
            item.decided.add(name)
        return found.result


def _why_required(item: Item, required: Form, kind: ItemKind) -> str:
    if kind == ItemKind.APPOINTMENT and item.required != required:
        return (
            "une nomination se vote au scrutin secret, sauf si le conseil y renonce à l’unanimité (« waive_secrecy »)"
        )
    share = "un tiers" if required == Form.SECRET else "un quart"
    return f"{share} des présents a demandé le scrutin {required.value}"


def _typed(event: Event) -> bool:
    return counting.has_votes(event) or any(event.get(one) is not None for one in ("candidates", "rounds"))
