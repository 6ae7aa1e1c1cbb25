"""What the readers of Word files and mails give back, before anything becomes a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# What a read text may hold: the rich text features of a page that a file can fill, without links to our own
# pages.
READ_FEATURES = (
    "h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "superscript", "subscript",
    "strikethrough", "blockquote", "hr",
)  # fmt: skip


@dataclass(frozen=True)
class RichText:
    """Clean HTML, in Wagtail's database form, with only READ_FEATURES."""

    html: str


@dataclass(frozen=True)
class Table:
    """A rectangular grid of texts (lines kept as \\n). The cells covered by a merged one are ""."""

    rows: list[list[str]]
    header_row: bool = False
    header_col: bool = False
    merged: list[dict[str, int]] = field(default_factory=list)  # {"row", "col", "rowspan", "colspan"}, from 0
    caption: str = ""


@dataclass(frozen=True)
class Image:
    """An image of the file: PNG, JPEG, GIF or WebP bytes; `name` with its true extension; `alt` may be ""."""

    data: bytes
    name: str
    alt: str


Passage = RichText | Table | Image


@dataclass(frozen=True)
class ReadText:
    """A text read from a file. `report` says in French sentences what was changed or dropped."""

    title: str
    passages: Sequence[Passage]
    report: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found to put on a page: the file is then worth attaching only."""
        return not self.passages


@dataclass(frozen=True)
class ReadMail:
    """A mail. `date` is ISO 8601 with its zone, or ""; attachments are (safe name, bytes), in their order."""

    subject: str
    sender: str
    date: str
    passages: list[RichText]
    attachments: list[tuple[str, bytes]]
    report: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """The text cannot be read, the original can be kept. `message`: the file, the reason, the way out."""

    def __init__(self, name: str, reason: str) -> None:
        what, way_out = REASONS[reason]
        self.reason = reason
        self.message = f"Le texte de « {name} » n’a pas pu être lu : {what}. {way_out}"
        super().__init__(self.message)


OPEN_AND_SAVE = "Ouvrez-le dans Word ou LibreOffice, enregistrez-le à nouveau, puis recommencez."
REASONS = {
    "encrypted": (
        "il est protégé par un mot de passe",
        "Enregistrez-le sans mot de passe, puis recommencez.",
    ),
    "damaged": (
        "le fichier est incomplet ou abîmé",
        "Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau.",
    ),
    "trapped": ("il est construit comme un fichier piégé", OPEN_AND_SAVE),
    "too_deep": ("ses listes ou ses tableaux sont imbriqués sans fin", OPEN_AND_SAVE),
    "too_long": ("il est trop long à lire", "Coupez-le en plusieurs fichiers, puis recommencez."),
    "not_a_text": ("ce n’est pas un document de texte", "Déposez-le comme document joint."),
    "no_reader": (
        "ce serveur ne sait pas lire les anciens fichiers Word (.doc)",
        "Enregistrez-le au format .docx, puis recommencez.",
    ),
    "old_word": (
        "cet ancien fichier Word n’est pas lisible ici",
        "Enregistrez-le au format .docx, puis recommencez.",
    ),
}
