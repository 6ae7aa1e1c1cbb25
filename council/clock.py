"""The legal clock: what must be done for a sitting, by when, by which article. Pure: days in, deadlines out.

All days are those of Europe/Paris. Jours francs count every day, neither the first nor the last (L2121-11): *n* whole
days lie between the sending and the meeting. The advised day is one working day earlier, and for that one alone
Saturdays, Sundays and public holidays are no working days.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from council.rules import BODIES, LOCAL_LAW_ARTICLE, Instance, Rule
from kb.typography import day, number

FIRST_DAY, LAST_DAY = date(1901, 1, 1), date(2199, 12, 31)
OUT_OF_TIME = f"Donnez une année entre {FIRST_DAY.year} et {LAST_DAY.year}."
FRIDAY, SATURDAY = 4, 5


class Kind(StrEnum):
    """How a sitting is convened."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    SECOND = "second"
    INSTALLATION = "installation"


DELAYS = {
    Kind.ORDINARY: "clear_days",
    Kind.URGENT: "urgent_clear_days",
    Kind.SECOND: "second_clear_days",
    Kind.INSTALLATION: "installation_clear_days",
}


class CannotTell(ValueError):
    """A question to which the clock has no answer; the message is a French sentence with the way out."""


@dataclass(frozen=True)
class Sitting:
    """What is known of a sitting. `meeting` may be unknown for a second convocation alone."""

    meeting: date | None
    kind: Kind = Kind.ORDINARY
    sent: date | None = None
    next_meeting: date | None = None
    received: date | None = None
    published: date | None = None


@dataclass(frozen=True)
class Deadline:
    """One thing to do. `due` None: the law gives no day, or `asked` says what the product does not know."""

    code: str
    title: str
    due: date | None
    advised: date | None
    article: str
    why: str
    late: bool = False
    asked: str = ""
    earliest_meeting: date | None = None


# Days.


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, before = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, before + 1)


# L3133-1 code du travail; days after Easter below.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)
# L3134-13 code du travail (Good Friday, 26 December), L3422-2 (end of slavery).
LOCAL_HOLIDAYS = {
    **dict.fromkeys(("57", "67", "68"), ((12, 26),)),
    "971": ((5, 27),),
    "972": ((5, 22),),
    "973": ((6, 10),),
    "974": ((12, 20),),
    "976": ((4, 27),),
}
GOOD_FRIDAY_HELD = frozenset({"57", "67", "68"})


def is_holiday(value: date, department: str = "") -> bool:
    """A French public holiday there?"""
    since_easter = (value - easter(value.year)).days
    if since_easter in AFTER_EASTER or (since_easter == -2 and department in GOOD_FRIDAY_HELD):
        return True
    return (value.month, value.day) in FIXED_HOLIDAYS + LOCAL_HOLIDAYS.get(department, ())


def working_day_before(value: date, department: str = "") -> date:
    """The last working day (Monday to Friday, no holiday) before that one."""
    value -= timedelta(days=1)
    while value.weekday() >= SATURDAY or is_holiday(value, department):
        value -= timedelta(days=1)
    return value


def latest_sending(meeting: date, clear_days: int) -> date:
    """The last day on which the convocation may leave."""
    return meeting - timedelta(days=clear_days + 1)


def earliest_meeting(sent: date, clear_days: int) -> date:
    """The first day on which the council may sit."""
    return sent + timedelta(days=clear_days + 1)


def clear_days_between(sent: date, meeting: date) -> int:
    """The jours francs that lie between (0 where there is none, or less)."""
    return max(0, (meeting - sent).days - 1)


def months_after(value: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(value.month - 1 + months, 12)
    first = date(value.year + years, month + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=value.day - 1), following - timedelta(days=1))


