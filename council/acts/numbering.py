"""The numbers of acts, by the town's scheme. Pure but for the rows that it reads.

A scheme is a pattern of letters and marks: AAAA the year, MM the month, JJ the day, SS the rank of the sitting in its
year, NN the rank of the act in its sitting, NNN its rank in the year. « AAAA-SS-NN » gives 2026-05-03.
"""

import re
from datetime import date

from django.utils import timezone

from council.acts.models import LONGEST_NUMBER, Deliberation, NumberScheme
from council.agenda.enums import SittingState
from council.agenda.models import SittingPage
from council.agenda.queries import meeting_day
from council.members.models import Instance

DEFAULT = "AAAA-SS-NN"
_TOKEN = re.compile(r"AAAA|NNN|NN|SS|MM|JJ")
_WIDTHS = {"AAAA": 4, "NNN": 3, "NN": 2, "SS": 2, "MM": 2, "JJ": 2}
_ALLOWED = re.compile(r"[A-Z0-9_-]*")
HELD = frozenset({SittingState.HELD, SittingState.OPEN, SittingState.CLOSED})


def problem_of(pattern: str) -> str:
    """Why a pattern gives no sure number, in French; empty where it does."""
    tokens = set(_TOKEN.findall(pattern))
    if not _ALLOWED.fullmatch(pattern) or not pattern:
        return "Un numéro s’écrit en majuscules, chiffres, tirets et tirets bas : « AAAA-SS-NN »."
    if "AAAA" not in tokens:
        return "Écrivez AAAA, l’année : sans elle, deux actes auraient un jour le même numéro."
    if not tokens & {"NN", "NNN"}:
        return "Écrivez NN (rang dans la séance) ou NNN (rang dans l’année) : sans lui, tous auraient le même numéro."
    if "NNN" not in tokens and "SS" not in tokens and not {"MM", "JJ"} <= tokens:
        return "NN recommence à chaque séance : ajoutez SS (rang de la séance), ou MM et JJ (son jour)."
    length = len(_TOKEN.sub(lambda found: "0" * _WIDTHS[found[0]], pattern))
    if length > LONGEST_NUMBER:
        return f"Ce modèle donne {length} signes, la télétransmission en accepte {LONGEST_NUMBER} : raccourcissez-le."
    return ""


def written(pattern: str, on: date, *, sitting: int, act: int, in_year: int) -> str:
    """« 2026-05-03 »."""
    values = {"AAAA": on.year, "MM": on.month, "JJ": on.day, "SS": sitting, "NN": act, "NNN": in_year}
    return _TOKEN.sub(lambda found: f"{values[found[0]]:0{_WIDTHS[found[0]]}d}", pattern)


def as_transmitted(number: str) -> str:
    """The same in the signs that @CTES takes: 2026_05_03."""
    return number.replace("-", "_")


def scheme_of(instance: Instance, on: date) -> str:
    """The pattern in force on that day."""
    row = NumberScheme.objects.filter(instance=instance, since__lte=on).order_by("-since").first()
    return row.pattern if row else DEFAULT


def pattern_today(instance: Instance) -> str:
    """The pattern in force today."""
    return scheme_of(instance, timezone.localdate())


def numbers(sitting: SittingPage, how_many: int) -> list[str]:
    """The next free numbers of a sitting, as the town writes them. Called in the transaction that uses them."""
    on, pattern = meeting_day(sitting), scheme_of(sitting.instance, meeting_day(sitting))
    here = Deliberation.objects.filter(sitting=sitting).count()
    before = Deliberation.objects.filter(sitting__instance=sitting.instance_id, decided_on__year=on.year).count()
    rank = _rank_given(sitting, pattern) or _rank_in_year(sitting, on)
    for shift in range(1000):
        found = [
            written(
                pattern, on, sitting=rank + (0 if here else shift), act=here + place, in_year=before + shift + place
            )
            for place in range(1, how_many + 1)
        ]
        taken = Deliberation.objects.filter(number__in=[as_transmitted(one) for one in found])
        if not taken.exists():
            return found
        if "NNN" not in pattern and "SS" not in pattern:
            here += 1  # two sittings of one day: the second goes on
    raise AssertionError("No free number in a thousand.")


def _rank_given(sitting: SittingPage, pattern: str) -> int:
    """The rank that its numbers already bear: a sitting typed late does not move it. 0 where they bear none."""
    first = Deliberation.objects.filter(sitting=sitting).order_by("position").first()
    reading = re.escape(_TOKEN.sub(lambda found: f"<{found[0]}>", pattern)).replace("<SS>", r"(\d{2,})", 1)
    found = re.fullmatch(re.sub(r"<[A-Z]+>", r"\\d+", reading), first.written) if first else None
    return int(found[1]) if found and found.re.groups else 0


def _rank_in_year(sitting: SittingPage, on: date) -> int:
    earlier = SittingPage.objects.filter(
        instance=sitting.instance_id, starts_at__year=on.year, starts_at__lt=sitting.starts_at, record__state__in=HELD
    )
    return earlier.count() + 1
