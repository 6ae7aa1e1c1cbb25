"""Says what the law asks before and after a sitting, by when, and by which article."""

import json
import re
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from council.clock import DELAYS, CannotTell, Deadline, Kind, Sitting, deadlines
from council.rules import BODIES, Answer, Instance, department_number
from kb.commands import FrenchCommand
from kb.typography import day

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class Command(FrenchCommand):
    """legal_clock --inhabitants N --meeting YYYY-MM-DD [--urgent | --second --sent DATE] [--department D] [--json]"""

    help = "Dit ce que la loi demande avant et après une séance, pour quand, et par quel article."
    requires_system_checks = ()  # it reads no database

    def add_arguments(self, parser: CommandParser) -> None:
        """All optional for the parser: what is missing is said in French."""
        parser.add_argument("--inhabitants", metavar="N", help="La population du dernier renouvellement.")
        parser.add_argument("--meeting", metavar="AAAA-MM-JJ", help="Le jour de la séance.")
        parser.add_argument("--urgent", action="store_true", help="Convocation en urgence.")
        parser.add_argument("--second", action="store_true", help="Seconde convocation, faute de quorum.")
        parser.add_argument("--installation", action="store_true", help="Première séance après l’élection.")
        parser.add_argument("--sent", metavar="AAAA-MM-JJ", help="Le jour où part la seconde convocation.")
        parser.add_argument("--department", metavar="D", help="Le département, par exemple 67 ou 2A.")
        parser.add_argument("--instance", metavar="SORTE", help=f"{', '.join(BODIES)} (commune par défaut).")
        parser.add_argument(
            "--clear-days", metavar="N", help="Le délai, en jours francs, que le produit ne connaît pas."
        )
        parser.add_argument("--article", metavar="ARTICLE", help="L’article qui fixe ce délai.")
        parser.add_argument("--next-meeting", metavar="AAAA-MM-JJ", help="Le jour de la séance suivante.")
        parser.add_argument("--received", metavar="AAAA-MM-JJ", help="Le jour où le préfet a reçu les actes.")
        parser.add_argument("--published", metavar="AAAA-MM-JJ", help="Le jour où les actes sont publiés.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """A table, or JSON alone on standard output."""
        try:
            found = deadlines(_instance(options), _sitting(options))
        except CannotTell as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=2))
            return
        for one in found:
            self.stdout.write("\n".join(_lines(one)))


def _whole(text: str | None, *, least: int, asked: str) -> int:
    if text is None or not WHOLE.fullmatch(text) or int(text) < least:
        raise CannotTell(f"{asked} est un nombre entier, {least} au moins : {_given(text)}.")
    return int(text)


def _day(text: str | None, *, asked: str) -> date | None:
    """Strictly YYYY-MM-DD: 20261001 or 2026-W40-4 is a slip here."""
    if text is None:
        return None
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CannotTell(f"{asked} s’écrit AAAA-MM-JJ, avec un jour qui existe : {_given(text)}.")


def _given(text: str | None) -> str:
    return "il manque" if text is None else f"vous avez écrit « {text} »"


def _instance(options: dict[str, Any]) -> Instance:
    inhabitants = _whole(options["inhabitants"], least=1, asked="Le nombre d’habitants (--inhabitants)")
    department = department_number(options["department"]) if options["department"] is not None else ""
    if department is None:
        raise CannotTell(
            f"Le département « {options['department']} » n’existe pas : écrivez son numéro, par exemple 08, 2A ou 974."
        )
    body = options["instance"] or "commune"
    if body not in BODIES:
        raise CannotTell(f"L’instance « {body} » n’est pas connue : choisissez entre {', '.join(BODIES)}.")
    return Instance(inhabitants, department, body, _answers(options))


def _answers(options: dict[str, Any]) -> dict[str, Answer]:
    """The delay that the town knows and the product does not."""
    if options["clear_days"] is None and options["article"] is None:
        return {}
    if options["clear_days"] is None or not (options["article"] or "").strip():
        raise CannotTell("Un délai se donne avec son article : ajoutez --clear-days et --article.")
    answer = Answer(
        _whole(options["clear_days"], least=1, asked="Le délai en jours francs (--clear-days)"), options["article"]
    )
    return {DELAYS[_kind(options)]: answer}


def _kind(options: dict[str, Any]) -> Kind:
    chosen = [kind for kind in (Kind.URGENT, Kind.SECOND, Kind.INSTALLATION) if options[kind.value]]
    if len(chosen) > 1:
        raise CannotTell(
            "Une séance est urgente, de seconde convocation ou d’installation : gardez une seule de ces options."
        )
    return chosen[0] if chosen else Kind.ORDINARY


def _sitting(options: dict[str, Any]) -> Sitting:
    kind = _kind(options)
    meeting = _day(options["meeting"], asked="Le jour de la séance (--meeting)")
    sent = _day(options["sent"], asked="Le jour de l’envoi (--sent)")
    if kind == Kind.SECOND and sent is None:
        raise CannotTell("Une seconde convocation se compte depuis son envoi : ajoutez --sent AAAA-MM-JJ.")
    if kind != Kind.SECOND and sent is not None:
        raise CannotTell("Le jour de l’envoi (--sent) va avec --second : ajoutez cette option ou retirez la date.")
    if meeting is None and kind != Kind.SECOND:
        raise CannotTell("Il manque le jour de la séance : ajoutez --meeting AAAA-MM-JJ.")
    return Sitting(
        meeting,
        kind,
        sent,
        _day(options["next_meeting"], asked="Le jour de la séance suivante (--next-meeting)"),
        _day_since(meeting, options["received"], asked="Le jour de réception (--received)"),
        _day_since(meeting, options["published"], asked="Le jour de publication (--published)"),
    )


def _day_since(meeting: date | None, text: str | None, *, asked: str) -> date | None:
    """No act is sent or published before the sitting that votes it."""
    found = _day(text, asked=asked)
    if found and meeting and found < meeting:
        raise CannotTell(f"{asked} vient après la séance du {day(meeting)} : {_given(text)}.")
    return found


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _row(one: Deadline) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": one.code,
        "due": _iso(one.due),
        "advised": _iso(one.advised),
        "article": one.article,
        "why": one.why,
    }
    if one.earliest_meeting:
        row["earliest_meeting"] = _iso(one.earliest_meeting)
    if one.late:
        row["late"] = True
    if one.asked:
        row |= {"unknown": True, "asked": one.asked}
    return row


def _lines(one: Deadline) -> list[str]:
    when = day(one.due) if one.due else "règle à donner" if one.asked else "sans délai fixé"
    advised = f" (conseillé : {day(one.advised)})" if one.advised else ""
    article = f", art. {one.article}" if one.article else ""
    late = "  Trop tard." if one.late else ""
    return [f"{one.title} : {when}{advised}{article}{late}", f"    {one.why}"]
