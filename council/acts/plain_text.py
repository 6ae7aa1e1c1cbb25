"""The text of a délibération as lines that anybody can correct in a plain field, and back. Pure.

A blank line between paragraphs, « - » before a point of a list, « 1. » where it is numbered, « ## » before a heading,
« ** » around what is bold. What holds more (a table, a picture, a link) is not turned into lines.
"""

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from kb import sanitizing

BLOCKS = {"p": "", "h2": "## ", "h3": "## ", "h4": "## ", "li": "- "}
KNOWN = frozenset({*BLOCKS, "ul", "ol", "b", "strong", "i", "em", "br", "div", "span", "section"})
BOLD = frozenset({"b", "strong"})
_NUMBERED = re.compile(r"\d+\. ")
FEATURES = ("h2", "bold", "italic", "ol", "ul")


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.lists: list[int] = []  # of each list open: its last number, -1 where it has none
        self.here: list[str] | None = None
        self.unknown = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unknown = self.unknown or tag not in KNOWN
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag in BLOCKS and not (tag == "p" and self.here is not None):
            self._close()
            self.here = [self._mark(tag)]
        elif tag in BOLD:
            self._say("**")
        elif tag == "br":
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._close()
            self.lists.pop() if self.lists else None
        elif tag in BLOCKS:
            self._close()
        elif tag in BOLD:
            self._say("**")

    def handle_data(self, data: str) -> None:
        if self.here is None and data.strip():
            self.here = [""]
        self._say(re.sub(r"\s+", " ", data))

    def _mark(self, tag: str) -> str:
        if tag == "li" and self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            return f"{self.lists[-1]}. "
        return BLOCKS[tag]

    def _say(self, words: str) -> None:
        if self.here is not None:
            self.here.append(words)

    def _close(self) -> None:
        if self.here and "".join(self.here[1:]).strip():
            self.blocks.append(self.here[0] + "".join(self.here[1:]).strip())
        self.here = None


def to_lines(html: str) -> str | None:
    """The text as lines; None where it holds more than lines can say."""
    reader = _Lines()
    reader.feed(html)
    reader.close()
    reader._close()
    if reader.unknown:
        return None
    text = ""
    for block in reader.blocks:
        tight = _is_item(block) and _is_item(text.rsplit("\n", 1)[-1])
        text += ("\n" if tight else "\n\n") + block
    return text.strip()


def _is_item(line: str) -> bool:
    return line.startswith("- ") or bool(_NUMBERED.match(line))


def to_html(text: str) -> str:
    """Clean HTML of these lines."""
    blocks = (block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip())
    html = "".join(_block(block.strip().split("\n")) for block in blocks)
    return sanitizing.clean_html(html, features=FEATURES)


def _block(lines: list[str]) -> str:
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{_items(line[2:] for line in lines)}</ul>"
    if all(_NUMBERED.match(line) for line in lines):
        return f"<ol>{_items(_NUMBERED.sub('', line, count=1) for line in lines)}</ol>"
    if len(lines) == 1 and lines[0].startswith("## "):
        return f"<h2>{_words(lines[0][3:])}</h2>"
    return f"<p>{'<br>'.join(_words(line) for line in lines)}</p>"


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{_words(line)}</li>" for line in lines)


def _words(line: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(line, quote=False))
