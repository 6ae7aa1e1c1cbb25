"""What the cleaning child runs on .docx and .odt before pandoc: it removes what a reader must not see.

Every XML part is read by a parser without DTD, entities or network and written again, so that pandoc meets
neither traps nor hidden text, deletions or comments. Never imported by the server. Answer: a line of JSON,
then a zip.
"""

import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable

from lxml import etree

from kb.documents import containers

MOST_COLUMNS = 63  # Word's own limit
PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
}

Found = Counter  # what was removed, by name
Cleaner = Callable[[etree._Element, set[str], Found], None]


class Refused(Exception):
    """The file cannot be cleaned: `reason` is one of reading.REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def answered(clean_parts: Callable[[zipfile.ZipFile, Found], dict[str, bytes]]) -> bytes:
    """The file on standard input, cleaned by what knows its parts; or the reason why it cannot be."""
    found: Found = Counter()
    try:
        with containers.open_zip(sys.stdin.buffer.read()) as archive:
            if containers.is_encrypted_zip(archive):
                raise Refused("encrypted")
            parts = clean_parts(archive, found)
    except Refused as refused:
        return json.dumps({"refused": refused.reason}).encode() + b"\n"
    except containers.Damaged:
        return json.dumps({"refused": "damaged"}).encode() + b"\n"
    except containers.Bomb:
        return json.dumps({"refused": "trapped"}).encode() + b"\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return json.dumps({"found": dict(found)}).encode() + b"\n" + out.getvalue()


def parsed(data: bytes) -> etree._Element:
    """The root of an XML part. Raises Refused for a DTD (no office file needs one), endless nesting or broken
    XML."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    except etree.XMLSyntaxError as error:
        words = str(error).lower()
        if "depth" in words:
            raise Refused("too_deep") from error
        raise Refused("trapped" if "entit" in words or "amplification" in words else "damaged") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("trapped")
    return root


def serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def remove(element: etree._Element) -> None:
    """Takes the element away with all it holds; the text that follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def remove_all(elements: Iterable[etree._Element], found: Found, name: str) -> None:
    for element in list(elements):
        if element.getparent() is not None:
            remove(element)
            found[name] += 1


def unwrap(element: etree._Element) -> None:
    """Puts the children in the place of the element."""
    parent = element.getparent()
    if parent is None:
        return
    for child in list(element):
        element.addprevious(child)
    remove(element)


def lift_after(element: etree._Element, blocks: list[etree._Element]) -> None:
    """Puts `blocks` after `element`, in order."""
    for block in reversed(blocks):
        element.addnext(block)
