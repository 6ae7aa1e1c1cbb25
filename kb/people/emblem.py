"""The town's emblem: a PNG, or an SVG of which only the drawing is kept. Judged from the bytes."""

import io
import re

from lxml import etree
from PIL import Image, UnidentifiedImageError

MOST_BYTES = 300_000
MOST_PIXELS = 4_000_000
SVG = "http://www.w3.org/2000/svg"
TAGS = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "title", "desc",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "text", "tspan",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "id", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx", "dy", "width", "height",
    "points", "viewBox", "preserveAspectRatio", "transform", "fill", "fill-rule", "fill-opacity", "stroke",
    "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-dasharray", "stroke-miterlimit",
    "opacity", "clip-path", "clip-rule", "mask", "offset", "stop-color", "stop-opacity", "gradientUnits",
    "gradientTransform", "clipPathUnits", "font-family", "font-size", "font-weight", "text-anchor",
})  # fmt: skip
INSIDE = re.compile(r"url\(\s*#[\w-]+\s*\)")  # the only address that a drawing may name: one of its own parts


class NotAnEmblem(Exception):
    """The file cannot be the emblem; the message is a French sentence with its way out."""


def emblem_of(data: bytes) -> tuple[bytes, str]:
    """What is kept of the file, and its MIME type. Raises NotAnEmblem."""
    if len(data) > MOST_BYTES:
        raise NotAnEmblem("L’emblème pèse plus de 300 Ko. Réduisez-le, puis recommencez.")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data), "image/png"
    return _svg(data), "image/svg+xml"


def _png(data: bytes) -> bytes:
    """The picture written again: nothing but its pixels."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAnEmblem("L’emblème a trop de pixels. Réduisez-le à 1 000 pixels de côté, puis recommencez.")
            out = io.BytesIO()
            picture.convert("RGBA").save(out, "PNG", optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as damaged:
        raise NotAnEmblem("Cette image PNG est abîmée. Enregistrez-la à nouveau, puis recommencez.") from damaged


def _svg(data: bytes) -> bytes:
    """The drawing alone: no script, style, link, picture from elsewhere or foreign element."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise NotAnEmblem("L’emblème est un fichier PNG ou SVG. Exportez-le dans l’un des deux.") from wrong
    if root.tag != f"{{{SVG}}}svg":
        raise NotAnEmblem("L’emblème est un fichier PNG ou SVG. Exportez-le dans l’un des deux.")
    return etree.tostring(_drawing(root))


def _drawing(element: etree._Element) -> etree._Element:
    kept = etree.Element(element.tag, nsmap={None: SVG})
    kept.text = element.text
    for name, value in element.attrib.items():
        if name in ATTRIBUTES and ("url(" not in value.lower() or INSIDE.fullmatch(value.strip())):
            kept.set(name, value)
    for child in element:
        if isinstance(child.tag, str) and child.tag.removeprefix(f"{{{SVG}}}") in TAGS:
            kept.append(_drawing(child))
    return kept