def end_of_next_quarter(value: date) -> date:
    """The last day of the quarter after that day's."""
    quarter = date(value.year, 3 * ((value.month - 1) // 3) + 1, 1)
    return months_after(quarter, 6) - timedelta(days=1)


# The clock.


def deadlines(instance: Instance, sitting: Sitting) -> list[Deadline]:
    """All that the law asks for this sitting, in the order it is done. Raises CannotTell, in French."""
    _check(sitting)
    found: list[Deadline] = []
    for step in _STEPS:
        found.extend(step(instance, sitting))
    return found


def _check(sitting: Sitting) -> None:
    days = (sitting.meeting, sitting.sent, sitting.next_meeting, sitting.received, sitting.published)
    for given in days:
        if given and not FIRST_DAY <= given <= LAST_DAY:
            raise CannotTell(f"Le {day(given)} est hors du calendrier : donnez un jour de 1901 à 2199.")
    if sitting.meeting is None and (sitting.kind != Kind.SECOND or sitting.sent is None):
        raise CannotTell("Sans le jour de la séance, rien ne se compte : donnez-le.")
    if sitting.kind == Kind.INSTALLATION and sitting.meeting and sitting.meeting.weekday() < FRIDAY:
        raise CannotTell(
            f"Le conseil s’installe du vendredi au dimanche qui suit l’élection (art. L2121-7), et le "
            f"{day(sitting.meeting)} n’en est pas un : choisissez un de ces trois jours."
        )
    if sitting.meeting and sitting.next_meeting and sitting.next_meeting <= sitting.meeting:
        raise CannotTell("La séance suivante vient après celle-ci : donnez un jour plus tardif.")


def _unknown(code: str, title: str, *, instance: Instance, on: date, figure: str, asked: str) -> Deadline:
    """A row that says which rule is not known, and asks for it."""
    row = instance.written(figure, on)
    if row is None or not instance.is_set_aside(row):
        why = f"Nous ne connaissons pas cette règle pour un {BODIES[instance.body]} le {day(on)}."
        return Deadline(code, title, None, None, "", f"{why} Indiquez {asked}.", asked=asked)
    if instance.under_overseas_law:
        why = f"Dans cette collectivité ({instance.department}), la règle générale ({row.article}) ne vaut que comme le dit "
        why += f"un texte propre, et nous ne le connaissons pas. Indiquez {asked}."
        return Deadline(code, title, None, None, "", why, asked=asked)
    why = f"En Alsace-Moselle, la règle générale ({row.article}) ne s’applique pas telle quelle ({LOCAL_LAW_ARTICLE})"
    return Deadline(
        code,
        title,
        None,
        None,
        LOCAL_LAW_ARTICLE,
        f"{why}, et nous ne connaissons pas la vôtre. Indiquez {asked}.",
        asked=asked,
    )


def _asked_here(
    instance: Instance, sitting: Sitting, *, code: str, title: str, figure: str, asked: str
) -> Iterable[Deadline]:
    """A row that asks for a rule of the general law that the law of the place sets aside; none where there is no such."""
    on = sitting.meeting or sitting.sent
    assert on is not None
    row = instance.written(figure, on)
    if row and instance.is_set_aside(row):
        yield _unknown(code, title, instance=instance, on=on, figure=figure, asked=asked)


def _opening_day(sitting: Sitting, clear_days: int = 0) -> date:
    """The day of the meeting, or the first possible one."""
    if sitting.meeting:
        return sitting.meeting
    assert sitting.sent is not None
    return earliest_meeting(sitting.sent, clear_days)


def _convocation(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    figure = DELAYS[sitting.kind]
    on = sitting.meeting or sitting.sent
    assert on is not None
    row = instance.rule(figure, on)
    if row is None:
        asked = "le nombre de jours francs et l’article qui le fixe"
        yield _unknown("convocation", "Envoyer la convocation", instance=instance, on=on, figure=figure, asked=asked)
        return
    clear_days = int(row.value)
    due = latest_sending(_opening_day(sitting, clear_days), clear_days)
    earliest = earliest_meeting(sitting.sent, clear_days) if sitting.sent else None
    late = bool(earliest and sitting.meeting and sitting.meeting < earliest)
    advised = working_day_before(due, instance.department) if sitting.meeting else None
    yield Deadline(
        "convocation",
        "Envoyer la convocation",
        due,
        advised,
        row.article,
        _why_sent_by(sitting, row, due),
        late=late,
        earliest_meeting=earliest,
    )
    if sitting.kind == Kind.SECOND and earliest:
        yield Deadline(
            "earliest_meeting",
            "Réunir de nouveau le conseil",
            earliest,
            None,
            row.article,
            _why_again(sitting, earliest),
            late=late,
            earliest_meeting=earliest,
        )


_OPENINGS = {
    Kind.ORDINARY: "Il faut",
    Kind.URGENT: "Même en urgence, il faut au moins",
    Kind.SECOND: "Pour une seconde convocation, il faut au moins",
    Kind.INSTALLATION: "Pour la séance d’installation, il faut",
}


def _clear(clear_days: int) -> str:
    return "1 jour franc" if clear_days == 1 else f"{clear_days} jours francs"


def _why_sent_by(sitting: Sitting, row: Rule, due: date) -> str:
    days = _clear(int(row.value))
    counted = "ni le jour de l’envoi ni celui de la séance ne comptent, les samedis, dimanches et jours fériés comptent"
    why = f"{_OPENINGS[sitting.kind]} {days} entre l’envoi et la séance : {counted}."
    if sitting.sent and sitting.meeting and sitting.sent > due:
        way_out = "Choisissez une séance plus tardive"
        if sitting.kind in (Kind.ORDINARY, Kind.INSTALLATION):
            way_out += ", l’urgence, ou notez une convocation déjà partie autrement"
        why += f" Partie le {day(sitting.sent)}, elle est trop tardive pour le {day(sitting.meeting)}. {way_out}."
    return why


def _why_again(sitting: Sitting, earliest: date) -> str:
    assert sitting.sent is not None
    why = f"Envoyée le {day(sitting.sent)}, la seconde convocation permet de se réunir dès le {day(earliest)}, "
    why += "sur les mêmes affaires, sans condition de quorum."
    if sitting.meeting and sitting.meeting < earliest:
        why += f" Le {day(sitting.meeting)} est trop tôt : choisissez le {day(earliest)} ou après."
    return why


def _with_convocation(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    """What leaves or is posted with the convocation, so by the same day."""
    sending = next(iter(_convocation(instance, sitting)))
    on = sitting.meeting or sitting.sent
    assert on is not None
    posting = instance.rule("posting", on)
    if posting:
        yield Deadline(
            "posting",
            "Afficher ou publier l’ordre du jour",
            sending.due,
            sending.advised,
            posting.article,
            "La convocation et son ordre du jour sont affichés ou publiés, et mentionnés au registre.",
        )
    else:
        yield _unknown(
            "posting",
            "Afficher ou publier l’ordre du jour",
            instance=instance,
            on=on,
            figure="posting",
            asked="ce qui est affiché, quand, et l’article qui le dit",
        )
    if sitting.kind == Kind.INSTALLATION:
        return
    note = instance.rule("note", on)
    if note is None:
        yield from _asked_here(
            instance,
            sitting,
            code="note",
            title="Joindre la note de synthèse",
            figure="note",
            asked="si une note part avec la convocation, et l’article qui le dit",
        )
    else:
        yield Deadline(
            "note",
            "Joindre la note de synthèse",
            sending.due,
            sending.advised,
            note.article,
            f"À partir de {number(note.from_inhabitants)} habitants, une note explicative sur chaque affaire part avec la "
            "convocation, en pièce jointe : un lien périmé ne vaut pas envoi.",
        )


def _urgency(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.kind != Kind.URGENT or sitting.meeting is None:
        return
    row = instance.rule("urgent_clear_days", sitting.meeting)
    if row is None:
        yield from _asked_here(
            instance,
            sitting,
            code="urgency_report",
            title="Rendre compte de l’urgence",
            figure="urgent_clear_days",
            asked="qui se prononce sur l’urgence, quand, et l’article qui le dit",
        )
    else:
        yield Deadline(
            "urgency_report",
            "Rendre compte de l’urgence",
            sitting.meeting,
            None,
            row.article,
            "Le maire rend compte de l’urgence dès l’ouverture ; le conseil se prononce, et peut renvoyer tout ou "
            "partie à une autre séance.",
        )


def _internal_rules(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.kind != Kind.INSTALLATION or sitting.meeting is None:
        return
    row = instance.rule("internal_rules_months", sitting.meeting)
    if row:
        due = months_after(sitting.meeting, int(row.value))
        yield Deadline(
            "internal_rules",
            "Adopter le règlement intérieur",
            due,
            working_day_before(due, instance.department),
            row.article,
            f"À partir de {number(row.from_inhabitants)} habitants, dans les {row.value} mois de l’installation.",
        )


def _days_after(
    instance: Instance, sitting: Sitting, *, code: str, title: str, figure: str, start: date, why: str, asked: str
) -> Deadline:
    assert sitting.meeting is not None
    row = instance.rule(figure, sitting.meeting)
    if row is None:
        return _unknown(code, title, instance=instance, on=sitting.meeting, figure=figure, asked=asked)
    due = start + timedelta(days=int(row.value))
    return Deadline(code, title, due, working_day_before(due, instance.department), row.article, why)


def _list(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.meeting:
        yield _days_after(
            instance,
            sitting,
            code="list",
            title="Afficher et mettre en ligne la liste des délibérations",
            figure="list_days",
            start=sitting.meeting,
            why="Dans la semaine qui suit la séance.",
            asked="ce qui est affiché après la séance, le délai et son article",
        )


def _to_the_prefect(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.meeting is None:
        return
    yield from _asked_here(
        instance,
        sitting,
        code="transmission",
        title="Envoyer les délibérations à l’État",
        figure="transmission",
        asked="à qui elles s’envoient, quand, et l’article qui le dit",
    )
    if row := instance.rule("transmission", sitting.meeting):
        yield Deadline(
            "transmission",
            "Envoyer les délibérations au préfet",
            None,
            None,
            row.article,
            "La loi ne fixe pas de jour : un acte n’est exécutoire qu’une fois publié et reçu par le préfet.",
        )
    if row := instance.rule("prefect_months", sitting.meeting):
        why = f"Le préfet peut saisir le juge dans les {row.value} mois de la réception."
        if sitting.received is None:
            why += (
                " Compté ici comme s’il recevait l’acte le jour de la séance : notez la date de l’accusé de réception."
            )
        due = months_after(sitting.received or sitting.meeting, int(row.value))
        yield Deadline("prefect_review_end", "Fin du délai du préfet", due, None, row.article, why)


def _publication(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.meeting is None:
        return
    yield from _asked_here(
        instance,
        sitting,
        code="publication_end",
        title="Laisser les actes en ligne jusque-là",
        figure="publication_months",
        asked="comment et combien de temps les actes se publient, et l’article qui le dit",
    )
    if row := instance.rule("publication_months", sitting.meeting):
        why = f"Un acte publié reste en ligne au moins {row.value} mois."
        if sitting.published is None:
            why += " Compté ici comme s’il l’était le jour de la séance : notez la date de publication."
        due = months_after(sitting.published or sitting.meeting, int(row.value))
        yield Deadline("publication_end", "Laisser les actes en ligne jusque-là", due, None, row.article, why)


def _next_meeting(instance: Instance, sitting: Sitting) -> Iterable[Deadline]:
    if sitting.meeting is None:
        return
    due = end_of_next_quarter(sitting.meeting)
    yield from _asked_here(
        instance,
        sitting,
        code="quarterly_meeting",
        title="Réunir le conseil de nouveau",
        figure="meetings_a_quarter",
        asked="combien de fois le conseil se réunit, et l’article qui le dit",
    )
    if row := instance.rule("meetings_a_quarter", sitting.meeting):
        yield Deadline(
            "quarterly_meeting",
            "Réunir le conseil au trimestre suivant",
            due,
            working_day_before(due, instance.department),
            row.article,
            "Le conseil se réunit au moins une fois par trimestre.",
        )
    yield from _minutes(instance, sitting, by=sitting.next_meeting or due)


def _minutes(instance: Instance, sitting: Sitting, *, by: date) -> Iterable[Deadline]:
    """Arrêté at the next sitting, published in the week after it: until that sitting has a day, by the latest one."""
    asked = "quand le procès-verbal est arrêté et publié, et l’article qui le dit"
    supposed = "" if sitting.next_meeting else " Sa date n’est pas fixée : c’est ici la plus tardive possible."
    yield _days_after(
        instance,
        sitting,
        code="minutes_approved",
        title="Arrêter le procès-verbal",
        figure="minutes_approved",
        start=by,
        why=f"Au début de la séance suivante.{supposed}",
        asked=asked,
    )
    yield _days_after(
        instance,
        sitting,
        code="minutes_published",
        title="Publier le procès-verbal",
        figure="minutes_days",
        start=by,
        why=f"Dans la semaine qui suit la séance où il est arrêté.{supposed}",
        asked=asked,
    )


_STEPS: tuple[Callable[[Instance, Sitting], Iterable[Deadline]], ...] = (
    _convocation, _with_convocation, _urgency, _list, _to_the_prefect, _publication, _internal_rules, _next_meeting,
)  # fmt: skip
