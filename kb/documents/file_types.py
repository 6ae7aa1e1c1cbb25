"""What a file is, judged from its bytes; whether we take it; and the name under which we keep it."""

import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

import filetype
from django.conf import settings

from kb.documents import containers
from kb.documents.extraction import sandbox
from kb.documents.text_encoding import decoded, looks_like_text

MB = 1024 * 1024
HEAD = 64 * 1024
MOST_NAME_CHARACTERS = 150
MOST_NAME_BYTES = 240  # most file systems stop at 255


class Kind(StrEnum):
    """What a file is. The values are those of the setting ACCEPTED_FILE_KINDS."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    PPTX = "pptx"
    PPT = "ppt"
    ODP = "odp"
    ODG = "odg"
    TEXT = "text"
    CSV = "csv"
    HTML = "html"
    XML = "xml"
    EML = "eml"
    MSG = "msg"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"
    TIFF = "tiff"
    BMP = "bmp"
    HEIC = "heic"
    # Known, and not taken unless the town says so.
    OFFICE_WITH_MACROS = "office_with_macros"
    SVG = "svg"
    ARCHIVE = "archive"
    AUDIO = "audio"
    VIDEO = "video"
    PROGRAM = "program"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Whether the bytes can be read. Whatever the state, the original can be kept."""

    SOUND = "sound"
    ENCRYPTED = "encrypted"  # a password is needed
    DAMAGED = "damaged"  # cut short, or not openable


IMAGES = {Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP, Kind.TIFF, Kind.BMP, Kind.HEIC}
MAILS = {Kind.EML, Kind.MSG}
NOT_TAKEN = {
    Kind.OFFICE_WITH_MACROS, Kind.SVG, Kind.ARCHIVE, Kind.AUDIO, Kind.VIDEO, Kind.PROGRAM, Kind.UNKNOWN,
}  # fmt: skip
ACCEPTED_BY_DEFAULT = tuple(kind for kind in Kind if kind not in NOT_TAKEN)


@dataclass(frozen=True)
class FileType:
    """What a file is. `problem` is a French sentence, "" when the file is sound and rightly named."""

    kind: Kind
    mime: str
    extension: str  # without the dot
    label: str  # French, with its article left out: « document Word »
    state: State = State.SOUND
    problem: str = ""


class RefusedFile(Exception):
    """The file is not taken. `message` is French: it names the file, the reason and the way out."""

    def __init__(self, message: str, kind: Kind = Kind.UNKNOWN) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
