"""The one place where HTML from a person or a file becomes HTML that we keep.

It alone imports bleach. The allow-list is built from the rich text features that a page knows, by their
Wagtail names; what is kept is the database form of Wagtail's rich text (`<a linktype="page" id="4">`, `<embed
…>`).
"""

import html as entities
import re
from collections.abc import Collection, Iterator

import bleach
from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from lxml import etree
from lxml import html as tree

MOST_PASSES = 4
# html5lib takes a quadratic time on deep nesting and on long rows of brothers: beyond these, the text alone
# is kept.
MOST_CHARACTERS = 2_000_000
MOST_TAGS = 40_000
MOST_OPEN_TAGS = 200  # and lxml loses in silence what is nested deeper than 256
MOST_SPAN = 100

SCHEMES = ("http", "https", "mailto", "tel")
TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
TAGS_OF_FEATURE: dict[str, set[str]] = {
    "h2": {"h2"},
    "h3": {"h3"},
    "h4": {"h4"},
    "bold": {"b", "strong"},
    "italic": {"i", "em"},
    "ol": {"ol", "li"},
    "ul": {"ul", "li"},
    "link": {"a"},
    "document-link": {"a"},
    "superscript": {"sup"},
    "subscript": {"sub"},
    "strikethrough": {"s", "del", "strike"},
    "hr": {"hr"},
    "blockquote": {"blockquote"},
    "code": {"code"},
    "image": {"embed"},
    "embed": {"embed"},
    "table": TABLE_TAGS,
}
LINK_TYPES = {"link": "page", "document-link": "document"}
EMBED_TYPES = {"image": "image", "embed": "media"}
IMAGE_FORMAT = re.compile(r"[a-z][a-z0-9_-]{0,40}\Z")
BLOCK_KEY = re.compile(r"[a-zA-Z0-9]{1,12}\Z")
NUMBER = re.compile(r"[0-9]{1,18}\Z")
SCOPES = {"row", "col", "rowgroup", "colgroup"}

