"""The sorts of pages, files and acts: what `type:` understands, and what the facet of kinds counts, in French."""

from typing import Any

from kb.documents.file_types import IMAGES, MAILS, Kind
from kb.pages.enums import ArticleKind
from search.stems import fold, stem

PAGE_SORTS = {
    "homepage": "Commune",
    "servicepage": "Service",
    "projectpage": "Projet",
    "folderpage": "Dossier",
    "sittingpage": "Séance",
    "outsidemeetingpage": "Réunion extérieure",
    "agendaitempage": "Point",
    **{str(value): str(label) for value, label in ArticleKind.choices},
}
FILE_SORTS = {
    "pdf": "PDF", "docx": "Word", "doc": "Word (ancien)", "odt": "ODT", "rtf": "RTF", "xlsx": "Excel",
    "xls": "Excel (ancien)", "xlsb": "Excel (binaire)", "ods": "Tableur ODS", "pptx": "PowerPoint",
    "ppt": "PowerPoint (ancien)", "odp": "Présentation ODP", "odg": "Dessin ODG", "text": "Texte", "csv": "CSV",
    "html": "Page web", "xml": "XML", "eml": "Courriel", "msg": "Courriel Outlook",
}  # fmt: skip
DELIBERATION, DECISION, MINUTES, FOLLOW_UP, TASK = "deliberation", "decision", "council_minutes", "follow_up", "task"
LIST = "council_list"
ACT_SORTS = {
    DELIBERATION: "Délibération", DECISION: "Décision du maire", MINUTES: "Procès-verbal", FOLLOW_UP: "Suivi d’un acte",
    TASK: "Tâche", LIST: "Liste des délibérations",
}  # fmt: skip
_FAMILIES = {
    "page": frozenset(PAGE_SORTS),
    "fichier": frozenset(str(kind) for kind in Kind),
    "document": frozenset(str(kind) for kind in Kind),
    "word": frozenset({"docx", "doc"}),
    "excel": frozenset({"xlsx", "xls", "xlsb"}),
    "tableur": frozenset({"xlsx", "xls", "xlsb", "ods", "csv"}),
    "tableau": frozenset({"xlsx", "xls", "xlsb", "ods", "csv"}),
    "powerpoint": frozenset({"pptx", "ppt"}),
    "presentation": frozenset({"pptx", "ppt", "odp"}),
    "image": frozenset(str(kind) for kind in IMAGES),
    "photo": frozenset(str(kind) for kind in IMAGES),
    "courriel": frozenset(str(kind) for kind in MAILS),
    "mail": frozenset(str(kind) for kind in MAILS),
    "pv": frozenset({MINUTES, str(ArticleKind.MINUTES.value)}),
    "acte": frozenset({DELIBERATION, DECISION}),
    "decision": frozenset({DECISION}),
    "liste": frozenset({LIST}),
    "suivi": frozenset({FOLLOW_UP}),
}


def _named() -> dict[str, frozenset[str]]:
    named = {fold(label): frozenset({sort}) for sort, label in (PAGE_SORTS | FILE_SORTS | ACT_SORTS).items()}
    named |= {str(kind): frozenset({str(kind)}) for kind in Kind}
    return {_key(name): sorts for name, sorts in (named | _FAMILIES).items()}


def _key(name: str) -> str:
    return " ".join(stem(word) for word in fold(name).split())


_NAMED = _named()


def sorts_named(written: str) -> frozenset[str]:
    """The sorts that a word names, accents and plural or not; none when it names nothing."""
    return _NAMED.get(_key(written.strip()), frozenset())


def sort_of_page(page: Any) -> str:
    """The sort of a page: its type, or what an article is for."""
    return str(getattr(page, "kind", "") or page._meta.model_name)


def label_of(sort: str) -> str:
    """In French."""
    return PAGE_SORTS.get(sort) or FILE_SORTS.get(sort) or ACT_SORTS.get(sort) or sort.upper()