TYPES = {
    kind: FileType(kind, mime, extension, label)
    for kind, mime, extension, label in (
        (Kind.PDF, "application/pdf", "pdf", "document PDF"),
        (Kind.DOCX, _OOXML + "wordprocessingml.document", "docx", "document Word"),
        (Kind.DOC, "application/msword", "doc", "document Word (ancien format)"),
        (Kind.ODT, _ODF + "text", "odt", "document LibreOffice"),
        (Kind.RTF, "application/rtf", "rtf", "document RTF"),
        (Kind.XLSX, _OOXML + "spreadsheetml.sheet", "xlsx", "classeur Excel"),
        (
            Kind.XLSB,
            "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
            "xlsb",
            "classeur Excel binaire",
        ),
        (Kind.XLS, "application/vnd.ms-excel", "xls", "classeur Excel (ancien format)"),
        (Kind.ODS, _ODF + "spreadsheet", "ods", "classeur LibreOffice"),
        (Kind.PPTX, _OOXML + "presentationml.presentation", "pptx", "présentation PowerPoint"),
        (Kind.PPT, "application/vnd.ms-powerpoint", "ppt", "présentation PowerPoint (ancien format)"),
        (Kind.ODP, _ODF + "presentation", "odp", "présentation LibreOffice"),
        (Kind.ODG, _ODF + "graphics", "odg", "dessin LibreOffice"),
        (Kind.TEXT, "text/plain", "txt", "texte"),
        (Kind.CSV, "text/csv", "csv", "tableau CSV"),
        (Kind.HTML, "text/html", "html", "page HTML"),
        (Kind.XML, "application/xml", "xml", "fichier XML"),
        (Kind.EML, "message/rfc822", "eml", "courriel"),
        (Kind.MSG, "application/vnd.ms-outlook", "msg", "courriel Outlook"),
        (Kind.PNG, "image/png", "png", "image PNG"),
        (Kind.JPEG, "image/jpeg", "jpg", "photo JPEG"),
        (Kind.GIF, "image/gif", "gif", "image GIF"),
        (Kind.WEBP, "image/webp", "webp", "image WebP"),
        (Kind.TIFF, "image/tiff", "tif", "image TIFF"),
        (Kind.BMP, "image/bmp", "bmp", "image BMP"),
        (Kind.HEIC, "image/heic", "heic", "photo HEIC"),
        (Kind.OFFICE_WITH_MACROS, "application/octet-stream", "docm", "document avec macros"),
        (Kind.SVG, "image/svg+xml", "svg", "dessin SVG"),
        (Kind.ARCHIVE, "application/zip", "zip", "archive compressée"),
        (Kind.AUDIO, "audio/mpeg", "mp3", "enregistrement sonore"),
        (Kind.VIDEO, "video/mp4", "mp4", "vidéo"),
        (Kind.PROGRAM, "application/octet-stream", "bin", "programme"),
        (Kind.UNKNOWN, "application/octet-stream", "bin", "type inconnu"),
    )
}
# Several names for one thing: these are right as they are.
OTHER_EXTENSIONS = {
    Kind.JPEG: {"jpg", "jpeg", "jpe", "jfif"},
    Kind.TIFF: {"tif", "tiff"},
    Kind.HTML: {"html", "htm", "xhtml"},
    Kind.HEIC: {"heic", "heif"},
    Kind.XML: {"xml", "xsd", "gml", "kml", "gpx"},
    Kind.TEXT: {"txt", "text", "md", "log", "json", "geojson", "ics", "vcf", "ini", "yml", "yaml", "tsv"},
    Kind.DOCX: {"docx", "dotx"},
    Kind.XLSX: {"xlsx", "xltx"},
    Kind.PPTX: {"pptx", "ppsx", "potx"},
    Kind.DOC: {"doc", "dot"},
    Kind.XLS: {"xls", "xlt"},
    Kind.PPT: {"ppt", "pps"},
    Kind.ODT: {"odt", "ott"},
    Kind.ODS: {"ods", "ots"},
    Kind.ODP: {"odp", "otp"},
}
OFFICE = "PDF, Word, Excel, LibreOffice, texte, image ou courriel"
WAY_OUT = {
    Kind.PROGRAM: "C’est un programme, et aucun programme n’est accepté. Déposez le document lui-même.",
    Kind.ARCHIVE: ("C’est une archive compressée : ouvrez-la, puis déposez un à un les fichiers qu’elle contient."),
    Kind.OFFICE_WITH_MACROS: (
        "Il contient des macros : enregistrez-le sans macros (.docx, .xlsx ou .pptx), puis déposez-le."
    ),
    Kind.SVG: "Un dessin SVG peut contenir un programme : exportez-le en PNG ou en PDF, puis déposez-le.",
    Kind.AUDIO: "Les enregistrements sonores ne sont pas acceptés : déposez leur compte rendu, ou un lien.",
    Kind.VIDEO: (
        "Les vidéos ne sont pas acceptées : publiez-la sur la plateforme vidéo de la mairie et mettez son lien."
    ),
    Kind.UNKNOWN: f"Son contenu n’est d’aucun type reconnu : enregistrez-le en {OFFICE}, puis déposez-le.",
}
OOXML_FAMILIES = (
    ("wordprocessingml", Kind.DOCX),
    ("ms-word", Kind.DOCX),
    ("spreadsheetml", Kind.XLSX),
    ("ms-excel", Kind.XLSX),
    ("presentationml", Kind.PPTX),
    ("ms-powerpoint", Kind.PPTX),
)
ODF_FAMILIES = {
    "text": Kind.ODT, "text-template": Kind.ODT, "spreadsheet": Kind.ODS, "spreadsheet-template": Kind.ODS,
    "presentation": Kind.ODP, "presentation-template": Kind.ODP, "graphics": Kind.ODG,
}  # fmt: skip
ZIPPED = {kind.value: kind for kind in (Kind.DOCX, Kind.XLSX, Kind.PPTX, *ODF_FAMILIES.values())}
BY_FILETYPE = {
    "png": Kind.PNG, "apng": Kind.PNG, "jpg": Kind.JPEG, "gif": Kind.GIF, "webp": Kind.WEBP, "tif": Kind.TIFF,
    "bmp": Kind.BMP, "heic": Kind.HEIC,
    "exe": Kind.PROGRAM, "elf": Kind.PROGRAM, "wasm": Kind.PROGRAM, "swf": Kind.PROGRAM, "crx": Kind.PROGRAM,
    "deb": Kind.PROGRAM, "rpm": Kind.PROGRAM,
    "tar": Kind.ARCHIVE, "rar": Kind.ARCHIVE, "gz": Kind.ARCHIVE, "bz2": Kind.ARCHIVE, "7z": Kind.ARCHIVE,
    "xz": Kind.ARCHIVE, "cab": Kind.ARCHIVE, "zst": Kind.ARCHIVE, "lz": Kind.ARCHIVE,
}  # fmt: skip
PROGRAM_STARTS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",  # Java, universal Mach-O
    b"\xcf\xfa\xed\xfe",  # Mach-O
    b"\xce\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",  # Windows shortcut
    b"dex\n",
    b"#!",
)
# Text that a double click runs.
PROGRAM_EXTENSIONS = {
    "bat", "cmd", "com", "cpl", "exe", "hta", "jar", "js", "jse", "lnk", "msc", "ps1", "psm1", "py", "reg",
    "scf", "scr", "sh", "url", "vb", "vbe", "vbs", "wsf", "wsh", "php",
}  # fmt: skip
MAIL_HEADER = re.compile(
    rb"^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to|content-type|reply-to"
    rb"|x-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
MARKUP_START = re.compile(
    r"^\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype\s+(?:html|svg)|[a-z:]+)", re.IGNORECASE | re.DOTALL
)
PDF_ENCRYPT = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def accepted_kinds() -> frozenset[Kind]:
    """The kinds that this town takes: the setting ACCEPTED_FILE_KINDS, or all that we can show or read."""
    return frozenset(Kind(value) for value in settings.ACCEPTED_FILE_KINDS or ACCEPTED_BY_DEFAULT)


def judge(file: bytes | BinaryIO, name: str, *, accepted: Collection[Kind] | None = None) -> FileType:
    """What `file` (its bytes, or a seekable binary file, left at its start) is, whatever its `name` says.

    A damaged or encrypted file of an accepted kind is returned with its state and a sentence: its original
    can be kept. Raises RefusedFile when it is empty, over settings.MAX_UPLOAD_MB, of a kind not accepted, or
    a zip bomb.
    """
    shown = safe_name(name)
    view = _View(file)
    if view.size == 0:
        raise RefusedFile(f"« {shown} » est vide (0 octet). Vérifiez le fichier d’origine, puis déposez-le à nouveau.")
    if view.size > settings.MAX_UPLOAD_MB * MB:
        raise RefusedFile(
            f"« {shown} » pèse {view.size // MB} Mo, plus que les {settings.MAX_UPLOAD_MB} Mo permis. "
            "Réduisez-le (images moins lourdes, export PDF) ou coupez-le en plusieurs fichiers."
        )
    try:
        found = _recognised(view, _extension(shown))
    except containers.Bomb as bomb:
        raise RefusedFile(
            f"« {shown} » n’est pas accepté : {bomb}, comme le ferait un fichier piégé. "
            "Ouvrez-le dans son logiciel, enregistrez-le à nouveau ou exportez-le en PDF, puis déposez-le."
        ) from bomb
    if found.kind not in (accepted_kinds() if accepted is None else accepted):
        raise RefusedFile(
            f"« {shown} » n’est pas accepté. {WAY_OUT.get(found.kind, WAY_OUT[Kind.UNKNOWN])}", found.kind
        )
    view.rewind()
    return replace(found, problem=_problem(found, shown))


def safe_name(name: str, *, most: int = MOST_NAME_CHARACTERS) -> str:
    """`name` as it can be shown, stored and downloaded: accents and emoji kept, extension kept, `most`
    characters.

    Path separators become hyphens; control characters, line ends, direction marks and what Windows forbids
    go.
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = "".join(" " if unicodedata.category(c) in {"Zl", "Zp", "Zs"} or c in "\r\n\t" else c for c in name)
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"} or c == "\u200d")
    parts = [part.strip() for part in re.split(r"[/\\]", re.sub(r"^[A-Za-z]:(?=[\\/])", "", name))]
    name = "-".join(part for part in parts if part.strip("."))
    name = re.sub(r'[<>:"|?*]', "-", re.sub(r"\s+", " ", name)).strip(" .\u200d")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > 10:
        stem, extension = name, ""
    if re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", stem, re.IGNORECASE):
        stem = f"_{stem}"
    end = f".{extension}" if extension else ""
    return _shortened(stem or "document", most - len(end), MOST_NAME_BYTES - len(end.encode())) + end


def fitting_name(name: str, file_type: FileType) -> str:
    """`safe_name(name)` with an extension that tells the truth about the bytes, never `facture.pdf.exe`."""
    name = safe_name(name)
    if _extension(name) in OTHER_EXTENSIONS.get(file_type.kind, {file_type.extension}):
        return name
    return safe_name(f"{safe_name(name, most=MOST_NAME_CHARACTERS - 12)}.{file_type.extension}")


class _View:
    """The start, the end and the size of a file given as bytes or as an open file."""

    def __init__(self, file: bytes | BinaryIO) -> None:
        self.file: BinaryIO = io.BytesIO(file) if isinstance(file, bytes) else file
        self.file.seek(0, os.SEEK_END)
        self.size = self.file.tell()
        self.file.seek(max(0, self.size - HEAD))
        self.tail = self.file.read(HEAD)
        self.file.seek(0)
        self.head = self.file.read(HEAD)
        self.file.seek(0)

    def whole(self) -> bytes:
        self.rewind()
        return self.file.read()

    def rewind(self) -> None:
        self.file.seek(0)


def _recognised(view: _View, extension: str) -> FileType:
    head = view.head
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _in_zip(view, extension)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _in_ole(view, extension)
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and not _is_mail(head)):
        return _pdf(view)
    if head.startswith(b"{\\rtf"):
        return _with_end(Kind.RTF, view.tail.rstrip(b"\0\r\n\t \x1a").endswith(b"}"))
    if head.startswith(PROGRAM_STARTS) or (head.startswith(b"MZ") and not looks_like_text(head)):
        return TYPES[Kind.PROGRAM]
    guess = filetype.guess(head)
    if guess is not None and not looks_like_text(head):
        return _binary(guess, view)
    # A mail may carry a control character in a header: its headers say what it is.
    is_text = looks_like_text(head) or _is_mail(head)
    return _text(head, extension) if is_text else TYPES[Kind.UNKNOWN]


def _binary(guess: filetype.Type, view: _View) -> FileType:
    kind = BY_FILETYPE.get(guess.extension)
    if kind is Kind.PNG:
        return _with_end(kind, b"IEND" in view.tail[-4096:])
    if kind is Kind.JPEG:
        return _with_end(kind, b"\xff\xd9" in view.tail)
    if kind is None and guess.mime.startswith(("audio/", "video/")):
        family = TYPES[Kind.AUDIO if guess.mime.startswith("audio/") else Kind.VIDEO]
        return replace(family, mime=guess.mime, extension=guess.extension)
    return TYPES[kind or Kind.UNKNOWN]


def _with_end(kind: Kind, is_whole: bool) -> FileType:
    return TYPES[kind] if is_whole else replace(TYPES[kind], state=State.DAMAGED)


def _pdf(view: _View) -> FileType:
    if b"%%EOF" not in view.tail:
        return _with_end(Kind.PDF, is_whole=False)
    is_encrypted = PDF_ENCRYPT.search(view.head) or PDF_ENCRYPT.search(view.tail)
    # Many PDF are encrypted with an empty password, and open for everybody: only trying tells.
    if is_encrypted and _needs_password(view.whole()):
        return replace(TYPES[Kind.PDF], state=State.ENCRYPTED)
    return TYPES[Kind.PDF]


def _needs_password(pdf: bytes) -> bool:
    try:
        return sandbox.run_python("kb.documents.extraction.pictures:pdf_needs_password", stdin=pdf) == b"yes"
    except sandbox.SandboxError:
        return False


def _in_zip(view: _View, extension: str) -> FileType:
    try:
        with containers.open_zip(view.file) as archive:
            found = _zip_content(archive)
            encrypted = containers.is_encrypted_zip(archive)
    except containers.Damaged:
        return replace(_cut_zip(view.head, extension), state=State.DAMAGED)
    return replace(found, state=State.ENCRYPTED) if encrypted else found


def _zip_content(archive: zipfile.ZipFile) -> FileType:
    names = set(archive.namelist())
    main = containers.ooxml_main_type(archive)
    for family, kind in OOXML_FAMILIES if main else ():
        if family in main:
            if "binary" in main:
                return TYPES[Kind.XLSB]
            if "macroEnabled" in main or any(name.endswith("vbaProject.bin") for name in names):
                return TYPES[Kind.OFFICE_WITH_MACROS]
            return TYPES[kind]
    mime = containers.read_part(archive, "mimetype", 200).decode("ascii", errors="replace").strip()
    if mime.startswith(_ODF):
        return TYPES[ODF_FAMILIES.get(mime.removeprefix(_ODF), Kind.UNKNOWN)]
    if names & {"META-INF/MANIFEST.MF", "classes.dex", "AndroidManifest.xml"}:
        return TYPES[Kind.PROGRAM]
    return TYPES[Kind.ARCHIVE]


def _cut_zip(head: bytes, extension: str) -> FileType:
    """A zip whose end is missing: its first parts still tell what it was."""
    mime = re.match(rb"mimetype" + re.escape(_ODF.encode()) + rb"([a-z-]+?)(?:PK|\Z)", head[30:120])
    if mime:
        return TYPES[ODF_FAMILIES.get(mime[1].decode(), Kind.UNKNOWN)]
    for start, kind in ((b"word/", Kind.DOCX), (b"xl/", Kind.XLSX), (b"ppt/", Kind.PPTX)):
        if start in head:
            return TYPES[kind]
    return TYPES[ZIPPED.get(extension, Kind.ARCHIVE)]


def _in_ole(view: _View, extension: str) -> FileType:
    named = {kind.value: kind for kind in (Kind.DOC, Kind.XLS, Kind.PPT, Kind.MSG, Kind.DOCX, Kind.XLSX, Kind.PPTX)}
    try:
        family, encrypted = containers.ole_family(view.file)
    except containers.Damaged:
        return replace(TYPES[named.get(extension, Kind.UNKNOWN)], state=State.DAMAGED)
    if family == "encrypted_ooxml":
        modern = named.get(extension)
        return replace(TYPES[modern if modern in {Kind.XLSX, Kind.PPTX} else Kind.DOCX], state=State.ENCRYPTED)
    kind = named.get(family, Kind.UNKNOWN)
    return replace(TYPES[kind], state=State.ENCRYPTED if encrypted else State.SOUND)


def _text(head: bytes, extension: str) -> FileType:
    """Bytes do not tell a CSV from a note, nor a script from a text: here alone the name has its word."""
    if extension in PROGRAM_EXTENSIONS:
        return TYPES[Kind.PROGRAM]
    if _is_mail(head):
        return TYPES[Kind.EML]
    start = decoded(head[:4096])
    markup = MARKUP_START.match(start)
    if markup:
        tag = markup[1].lower()
        if tag.endswith("svg") or ("<svg" in start.lower()[:1024] and tag != "html"):
            return TYPES[Kind.SVG]
        if tag.startswith("!doctype") or tag in {"html", "head", "body"}:
            return TYPES[Kind.HTML]
        if start.lstrip("\ufeff \r\n").startswith("<?xml"):
            return TYPES[Kind.XML]
    if extension in OTHER_EXTENSIONS[Kind.HTML] and markup:
        return TYPES[Kind.HTML]
    if extension == "csv":
        return TYPES[Kind.CSV]
    return (
        replace(TYPES[Kind.TEXT], extension=extension) if extension in OTHER_EXTENSIONS[Kind.TEXT] else TYPES[Kind.TEXT]
    )


def _is_mail(head: bytes) -> bool:
    first = head.lstrip().split(b"\n", 1)[0]
    starts = first.startswith(b"From ") or re.match(rb"[A-Za-z][\w-]+:", first)
    block = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    found = {header.lower() for header in MAIL_HEADER.findall(block)}
    return bool(starts) and b"\0" not in block and len(found) >= 3 and bool(found & {b"from", b"received", b"date"})


def _problem(found: FileType, shown: str) -> str:
    if found.state is State.ENCRYPTED:
        return (
            f"« {shown} » est protégé par un mot de passe : son texte ne peut pas être lu. "
            "Enregistrez-le sans mot de passe, puis remplacez-le."
        )
    if found.state is State.DAMAGED:
        return (
            f"« {shown} » est incomplet ou abîmé : son texte ne peut pas être lu. "
            "Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."
        )
    extension = _extension(shown)
    if extension and extension not in OTHER_EXTENSIONS.get(found.kind, {found.extension}):
        return f"« {shown} » n’est pas un fichier .{extension} : son contenu est du type « {found.label} »."
    return ""


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def _shortened(stem: str, characters: int, octets: int) -> str:
    """Cut without leaving half a character or half an emoji at the end."""
    cut = stem[:characters]
    while len(cut.encode()) > octets:
        cut = cut[:-1]
    if cut != stem:
        while cut and (
            unicodedata.combining(cut[-1]) or cut[-1] in "\u200d\ufe0f" or "\U0001f3fb" <= cut[-1] <= "\U0001f3ff"
        ):
            cut = cut[:-1]
        cut = cut.rstrip(" .\u200d")
    return cut
