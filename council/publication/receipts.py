"""The préfecture's acknowledgement, read from the file that was dropped: an @CTES message in XML, or a PDF. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

# 008-210800123-20261013-2026_05_03-DE: department, SIREN, day of the act, its number, its nature.
IDENTIFIER = re.compile(
    r"\b([0-9AB]{3}-\d{9}-(?:19|20)\d{6}-([A-Z0-9_]{1,15})-(?:DE|AR|AI|CC|BF|AU)(?:-\d[\d_-]*)?)(?![\w])"
)
_RECEIVED = re.compile(
    r"(?:r[ée]ception|re[çc]u(?:e)?|accus[ée])[^\d]{0,80}?(\d{2})[/.-](\d{2})[/.-](\d{4})", re.IGNORECASE
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True)
class Receipt:
    """What an acknowledgement says; an empty part was not found."""

    number: str = ""
    act: str = ""  # the number of the act, as it was sent
    received_on: date | None = None


def of_xml(data: bytes) -> Receipt:
    """An `ARActe` message: its identifier and its day are attributes. Empty for anything else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Receipt()
    said = {
        etree.QName(name).localname: str(value)
        for node in root.iter(etree.Element)
        for name, value in node.attrib.items()
    }
    found = IDENTIFIER.search(said.get("IDActe", ""))
    return Receipt(
        found[1] if found else "",
        found[2] if found else "",
        _day(_ISO.search(said.get("DateReception", "")), (1, 2, 3)),
    )


def of_text(text: str) -> Receipt:
    """The text of the PDF that a tool of télétransmission gives."""
    flat = " ".join(text.split())
    found = IDENTIFIER.search(flat)
    return Receipt(found[1] if found else "", found[2] if found else "", _day(_RECEIVED.search(flat), (3, 2, 1)))


def _day(found: re.Match[str] | None, order: tuple[int, int, int]) -> date | None:
    if found is None:
        return None
    year, month, day = (int(found[place]) for place in order)
    try:
        return date(year, month, day)
    except ValueError:
        return None
