"""What the child runs for HTML and XML: their text. Never imported by the server."""

import re

from lxml import etree, html

from kb.documents.extraction.child_answers import answered
from kb.documents.extraction.word_cleaning import parsed
from kb.documents.text_encoding import decoded

UNSEEN = {"script", "style", "noscript", "template", "head", "svg", "object", "iframe", "select", "datalist"}
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
    "ul",
}  # fmt: skip
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def html_page() -> bytes:
    """The HTML on standard input, in any French encoding."""
    return answered(lambda data: ([text_of_html(decoded(data))], False))


def xml() -> bytes:
    """The XML on standard input: its text, in order."""
    return answered(lambda data: ([_text_of_xml(data)], False))


def text_of_html(page: str) -> str:
    """The title and the text of a page as a reader sees it; cells of a row stand on one line."""
    page = re.sub(r"\A\s*<\?xml[^>]*\?>", "", page)  # lxml refuses text that declares an encoding
    if not page.strip():
        return ""
    try:
        root = html.document_fromstring(page, parser=html.HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments
        return ""
    title = root.findtext(".//title") or ""
    pieces = [title.strip(), "\n\n"]
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        edge = "\n" if tag in BLOCKS else " | " if tag in {"td", "th"} and event == "end" else ""
        if event == "end":
            pieces += [edge, _flowed(element.tail)]
        elif tag in UNSEEN or _is_hidden(element):
            walk.skip_subtree()
        else:
            pieces += ["\n" if tag == "br" else edge, element.text or "" if tag == "pre" else _flowed(element.text)]
    return "\n".join(line.rstrip(" |") for line in "".join(pieces).split("\n"))


def _flowed(text: str | None) -> str:
    """Line ends in the source of a page are spaces."""
    return re.sub(r"\s+", " ", text or "")


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(HIDDEN_STYLE.search(element.get("style") or ""))


def _text_of_xml(data: bytes) -> str:
    return "\n".join(text.strip() for text in parsed(data).itertext() if text.strip())
