"""Small files made on the spot, sound and hostile, for the tests of reading."""

import hashlib
import io
import zipfile

from PIL import Image

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="{type}"/></Types>'
)
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PASSWORD_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(
    body: str = "<w:p><w:r><w:t>mot</w:t></w:r></w:p>", *, content_type: str = WORD_TYPE, **parts: str | bytes
) -> bytes:
    """A Word file around `body`; `parts` adds parts, `__` in their names standing for `/` and `_xml` for `.xml`."""
    more = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
    document = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES.format(part="word/document.xml", type=content_type),
            "_rels/.rels": RELATIONSHIPS,
            "word/document.xml": document,
            **more,
        }
    )


ODF_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"))
) + (
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odt(body: str = "<text:p>mot</text:p>", *, styles: str = "", prolog: str = "") -> bytes:
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {ODF_NAMES} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def picture(format_name: str = "PNG", size: tuple[int, int] = (30, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_name)
    return out.getvalue()


def rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def pdf(pages: int = 1, *, encryption: str = "") -> bytes:
    """A PDF of blank pages. `encryption` is "" (none), "open" (empty user password) or "locked"."""
    kids = " ".join(f"{number} 0 R" for number in range(4, 4 + pages))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>",
        _encryption(encryption),
    ]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>"] * pages
    out, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    encrypt = f"/Encrypt 3 0 R/ID[<{'0' * 16}><{'0' * 16}>]" if encryption else ""
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{encrypt}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def _encryption(kind: str) -> str:
    """The standard handler, revision 2, with the key of an empty password or of none that anybody knows."""
    owner = hashlib.md5(b"owner", usedforsecurity=False).digest() * 2
    secret = PASSWORD_PADDING if kind == "open" else b"?" * 32
    identity = bytes.fromhex("0" * 16)
    key = hashlib.md5(
        secret + owner + (-4).to_bytes(4, "little", signed=True) + identity, usedforsecurity=False
    ).digest()[:5]
    user = rc4(key, PASSWORD_PADDING)
    return f"<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{user.hex()}>>>" if kind else "null"
