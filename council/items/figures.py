"""Old figures in a text taken up again: years and amounts, each followed by a mark that the author clears.

The mark is plain words, so that it is seen on screen, on paper and in a difference, and is cleared as any word is.
"""

import re

MARK = "[à\u00a0vérifier]"
_AMOUNT = r"\d[\d\u00a0\u202f .]*(?:,\d+)?[\u00a0\u202f ]?(?:€|k€|M€|euros?\b|%)"
_YEAR = r"\b(?:19|20)\d{2}(?:-\d{1,3})?\b"
# A text of law keeps its date: « la loi n° 2015-991 du 7 août 2015 » is no old figure.
_LAW = r"(?:loi|ordonnance|décret|code|circulaire)\b[^;,.<]*"
_FIGURE = re.compile(rf"(?P<law>{_LAW})|(?P<figure>{_AMOUNT}|{_YEAR})(?!\s*\[à\svérifier\])", re.IGNORECASE)
_MARK = re.compile(r"\[\s*à(?:\s|&nbsp;)vérifier\s*\]", re.IGNORECASE)
_TAG = re.compile(r"(<[^>]*>)")


def marked(text: str) -> str:
    """Plain text with a mark after each old figure; what bears one already is left."""
    return _FIGURE.sub(lambda found: found[0] if found["law"] else f"{found[0].rstrip()} {MARK}", text)


def marked_html(html: str) -> str:
    """As `marked`, in the words of rich text: attributes of tags are left as they are."""
    return "".join(part if part.startswith("<") else marked(part) for part in _TAG.split(html))


def remaining(text: str) -> int:
    """How many marks are left."""
    return len(_MARK.findall(text))
