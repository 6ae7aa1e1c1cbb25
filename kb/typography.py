"""Dates, amounts and sizes as a French town hall writes them, with their no-break spaces."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

NBSP = "\u00a0"
THIN = "\u202f"
_QUOTES = (
    ("« ", f"«{NBSP}"),
    (" »", f"{NBSP}»"),
    (" :", f"{NBSP}:"),
    (" ;", f"{THIN};"),
    (" ?", f"{THIN}?"),
    (" !", f"{THIN}!"),
)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


# « art. L2121-10 », « n° 12 », « Mme Marchetti » : what is announced is on the same line.
_HELD = re.compile(r"\b(arts?\.|[Aa]rticles?|n°|MM?\.|Mmes?) (?=[^\W_a-zà-öø-ÿ])")


def typeset(sentence: str) -> str:
    """A sentence whose quotation marks, signs and abbreviations never stand alone at the end or the start of a line."""
    return _HELD.sub(rf"\1{NBSP}", signs(sentence))


def signs(sentence: str) -> str:
    """Quotation marks and signs alone: for sentences that a signature covers, which a new rule here may not change."""
    for written, printed in _QUOTES:
        sentence = sentence.replace(written, printed)
    return sentence


def day(value: date) -> str:
    """« 1er octobre 2026 », « 6 octobre 2026 »; a datetime is read in the town's time."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def hour(value: datetime) -> str:
    """« 16 h 12 », in the town's time."""
    local = timezone.localtime(value)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def moment(value: datetime) -> str:
    """« 6 octobre 2026 à 16 h 12 »."""
    return f"{day(value)} à{NBSP}{hour(value)}"


def month(value: date) -> str:
    """« sept. 2025 »."""
    return f"{SHORT_MONTHS[value.month - 1]}{NBSP}{value.year}"


def number(value: int | Decimal) -> str:
    """« 1 486 200 »; cents are shown only when there are some."""
    whole, cents = divmod(abs(Decimal(value)), 1)
    text = f"{int(whole):,}".replace(",", THIN)
    if cents:
        text += f",{int((cents * 100).to_integral_value()):02d}"
    return ("−" if value < 0 else "") + text


def amount(value: Decimal) -> str:
    """« 486 000,00 », as in a field: the cents are always there."""
    cents = int((abs(value) * 100).to_integral_value())
    return ("−" if value < 0 else "") + f"{number(cents // 100)},{cents % 100:02d}"


def euros(value: int | Decimal) -> str:
    """« 486 000 € »."""
    return f"{number(value)}{NBSP}€"


def size(octets: int) -> str:
    """« 48 Ko », « 1,8 Mo »."""
    if octets < 1000:
        return count(octets, "octet")
    if octets < 1_000_000:
        return f"{round(octets / 1000)}{NBSP}Ko"
    return f"{octets / 1_000_000:.1f}{NBSP}Mo".replace(".", ",")


def count(quantity: int, one: str, many: str | None = None) -> str:
    """« 1 page », « 3 pages »."""
    return f"{number(quantity)}{NBSP}{one if quantity < 2 else (many or one + 's')}"


def ordinal(position: int) -> str:
    """« 1re », « 23e »: feminine, for versions and phases."""
    return "1re" if position == 1 else f"{position}e"
