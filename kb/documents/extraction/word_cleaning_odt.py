"""The parts of an .odt that pandoc may see, cleaned. Runs in the cleaning child."""

import re
import zipfile

from lxml import etree

from kb.documents.containers import read_part
from kb.documents.extraction.word_cleaning import (
    MOST_COLUMNS,
    Found,
    Refused,
    answered,
    lift_after,
    parsed,
    remove_all,
    serialised,
)

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
KEPT_PARTS = re.compile(r"(mimetype|content\.xml|styles\.xml|Pictures/[^/]+)\Z")
EMPTY_STYLES = f'<o:document-styles xmlns:o="{OFFICE[1:-1]}"/>'.encode()
MOST_SPACES = 20
MOST_NESTED_LISTS = 12  # OpenDocument knows 10 levels, and pandoc's time doubles with each
SHAPES = (
    "custom-shape",
    "line",
    "path",
    "polygon",
    "polyline",
    "rect",
    "ellipse",
    "circle",
    "connector",
    "g",
)


def odt() -> bytes:
    """The .odt on standard input, cleaned."""
    return answered(clean_parts)


def clean_parts(archive: zipfile.ZipFile, found: Found) -> dict[str, bytes]:
    """The parts to give to pandoc. `found` counts what was removed."""
    parts = {name: read_part(archive, name) for name in archive.namelist() if KEPT_PARTS.match(name)}
    if not parts.get("content.xml"):
        raise Refused("damaged")
    content, styles = parsed(parts["content.xml"]), parsed(parts.get("styles.xml") or EMPTY_STYLES)
    hidden = hidden_styles(content, styles)
    clean(content, hidden, found)
    for part in content.iter(f"{TEXT}list"):
        if sum(1 for _ in part.iterancestors(f"{TEXT}list")) >= MOST_NESTED_LISTS:
            raise Refused("too_deep")
    for root in (content, styles):
        _drop_indents(root)
    found["margins"] += any(
        "".join(margin.itertext()).strip() for margin in styles.iter(f"{STYLE}header", f"{STYLE}footer")
    )
    return {**parts, "content.xml": serialised(content), "styles.xml": serialised(styles)}


def hidden_styles(*roots: etree._Element) -> set[tuple[str, str]]:
    """(family, name) of the styles whose text is hidden, by themselves or by their parent."""
    own: dict[tuple[str, str], tuple[bool | None, str]] = {}
    for root in roots:
        for style in root.iter(f"{STYLE}style"):
            key = (style.get(f"{STYLE}family") or "", style.get(f"{STYLE}name") or "")
            shown = style.find(f"{STYLE}text-properties")
            display = shown.get(f"{TEXT}display") if shown is not None else None
            own[key] = (
                None if display is None else display == "none",
                style.get(f"{STYLE}parent-style-name") or "",
            )

    def is_hidden(key: tuple[str, str]) -> bool:
        seen: set[tuple[str, str]] = set()
        while key in own and key not in seen:
            display, parent = own[key]
            if display is not None:
                return display
            seen.add(key)
            key = (key[0], parent)
        return False

    return {key for key in own if is_hidden(key)}


def clean(root: etree._Element, hidden: set[tuple[str, str]], found: Found) -> None:
    """What a reader does not see goes; the text of boxes comes after its carrier."""
    found["deletions"] += sum(1 for _ in root.iter(f"{TEXT}deletion"))
    remove_all(root.iter(f"{TEXT}tracked-changes"), Found(), "")
    remove_all(root.iter(f"{OFFICE}annotation"), found, "comments")
    remove_all(root.iter(f"{OFFICE}annotation-end", f"{OFFICE}scripts", f"{OFFICE}event-listeners"), Found(), "")
    drop_hidden(root, hidden, found)
    indexes = list(root.iter(f"{TEXT}table-of-content"))
    remove_all(indexes, found, "contents")
    _lift_text_boxes(root, found)
    _drop_drawings(root, found)
    _clip_repeats(root)


