"""The numbers of an agenda that was announced: they never move, an item added takes « 6 bis » or the next one."""

import re
from collections.abc import Collection

SUFFIXES = ("", "bis", "ter", "quater", "quinquies")
_NUMBER = re.compile(r"(\d+)(?: (\w+))?$")


def key(number: str) -> tuple[int, int]:
    """Where a number stands: « 6 » before « 6 bis » before « 7 ». Raises ValueError for what is no number."""
    found = _NUMBER.match(number)
    if found is None or (found[2] or "") not in SUFFIXES:
        raise ValueError(number)
    return int(found[1]), SUFFIXES.index(found[2] or "")


def at_the_end(taken: Collection[str]) -> str:
    """The number after the last."""
    return str(max((key(number)[0] for number in taken), default=0) + 1)


def after(number: str, taken: Collection[str]) -> str:
    """« 6 bis » after « 6 », « 6 ter » where that is taken; "" where nothing is left."""
    first = key(number)[0]
    free = (f"{first} {suffix}" for suffix in SUFFIXES[1:])
    return next((one for one in free if one not in taken), "")


def offered(taken: Collection[str]) -> list[tuple[str, str]]:
    """Where an item may be added: the number that it would bear (none: the one after the last), and where it would stand."""
    whole = sorted((number for number in taken if not key(number)[1]), key=key)
    between = [(label, f"Après le point {number} : {label}") for number in whole if (label := after(number, taken))]
    return [("", "À la fin"), *between]