SILENT_TAGS = "script|style|title|noscript|template|textarea|select|svg|math|object|iframe|xml"
SILENT_START = re.compile(rf"<({SILENT_TAGS})\b[^<>]*>", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CONDITIONAL = re.compile(r"<!\[[^<>]*\]>|<\?[^<>]*>")
BLOCK_TAGS = (
    "address|article|aside|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|header|main|nav|pre|section"
)
BLOCK = re.compile(rf"<(/?)(?:{BLOCK_TAGS})\b[^<>]*>", re.IGNORECASE)
BLOCKS_OF_A_PAGE = {
    "p",
    "ul",
    "ol",
    "table",
    "blockquote",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    *BLOCK_TAGS.split("|"),
}
HEADING = re.compile(r"<(/?)h([1-6])\b[^<>]*>", re.IGNORECASE)
EMPTY_BLOCK = re.compile(r"<(p|h[2-4]|b|strong|i|em|s|sup|sub)>\s*</\1>")
LINE_BREAKS = re.compile(r"</?(?:p|br|li|ul|ol|h[1-6]|tr|table|caption|hr|blockquote|div)\b[^<>]*>", re.IGNORECASE)
CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
ANY_TAG = re.compile(r"<(/?)[a-zA-Z][^<>]*>")


def clean_html(html: str, *, features: Collection[str]) -> str:
    """`html` with only what `features` (Wagtail names, and "table") allow: no style, script, event or odd
    scheme.

    Words are kept when their tag goes, but for scripts and styles. Cleaning is repeated until nothing
    changes; HTML that still moves after 4 passes, holds over 40,000 tags or nests them hundreds deep is kept
    as text alone.
    """
    if _too_much(html):
        return _text_alone(html)
    current = html
    for _ in range(MOST_PASSES):
        cleaned = _pass(current, features)
        if cleaned == current:
            return cleaned
        current = cleaned
    return current if _pass(current, features) == current else _text_alone(html)


def plain_text(html: str) -> str:
    """The words of `html`: a line per block, a tab between cells, entities decoded, no scripts."""
    text = CELL.sub("\t", LINE_BREAKS.sub("\n", _without_silent(html)))
    text = entities.unescape(ANY_TAG.sub("", text) if _too_much(html) else bleach.clean(text, tags=set(), strip=True))
    lines = (re.sub(r"[^\S\t\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_pasted_word(html: str, *, features: Collection[str]) -> str:
    """HTML pasted from Word or a mail as clean rich text: words and structure kept, hidden runs and `mso-`
    debris not.

    Word's false lists (paragraphs in `mso-list` style) become lists; paragraphs inside items and quotations
    are unwrapped, because Draftail would show them as empty items.
    """
    if _too_much(html):
        return _text_alone(html)
    root = tree.fragment_fromstring(_without_silent(html), create_parent="div")
    _drop_hidden(root)
    _real_lists(root)
    _unwrap_paragraphs(root)
    _wrap_loose(root)
    inner = entities.escape(root.text or "", quote=False) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
    return clean_html(inner, features=features)


def _pass(html: str, features: Collection[str]) -> str:
    html = _plain_blocks(_without_silent(html), features)
    cleaner = Cleaner(
        tags={"p", "br"}.union(*(TAGS_OF_FEATURE.get(name, set()) for name in features)),
        attributes=lambda tag, name, value: _keeps_attribute(tag, name, value, features),
        protocols=SCHEMES,
        strip=True,
        strip_comments=True,
        filters=[_NoBareLinks],
    )
    cleaned = cleaner.clean(html)
    for _ in range(MOST_PASSES):
        cleaned, changes = EMPTY_BLOCK.subn("", cleaned)
        if not changes:
            break
    return cleaned


def _keeps_attribute(tag: str, name: str, value: str, features: Collection[str]) -> bool:
    if name == "data-block-key":  # Draftail's mark of a paragraph: comments and differences hold on to it
        return bool(BLOCK_KEY.match(value))
    if tag == "a":
        return _keeps_link_attribute(name, value, features)
    if tag == "embed":
        return _keeps_embed_attribute(name, value, features)
    if tag in {"td", "th"}:
        return (
            name in {"colspan", "rowspan"} and value.isascii() and value.isdigit() and 1 <= int(value[:5]) <= MOST_SPAN
        ) or (tag == "th" and name == "scope" and value in SCOPES)
    return tag == "ol" and name == "start" and bool(NUMBER.match(value))


def _keeps_link_attribute(name: str, value: str, features: Collection[str]) -> bool:
    if name == "href":
        return "link" in features
    if name == "linktype":
        return value in {kind for feature, kind in LINK_TYPES.items() if feature in features}
    return name in {"id", "version"} and bool(NUMBER.match(value))


def _keeps_embed_attribute(name: str, value: str, features: Collection[str]) -> bool:
    if name == "embedtype":
        return value in {kind for feature, kind in EMBED_TYPES.items() if feature in features}
    if name in {"id", "version"}:
        return bool(NUMBER.match(value))
    if name == "url":
        return "embed" in features and value.startswith(("https://", "http://"))
    return name == "alt" or (name == "format" and bool(IMAGE_FORMAT.match(value)))


class _NoBareLinks(Filter):
    """Unwraps the links that lost their target, and drops the embeds that are not Wagtail's own."""

    def __iter__(self) -> Iterator[dict]:
        kept: list[bool] = []
        for token in super().__iter__():
            kind, name = token["type"], token.get("name")
            if name == "a" and kind == "StartTag":
                kept.append(self._leads_somewhere(token))
                if kept[-1]:
                    yield token
            elif name == "a" and kind == "EndTag":
                if not kept or kept.pop():
                    yield token
            elif name != "embed" or (kind == "EmptyTag" and (None, "embedtype") in token["data"]):
                yield token

    @staticmethod
    def _leads_somewhere(token: dict) -> bool:
        data = token["data"]
        if (None, "linktype") in data:
            data.pop((None, "href"), None)
            return (None, "id") in data
        data.pop((None, "id"), None)
        data.pop((None, "version"), None)
        return bool(data.get((None, "href"), "").strip())


def _without_silent(html: str) -> str:
    """Without scripts, styles and the like, content included; an unclosed one takes all that follows."""
    html = CONDITIONAL.sub("", CONTROL.sub("", html))
    kept, position, lowered = [], 0, html.lower()
    if len(lowered) != len(html):  # a few capitals grow when lowered: positions would not agree
        lowered = html
    while match := SILENT_START.search(html, position):
        kept.append(html[position : match.start()])
        end = lowered.find(f"</{match[1].lower()}", match.end())
        close = lowered.find(">", end) if end >= 0 else -1
        if close < 0:
            return "".join(kept)
        position = close + 1
    return "".join(kept) + html[position:]


def _plain_blocks(html: str, features: Collection[str]) -> str:
    """Blocks we do not keep become paragraphs, so that words of two blocks never run together."""
    allowed = [name for name in ("h2", "h3", "h4") if name in features]

    def heading(match: re.Match[str]) -> str:
        wanted = f"h{min(max(int(match[2]), 2), 4)}"
        if wanted in allowed and wanted[1] == match[2]:
            return match[0]
        return f"<{match[1]}{wanted if wanted in allowed else 'p'}>"

    return HEADING.sub(heading, BLOCK.sub(r"<\1p>", html))


def _too_much(html: str) -> bool:
    if len(html) > MOST_CHARACTERS or html.count("<") > MOST_TAGS:
        return True
    depth = 0
    for match in ANY_TAG.finditer(html):
        depth += -1 if match[1] else 1
        name = match[0][1:5].lower()
        if name.startswith(("br", "hr", "img", "embe", "col", "meta", "link", "inpu")) or match[0].endswith("/>"):
            depth -= not match[1]
        if depth > MOST_OPEN_TAGS:
            return True
    return False


def _text_alone(html: str) -> str:
    lines = entities.unescape(ANY_TAG.sub("", LINE_BREAKS.sub("\n", _without_silent(html)))).split("\n")
    return "".join(f"<p>{entities.escape(line.strip(), quote=False)}</p>" for line in lines if line.strip())


def _drop_hidden(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            element.drop_tag() if element.tag is etree.Entity else _drop_with_content(element)
            continue
        style = re.sub(r"\s+", "", element.get("style") or "").lower()
        if "display:none" in style or "mso-hide:all" in style or element.get("hidden") is not None:
            _drop_with_content(element)


def _drop_with_content(element: etree._Element) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _real_lists(root: etree._Element) -> None:
    """Runs of `mso-list` paragraphs become nested `<ul>` and `<ol>`."""
    stack: list[tuple[int, etree._Element]] = []
    for paragraph in list(root.iter("p")):
        style = paragraph.get("style") or ""
        level = re.search(r"mso-list:[^;]*level(\d)", style)
        if level is None:
            stack = []
            continue
        depth, kind = int(level[1]), _take_marker(paragraph)
        if stack and paragraph.getprevious() is not stack[0][1]:
            stack = []
        while stack and (stack[-1][0] > depth or (stack[-1][0] == depth and stack[-1][1].tag != kind)):
            stack.pop()
        if not stack or stack[-1][0] < depth:
            new_list = tree.Element(kind)
            if stack:
                stack[-1][1][-1].append(new_list)
            else:
                paragraph.addprevious(new_list)
            stack.append((depth, new_list))
        paragraph.tail = None
        paragraph.tag = "li"
        stack[-1][1].append(paragraph)


def _take_marker(paragraph: etree._Element) -> str:
    """Removes the bullet or number that Word wrote as text; tells which list it was."""
    kind = "ul"
    for span in list(paragraph.iter("span")):
        if "mso-list:ignore" in (span.get("style") or "").replace(" ", "").lower():
            if re.match(r"\s*(\d+|[a-zA-Z]|[ivxIVX]+)[.)]", span.text_content()):
                kind = "ol"
            _drop_with_content(span)
    return kind


def _unwrap_paragraphs(root: etree._Element) -> None:
    for container in root.iter("li", "blockquote"):
        for child in list(container):
            if child.tag == "p":
                if child.getprevious() is not None or (container.text or "").strip():
                    child.addprevious(tree.Element("br"))
                child.drop_tag()


def _wrap_loose(root: etree._Element) -> None:
    """Words and inline tags that stand between blocks become paragraphs."""
    paragraph = None
    first, root.text = root.text or "", None
    if first.strip():
        paragraph = tree.Element("p")
        paragraph.text = first
        root.insert(0, paragraph)
    for child in list(root):
        if child is paragraph:
            continue
        after, child.tail = child.tail or "", None
        if child.tag in BLOCKS_OF_A_PAGE:
            paragraph = None
        elif paragraph is None:
            paragraph = tree.Element("p")
            child.addprevious(paragraph)
            paragraph.append(child)
        else:
            paragraph.append(child)
        if paragraph is not None:
            child.tail = after
        elif after.strip():
            paragraph = tree.Element("p")
            paragraph.text = after
            child.addnext(paragraph)