def drop_hidden(root: etree._Element, hidden: set[tuple[str, str]], found: Found) -> None:
    """Hidden sections, rows, paragraphs and words go."""
    remove_all(
        (section for section in root.iter(f"{TEXT}section") if section.get(f"{TEXT}display") == "none"),
        found,
        "hidden",
    )
    remove_all(root.iter(f"{TEXT}hidden-text"), found, "hidden")
    rows = (row for row in root.iter(f"{TABLE}table-row") if row.get(f"{TABLE}visibility") in {"collapse", "filter"})
    remove_all(rows, found, "hidden")
    for mark in list(root.iter(f"{TEXT}hidden-paragraph")):
        if mark.get(f"{TEXT}is-hidden") == "true":
            remove_all(list(mark.iterancestors(f"{TEXT}p", f"{TEXT}h"))[:1], found, "hidden")
    remove_all(
        (span for span in root.iter(f"{TEXT}span") if ("text", span.get(f"{TEXT}style-name") or "") in hidden),
        found,
        "hidden",
    )
    blocks = root.iter(f"{TEXT}p", f"{TEXT}h")
    remove_all(
        (block for block in blocks if ("paragraph", block.get(f"{TEXT}style-name") or "") in hidden),
        found,
        "hidden",
    )


def _lift_text_boxes(root: etree._Element, found: Found) -> None:
    """The paragraphs of frames and shapes, which pandoc would lose, come after their carrier."""
    boxes = [*root.iter(f"{DRAW}text-box"), *(shape for name in SHAPES for shape in root.iter(DRAW + name))]
    for box in reversed(boxes):
        carrier = next(box.iterancestors(f"{TEXT}p", f"{TEXT}h"), None)
        blocks = [child for child in box if child.tag in {f"{TEXT}p", f"{TEXT}h", f"{TEXT}list", f"{TABLE}table"}]
        is_full = any(
            "".join(block.itertext()).strip() or next(block.iter(f"{DRAW}image"), None) is not None for block in blocks
        )
        if carrier is not None and is_full:
            found["text_boxes"] += 1
            lift_after(carrier, blocks)


def _drop_drawings(root: etree._Element, found: Found) -> None:
    shapes = [shape for name in SHAPES for shape in root.iter(DRAW + name)]
    remove_all((shape for shape in shapes if next(shape.iter(f"{DRAW}image"), None) is None), found, "drawings")
    for frame in list(root.iter(f"{DRAW}frame")):
        if frame.find(f"{DRAW}object") is not None or frame.find(f"{DRAW}object-ole") is not None:
            remove_all([frame], found, "drawings")


def _drop_indents(root: etree._Element) -> None:
    """pandoc takes an indented paragraph for a quotation."""
    for properties in root.iter(f"{STYLE}paragraph-properties"):
        for name in ("margin-left", "text-indent", "margin"):
            properties.attrib.pop(FO + name, None)


def _clip_repeats(root: etree._Element) -> None:
    """Numbers that would make a small file huge: repeated cells, spanned columns, rows of spaces."""
    for element in root.iter(f"{TABLE}*"):
        for name, most in (
            ("number-columns-repeated", MOST_COLUMNS),
            ("number-rows-repeated", 1),
            ("number-columns-spanned", MOST_COLUMNS),
        ):
            _clip(element, TABLE + name, most)
        _clip(element, f"{TABLE}number-rows-spanned", 1000)
    for spaces in root.iter(f"{TEXT}s"):
        _clip(spaces, f"{TEXT}c", MOST_SPACES)


def _clip(element: etree._Element, name: str, most: int) -> None:
    value = element.get(name)
    if value is not None:
        number = int(value) if re.fullmatch(r"\d{1,9}", value) else 1 if not value.isdigit() else most
        element.set(name, str(min(max(number, 1), most)))
