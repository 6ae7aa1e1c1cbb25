"""The law as dated rows, each with its article: a jurist corrects one row, no function.

What no row says is not known: `rule` answers None, and whoever asked says so on the screen. Nothing is borrowed from
a neighbouring instance. `since` None: as far back as this product looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

COMMUNES = frozenset({"commune", "commune_nouvelle"})
BODIES = {
    "commune": "conseil municipal",
    "commune_nouvelle": "conseil municipal d’une commune nouvelle",
    "ccas": "conseil d’administration du CCAS",
    "commission": "commission",
    "epci": "conseil d’un EPCI",
}


@dataclass(frozen=True)
class Rule:
    """One figure of the law: what it is, for whom, from when to when (`until` is the first day without it)."""

    code: str
    value: int | Fraction
    article: str
    from_inhabitants: int = 0
    below: int | None = None
    since: date | None = None
    until: date | None = None
    bodies: frozenset[str] = COMMUNES

    def holds(self, *, body: str, inhabitants: int, on: date) -> bool:
        """Does this row rule such an instance on that day?"""
        return (
            body in self.bodies
            and self.from_inhabitants <= inhabitants
            and (self.below is None or inhabitants < self.below)
            and (self.since is None or self.since <= on)
            and (self.until is None or on < self.until)
        )


# Ordonnance 2021-1310: what is published after a sitting, and when, changed on that day.
PUBLICITY_REFORM = date(2022, 7, 1)
# Loi NOTRe, article 82: « à compter du prochain renouvellement général ».
RENEWAL_OF_2020 = date(2020, 3, 15)

RULES = (
    # Jours francs between the sending and the meeting.
    Rule("clear_days", 3, "L2121-11", below=3500),
    Rule("clear_days", 5, "L2121-12", from_inhabitants=3500),
    Rule("clear_days", 3, "R123-16 CASF", bodies=frozenset({"ccas"})),
    Rule("urgent_clear_days", 1, "L2121-11", below=3500),
    Rule("urgent_clear_days", 1, "L2121-12", from_inhabitants=3500),
    Rule("second_clear_days", 3, "L2121-17"),
    Rule("installation_clear_days", 3, "L2121-7"),
    Rule("posting", 0, "L2121-10"),
    Rule("note", 0, "L2121-12", from_inhabitants=3500),
    # Days and months after the sitting.
    Rule("list_days", 7, "L2121-25", since=PUBLICITY_REFORM),
    Rule("minutes_approved", 0, "L2121-15"),
    Rule("minutes_days", 7, "L2121-15", since=PUBLICITY_REFORM),
    Rule("transmission", 0, "L2131-1"),
    Rule("prefect_months", 2, "L2131-6"),
    Rule("publication_months", 2, "R2131-1", since=PUBLICITY_REFORM),
    # Under it the council may choose posting or paper; the population may be read on another date (to check).
    Rule("publication_choice", 1, "L2131-1", below=3500, since=PUBLICITY_REFORM),
    Rule("meetings_a_quarter", 1, "L2121-7"),
    Rule("internal_rules_months", 6, "L2121-8", from_inhabitants=3500, until=RENEWAL_OF_2020),
    Rule("internal_rules_months", 6, "L2121-8", from_inhabitants=1000, since=RENEWAL_OF_2020),
    Rule("request_days", 30, "L2121-9"),
    # In the room. More than this share of the members in office; a commission has none (L2121-22).
    Rule("quorum", Fraction(1, 2), "L2121-17"),
    # Shares are of the members present.
    Rule("pouvoir_sittings", 3, "L2121-20"),
    Rule("public_share", Fraction(1, 4), "L2121-21"),
    Rule("secret_share", Fraction(1, 3), "L2121-21"),
    Rule("huis_clos_members", 3, "L2121-18"),
    Rule("absolute_rounds", 2, "L2121-21"),
    # How many members.
    Rule("members", 7, "L2121-2", below=100, bodies=frozenset({"commune"})),
    Rule("members", 11, "L2121-2", from_inhabitants=100, below=500, bodies=frozenset({"commune"})),
    Rule("members", 15, "L2121-2", from_inhabitants=500, below=1500, bodies=frozenset({"commune"})),
    Rule("members", 19, "L2121-2", from_inhabitants=1500, below=2500, bodies=frozenset({"commune"})),
    Rule("members", 23, "L2121-2", from_inhabitants=2500, below=3500, bodies=frozenset({"commune"})),
    Rule("members", 27, "L2121-2", from_inhabitants=3500, below=5000, bodies=frozenset({"commune"})),
    Rule("members", 29, "L2121-2", from_inhabitants=5000, below=10000, bodies=frozenset({"commune"})),
    # From how many a council is held complete.
    Rule("complete_from", 5, "L2121-2-1", below=100, bodies=frozenset({"commune"})),
    Rule("complete_from", 9, "L2121-2-1", from_inhabitants=100, below=500, bodies=frozenset({"commune"})),
    Rule("complete_from", 13, "L2121-2-1", from_inhabitants=500, below=1000, bodies=frozenset({"commune"})),
)

# Alsace-Moselle has a law of its own: L2541-1 sets these aside.
LOCAL_LAW = frozenset({"57", "67", "68"})
LOCAL_LAW_ARTICLE = "L2541-1"
SET_ASIDE = frozenset({"L2121-9", "L2121-10", "L2121-11", "L2121-15", "L2121-22"})
# The delay of L2121-12 stands, but the convocation that it counts from (L2121-10) does not: it is asked too.
ASKED_UNDER_LOCAL_LAW = frozenset({"clear_days", "urgent_clear_days"})

# Saint-Pierre-et-Miquelon, Saint-Barthélemy, Saint-Martin, Wallis-et-Futuna, Polynésie française, Nouvelle-Calédonie: a
# text of their own says what of the general law holds there.
OVERSEAS_LAW = frozenset({"975", "977", "978", "986", "987", "988"})

DEPARTMENTS = (
    frozenset(f"{number:02d}" for number in range(1, 96) if number != 20)
    | frozenset({"2A", "2B", "971", "972", "973", "974", "976"})
    | OVERSEAS_LAW
)


def department_number(written: str) -> str | None:
    """As INSEE writes it, of « 1 », « 067 » or « 2a »; None where there is none."""
    number = written.strip().upper().lstrip("0").rjust(2, "0")
    return number if number in DEPARTMENTS else None


@dataclass(frozen=True)
class Answer:
    """What the town answered where the product did not know: a figure and the article it rests on."""

    value: int | Fraction
    article: str


@dataclass(frozen=True)
class Instance:
    """Whom the law is asked for: the population is the one frozen at the last renewal (R2151-2 to -4)."""

    inhabitants: int
    department: str = ""
    body: str = "commune"
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def under_local_law(self) -> bool:
        """Alsace-Moselle."""
        return self.department in LOCAL_LAW

    @property
    def under_overseas_law(self) -> bool:
        """A collectivity that the general law reaches only as its own text says."""
        return self.department in OVERSEAS_LAW

    def is_set_aside(self, row: Rule) -> bool:
        """May the law of the place put another rule, that we do not know, in the place of this one?"""
        return self.under_overseas_law or (
            self.under_local_law and (row.article in SET_ASIDE or row.code in ASKED_UNDER_LOCAL_LAW)
        )

    def written(self, code: str, on: date) -> Rule | None:
        """The row of the general law, even where it is set aside here."""
        rows = (row for row in RULES if row.code == code)
        return next((row for row in rows if row.holds(body=self.body, inhabitants=self.inhabitants, on=on)), None)

    def rule(self, code: str, on: date) -> Rule | None:
        """The figure that rules this instance on that day, or the town's own answer; None where it is not known."""
        if answer := self.answers.get(code):
            return Rule(code, answer.value, answer.article)
        row = self.written(code, on)
        return None if row is None or self.is_set_aside(row) else row


def thresholds_crossed(frozen: Instance, inhabitants: int, on: date) -> list[tuple[str, Rule | None, Rule | None]]:
    """The rows that a new population changes, (code, now, at the next renewal): announced, never applied before it."""
    then = Instance(inhabitants, frozen.department, frozen.body, frozen.answers)
    codes = dict.fromkeys(row.code for row in RULES)
    rows = ((code, frozen.rule(code, on), then.rule(code, on)) for code in codes)
    return [(code, now, next_) for code, now, next_ in rows if now != next_]
