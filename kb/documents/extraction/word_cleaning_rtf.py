"""Removes deleted text (which pandoc shows as struck) and hidden text from RTF, in the cleaning child."""

import json
import re
import sys
from collections import Counter

TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<open>\{)|(?P<close>\})"
    rb"|(?P<text>[^\\{}]+)|(?P<other>\\)",
    re.DOTALL,
)
MOST_DEPTH = 500
COMMENTS = {b"annotation", b"atnid", b"atnauthor", b"atnref", b"atntime", b"atndate", b"atnparent"}
# Words that write a character, or that end a line: they go with the text that they belong to.
WRITES = {
    b"tab",
    b"line",
    b"emdash",
    b"endash",
    b"lquote",
    b"rquote",
    b"ldblquote",
    b"rdblquote",
    b"bullet",
    b"u",
    b"par",
}


def rtf() -> bytes:
    """The RTF on standard input, cleaned: a line of JSON, then the RTF."""
    data = sys.stdin.buffer.read()
    cleaned, found, depth = cleaned_rtf(data)
    if depth > MOST_DEPTH:
        return b'{"refused": "too_deep"}\n'
    return json.dumps({"found": found}).encode() + b"\n" + cleaned


def cleaned_rtf(data: bytes) -> tuple[bytes, dict[str, int], int]:
    """The RTF without deleted and hidden text, how many of each went, and how deep its groups go."""
    out, found = bytearray(), Counter[str]()
    state, stack, deepest, position = "", [], 0, 0
    while match := TOKEN.match(data, position):
        position = match.end()
        kind, word = match.lastgroup if match["word"] is None else "word", match["word"]
        if kind == "open":
            stack.append(state)
            deepest = max(deepest, len(stack))
        elif kind == "close":
            state = stack.pop() if stack else ""
        elif kind == "word":
            state = _state_after(word, match["number"], state, found)
            if word == b"bin":
                position += max(int(match["number"] or 0), 0)
                continue  # raw bytes: no picture that a page shows comes so
        if not (state and _is_written(kind, word)):
            out += match[0]
    return bytes(out), dict(found), deepest


def _state_after(word: bytes, number: bytes | None, state: str, found: Counter[str]) -> str:
    """What the text that follows is: "" (shown), "deletions" or "hidden"."""
    names = {b"deleted": "deletions", b"v": "hidden"}
    if word in names:
        if number == b"0":
            return "" if state == names[word] else state
        found[names[word]] += 1
        return names[word]
    if word in COMMENTS:
        found["comments"] += word == b"annotation"
    return "" if word == b"plain" else state


def _is_written(kind: str | None, word: bytes | None) -> bool:
    return kind in {"text", "hex"} or (kind == "word" and word in WRITES)
