"""Appointments in a sitting: rounds, lists, a single candidacy read out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from council.participation import elections, sentences
from council.participation.ballots import Ballots
from council.participation.elections import Election
from council.participation.floor import ANY_COUNCIL
from council.participation.items import Item
from council.participation.kinds import OFFICES, Form, ItemKind, Method, Result
from council.participation.reading import ROUND, Event, Refused, names
from council.participation.room import Attendance


class Appointments(Ballots):
    """A floor on which people are elected too."""

    def _cast(
        self, item: Item, event: Event, kind: str, form: Form, attendance: Attendance, president: str, *, name: str
    ) -> None:
        """A round, for an appointment."""
        if kind == ItemKind.APPOINTMENT:
            self._elect(item, event, name, form, attendance, president)
        else:
            super()._cast(item, event, kind, form, attendance, president, name=name)

    def _elect(self, item: Item, event: Event, name: str, form: Form, attendance: Attendance, president: str) -> None:
        election = self._election(item, event, name)
        self._check_eldest(election, attendance, president)
        if event.get("read_out"):
            self._read_out(item, election, event, attendance, name)
            return
        rounds = event.get("rounds")
        well_made = rounds is None or all(isinstance(one, dict) and set(one) <= ROUND for one in rounds)
        if rounds == [] or not well_made:
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
        item.decided.add(name)
        self._add(
            item,
            Form.ORDINARY,
            ItemKind.APPOINTMENT,
            attendance,
            Result.ELECTED,
            sentences.read_out(election, self.room),
            name=name,
            voting=0,
            elected=election.elected,
            read_out=True,
        )

    def _one_round(
        self,
        item: Item,
        election: Election,
        data: Mapping[str, Any],
        event: Event,
        form: Form,
        attendance: Attendance,
        name: str,
    ) -> None:
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
        if election.elected:
            item.decided.add(name)
        self._write_election(item, election, form, attendance, name)

    def _write_election(self, item: Item, election: Election, form: Form, attendance: Attendance, name: str) -> None:
        """One row for an election, written again at each round."""
        latest = election.rounds[-1]
        row = self._row(
            item,
            form,
            ItemKind.APPOINTMENT,
            attendance,
            Result.ELECTED if election.elected else Result.NONE,
            sentences.election(election, self.room, form),
            name=name,
            voting=len(attendance.voters),
            votes_for=None,
            votes_against=None,
            abstentions=latest.abstentions,
            blanks=latest.blanks,
            nulls=latest.nulls,
            cast=latest.cast,
            elected=election.elected,
            rounds=len(election.rounds),
            candidates=dict(latest.candidates),
            needed=None if election.office.method == Method.PROPORTIONAL else latest.needed,
            round_results=[
                vars(one) | {"candidates": dict(one.candidates), "cast": one.cast} for one in election.rounds
            ],
        )
        if election.row < 0:
            election.row = len(self.rows)
            self.rows.append(row)
        else:
            self.rows[election.row] = row
