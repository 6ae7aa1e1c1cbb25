"""Text as a reader left it, made fit to be searched and shown: whole words, paragraphs, no debris."""

import re
import unicodedata

# At the end of a line: the hyphen, the soft one, U+2010, and what PDFium writes for any of them.
# The word before is looked at afterwards: a pattern that began with it would take the square of a long word.
LINE_END_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad\x02\ufffe][ \t]*\n[ \t]*(?=[^\W\d_])")
LAST_WORD = re.compile(r"[^\W\d_]+\Z")
LONGEST_FIRST_PART = 12
SOFT = "\u00ad"
# First parts of French compounds: there the hyphen belongs to the word, even at the end of a line.
COMPOUNDS = frozenset({
    "vice", "sous", "porte", "rendez", "procès", "après", "avant", "arrière", "demi", "semi", "non", "quasi", "contre",
    "celui", "celle", "ceux", "celles", "peut", "grand", "grands", "saint", "sainte", "chef", "savoir", "hors",
    "maître", "rez", "là", "ci", "garde", "dernier", "première", "premier", "plate",
})  # fmt: skip
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
DEBRIS = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
    "\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
LIGATURE = re.compile("[ﬀ-ﬆ]")
SPACES = re.compile("[ \t\u00a0]{2,}|\t")  # a no-break space alone stays
BLANK_LINES = re.compile(r"\n(?:[ \t\u00a0]*\n)+")


def tidy(text: str) -> str:
    """`text` in NFC, words cut at the end of a line joined, paragraphs parted by one blank line at most.

    Control, private-use and invisible characters go; the line ends of the source stay. Never fails.
    """
    text = text.encode("utf-8", "ignore").decode()  # lone halves of surrogate pairs
    text = re.sub(r"\r\n?|[\x0c\x85\u2028\u2029]", "\n", text)
    text = LINE_END_HYPHEN.sub(_joined, text)
    text = LIGATURE.sub(lambda found: LIGATURES[found[0]], DEBRIS.sub("", text))
    text = unicodedata.normalize("NFC", SPACES.sub(" ", text))
    lines = (line.strip(" ") for line in text.split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _joined(found: re.Match[str]) -> str:
    """« délibé-⏎ration » is one word; « vice-⏎président » keeps its hyphen; « PLU-⏎Habitat » its line end."""
    if found[0][0] == SOFT:
        return ""
    if not found.string[found.end()].islower():
        return "-\n"
    before = LAST_WORD.search(found.string[max(0, found.start() - LONGEST_FIRST_PART) : found.start()])
    return "-" if before and before[0].lower() in COMPOUNDS else ""
