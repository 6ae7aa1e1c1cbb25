"""What came of reading a file: its state, the reason, and both in words."""

from django.db import models

from kb import typography
from kb.documents.file_types import Kind


class TextState(models.TextChoices):
    """What is known of the text of a file."""

    WAITING = "waiting", "À lire"  # a job will read it
    OK = "ok", "Texte trouvé"
    EMPTY = "empty", "Sans texte"  # read to its end: it says nothing
    WAITING_FOR_OCR = "waiting_for_ocr", "Scan à lire"  # some pages are pictures; the rest is there already
    WAITING_FOR_PROGRAM = "waiting_for_program", "Programme manquant"  # taken up when it is installed
    ENCRYPTED = "encrypted", "Protégé par mot de passe"
    TOO_BIG = "too_big", "Trop gros"  # once unpacked, or in memory
    TIMEOUT = "timeout", "Trop long à lire"
    FAILED = "failed", "Illisible"
    UNSUPPORTED = "unsupported", "Sans lecteur"  # a kind of file that holds no text we know of


TO_BE_READ = (TextState.WAITING, TextState.WAITING_FOR_OCR, TextState.WAITING_FOR_PROGRAM)
UNREADABLE = (TextState.ENCRYPTED, TextState.TOO_BIG, TextState.TIMEOUT, TextState.FAILED)


class Reason(models.TextChoices):
    """Why the text is missing, or not whole."""

    NONE = "", ""
    ENCRYPTED = "encrypted", "protégé par mot de passe"
    DAMAGED = "damaged", "le fichier est incomplet ou abîmé"
    TRAPPED = "trapped", "il est construit comme un fichier piégé"
    UNPACKS = "unpacks", "il grossit sans fin une fois décompressé"
    TOO_DEEP = "too_deep", "ses listes ou ses tableaux sont imbriqués sans fin"
    TOO_HEAVY = "too_heavy", "il demande trop de mémoire"
    TOO_SLOW = "too_slow", "il est trop long à lire"
    INTERRUPTED = "interrupted", "la lecture s’est arrêtée net à chaque essai"
    LOST = "lost", "le fichier manque sur le serveur"
    NO_READER = "no_reader", "ce type de fichier n’a pas de texte à chercher"
    NO_LIBREOFFICE = "no_libreoffice", "LibreOffice n’est pas installé"
    NO_TESSERACT = "no_tesseract", "Tesseract n’est pas installé"
    NO_FRENCH = "no_french", "le français de Tesseract n’est pas installé"
    ONLY_PICTURES = "only_pictures", "le document ne contient que des images"
    PAGES_LOST = "pages_lost", "quelques pages sont restées illisibles"
    CUT = "cut", "la fin, très longue, n’a pas été lue"


OPEN_AND_SAVE = "Ouvrez-le dans son logiciel, enregistrez-le à nouveau, puis remplacez-le."
ASK_THE_ADMINISTRATOR = "La personne qui administre le site peut l’installer : la lecture reprendra d’elle-même."
WAY_OUT = {
    Reason.ENCRYPTED: "Enregistrez-le sans mot de passe, puis remplacez-le.",
    Reason.DAMAGED: "Vérifiez qu’il s’ouvre sur votre poste, puis remplacez-le.",
    Reason.TRAPPED: OPEN_AND_SAVE,
    Reason.UNPACKS: OPEN_AND_SAVE,
    Reason.TOO_DEEP: OPEN_AND_SAVE,
    Reason.TOO_HEAVY: "Coupez-le en plusieurs fichiers, ou exportez-le en PDF.",
    Reason.TOO_SLOW: "Relancez la lecture ; sinon, coupez-le en plusieurs fichiers.",
    Reason.INTERRUPTED: "Relancez la lecture, et signalez-le si elle s’arrête encore.",
    Reason.LOST: "Rétablissez-le depuis une sauvegarde.",
    Reason.NO_LIBREOFFICE: ASK_THE_ADMINISTRATOR,
    Reason.NO_TESSERACT: ASK_THE_ADMINISTRATOR,
    Reason.NO_FRENCH: ASK_THE_ADMINISTRATOR,
    Reason.ONLY_PICTURES: "Exportez-le en PDF : ses images seront lues.",
}
# What the numbered parts of a file are called; the kinds that are not here flow without pages.
PARTS = {
    **dict.fromkeys((Kind.PPTX, Kind.PPT, Kind.ODP), "diapositive"),
    **dict.fromkeys((Kind.XLSX, Kind.XLSB, Kind.XLS, Kind.ODS), "feuille"),
    **dict.fromkeys((Kind.PDF, Kind.ODG, Kind.TIFF, Kind.PNG, Kind.JPEG, Kind.GIF, Kind.WEBP, Kind.BMP), "page"),
}


def words(*, state: str, reason: str, kind: str, pages: int | None, by_ocr: int = 0, waiting: int = 0) -> str:
    """The health of a file in a few words: « texte trouvé (12 pages) », « illisible : il est abîmé ».

    `pages` counts the parts of the file (None where it has none), `by_ocr` those that were read by
    recognition, `waiting` those that still are pictures.
    """
    said = Reason(reason).label
    match state:
        case TextState.OK:
            return f"texte trouvé{_extent(kind, pages, by_ocr)}" + (f" : {said}" if said else "")
        case TextState.EMPTY:
            return f"aucun texte : {said}" if said else "aucun texte"
        case TextState.WAITING_FOR_OCR:
            return _scan(kind, pages, by_ocr, waiting, said)
        case TextState.WAITING_FOR_PROGRAM:
            return f"lecture en attente : {said}"
        case TextState.ENCRYPTED:
            return said
        case TextState.TOO_BIG | TextState.TIMEOUT | TextState.FAILED:
            return f"illisible : {said}"
        case TextState.UNSUPPORTED:
            return said
    return "lecture en attente"


def sentence(shown: str, way_out: str) -> str:
    """The words as a sentence, with the way out where there is one."""
    return f"{shown[:1].upper()}{shown[1:]}." + (f" {way_out}" if way_out else "")


def _extent(kind: str, pages: int | None, by_ocr: int) -> str:
    part = PARTS.get(Kind(kind)) if kind else None
    if not pages or part is None:
        return ""
    seen = f", dont {typography.number(by_ocr)} par reconnaissance" if by_ocr else ""
    return f" ({typography.count(pages, part)}{seen})"


def _scan(kind: str, pages: int | None, by_ocr: int, waiting: int, said: str) -> str:
    if said:
        return f"lecture en attente : {said}"
    if by_ocr:
        return f"scan : lecture en cours ({by_ocr} sur {typography.count(by_ocr + waiting, 'page')})"
    if pages and waiting < pages:
        return (
            f"texte trouvé ; lecture en attente pour {typography.count(waiting, 'page numérisée', 'pages numérisées')}"
        )
    return "scan sans texte : lecture en attente" if kind == Kind.PDF else "image : lecture en attente"
