"""Text files as French offices have written them since MS-DOS."""

import codecs

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins the same
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows, Unix with the euro, MS-DOS, old Macintosh: the first wins a draw.
CANDIDATES = ("cp1252", "iso8859-15", "cp850", "mac_roman")
FRENCH = set("éèêëàâäçîïôöûùüÿœæÉÈÊËÀÂÇÎÏÔÛÙŒÆ’‘“”«»–—…€°§²³ªº·•\xa0")
SAMPLE = 64 * 1024
CONTROL = bytes(set(range(32)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A, 0x1B})


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes of a file are text: in UTF-16 with its mark, or without any control byte."""
    if any(head.startswith(mark) for mark, _ in BOMS):
        return True
    return not head.translate(None, delete=bytes(set(range(256)) - set(CONTROL)))


def decoded(data: bytes) -> str:
    """`data` as text: by its byte order mark, else UTF-8, else the old encoding that gives the most French
    letters.

    Never fails. Line ends become `\\n`.
    """
    text = _read(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")


def _read(data: bytes) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = max(CANDIDATES, key=lambda encoding: _french_score(data[:SAMPLE], encoding))
        return data.decode(best, errors="replace")


def _french_score(data: bytes, encoding: str) -> int:
    text = data.decode(encoding, errors="replace")
    return sum(1 if character in FRENCH else -2 for character in text if ord(character) > 127)
