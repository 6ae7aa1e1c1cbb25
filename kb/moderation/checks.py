"""Advice before a draft is submitted: what to mend, why, and how. It stops nothing, except what the law asks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kb import typography
from kb.access.audience import audience_on
from kb.documents.extraction.queries import healths_of
from kb.history.passages import html_lines, passages
from kb.links import wiki
from kb.links.models import MissingLink
from kb.moderation.models import ChecklistItem
from kb.pages import content, revising
from kb.pages.knowledge import KnowledgePage
from kb.permissions import Viewer, can_view

MOST_SHOWN = 5  # examples of one kind: the rest would not be read
LONGEST_SENTENCE = 35  # words; beyond, readers go back to its start
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n")
_HEADING = re.compile(r"<h([2-6])[^>]*>(.*?)</h\1>", re.DOTALL)
_PERSON = r"\b(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame)\s+[A-ZÀ-Ý][\w’'-]+"
_ADDRESS = (
    r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|route|quai|lotissement)\b"
)
SOCIAL_AID = "une aide sociale liée à un nom"
PERSONAL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("un numéro de compte (IBAN)", re.compile(r"\bFR\d{2}(?:[ \u00a0]?[0-9A-Z]{4}){5}[ \u00a0]?[0-9A-Z]{3}\b")),
    ("un numéro de sécurité sociale", re.compile(r"\b[12][ \u00a0]?\d{2}[ \u00a0]?(?:0[1-9]|1[0-2]|[2-9]\d)[ \u00a0]?(?:\d{2}|2[AB])[ \u00a0]?\d{3}[ \u00a0]?\d{3}(?:[ \u00a0]?\d{2})?\b")),
    ("une date de naissance", re.compile(r"\bn[ée]{1,2}s?\s+le\s+\d{1,2}(?:er)?[ \u00a0/.-]+[\wéû]+[ \u00a0/.-]+\d{2,4}|\bdate de naissance\s*:?\s*\d", re.IGNORECASE)),
    ("un nom avec son adresse", re.compile(rf"{_PERSON}[^.\n]{{0,80}}?{_ADDRESS}|{_ADDRESS}[^.\n]{{0,60}}?{_PERSON}")),
    (SOCIAL_AID, re.compile(rf"{_PERSON}[^.\n]{{0,120}}?\b(?:RSA|aide sociale|secours|surendettement|impayés?|APA|MDPH|allocation)\b|\b(?:RSA|aide sociale|secours|surendettement|impayés?|APA|MDPH|allocation)\b[^.\n]{{0,120}}?{_PERSON}")),
)  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """One thing to look at: what, why it matters, how to mend it, and where. `wall`: the law forbids to go on."""

    title: str
    why: str
    mend: str
    found: tuple[str, ...] = ()
    wall: bool = False


Check = Callable[[KnowledgePage, Any], Iterator[Advice]]


def advice_on(page: KnowledgePage, person: Any) -> list[Advice]:
    """Everything to look at in a draft (as_object of its revision), walls first. `person` is who submits it."""
    found = [advice for check in (*CHECKS, *_added) for advice in check(page, person)]
    return sorted(found, key=lambda advice: not advice.wall)


def walls_of(page: KnowledgePage) -> list[Advice]:
    """What the law does not let out."""
    return [advice for advice in personal_data(page, None) if advice.wall]


def checklist() -> list[ChecklistItem]:
    """The town's own lines."""
    return list(ChecklistItem.objects.all())


def rich_texts(page: KnowledgePage) -> list[str]:
    """The rich texts of a body, in order."""
    return list(content.texts(page.body.stream_block, page.body.get_prep_value()))


def personal_in(words: str) -> Iterator[tuple[str, str]]:
    """What some words tell of a person: (its kind, a name of PERSONAL; the passage)."""
    for name, pattern in PERSONAL:
        for match in pattern.finditer(words):
            yield name, match[0]


def personal_data(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Names with addresses, dates of birth, bank accounts, social aid: a wall where everybody reads."""
    words = "\n".join(
        f"{passage.text}\n" + "\n".join(" ; ".join(row) for row in passage.rows) for passage in passages(page)
    )
    found = tuple(f"{name} : « {shortened(passage)} »" for name, passage in personal_in(words))
    if not found:
        return
    public = audience_on(page).public
    yield Advice(
        "Des données personnelles sont lisibles dans cette page.",
        "Tout le monde lit cette page sans compte : la loi interdit de les y publier (article L. 312-1-2 du code des "
        "relations entre le public et l’administration)."
        if public
        else "Chaque lecteur de la page les verra, et elles y resteront : la loi ne permet que ce qui est nécessaire "
        "(article 5 du règlement général sur la protection des données).",
        "Retirez-les, remplacez le nom par des initiales, ou placez la page en accès réservé.",
        found[:MOST_SHOWN],
        wall=public,
    )


def dead_links(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Links to pages that are gone, unpublished, or never written."""
    viewer = Viewer.of(person)
    names = revising.names_in(page)
    nodes = viewer.tree.nodes
    written = MissingLink.objects.filter(page=page.pk, key__in=names.missing, target__isnull=False)
    answered = set(written.values_list("key", flat=True)) if names.missing else set()
    gone = sum(pk not in nodes for pk in names.links)
    hidden = [
        nodes[pk].title
        for pk in sorted(names.links)
        if pk in nodes and not nodes[pk].live and can_view(viewer, nodes[pk])
    ]
    found = tuple(
        ([f"{typography.count(gone, 'lien')} vers une page qui n’existe plus"] if gone else [])
        + [f"« {title} » : pas encore publiée" for title in hidden]
        + [f"« {title} » : page à créer" for key, title in names.missing.items() if key not in answered]
    )
    if found:
        yield Advice(
            "Des liens ne mènent nulle part.",
            "Un lecteur qui les suit tombe sur une page absente.",
            "Corrigez le lien, retirez-le, ou écrivez la page qui manque.",
            found[:MOST_SHOWN],
        )


def image_descriptions(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Images without words for who does not see them."""
    blocks = [block for block in page.body if block.block_type == "image"]
    silent = [str(block.value["image"]) for block in blocks if not (block.value.get("alt_text") or "").strip()]
    if silent:
        yield Advice(
            "Une image n’a pas de description." if len(silent) == 1 else "Des images n’ont pas de description.",
            "Qui ne voit pas l’image n’apprend rien d’elle.",
            "Écrivez en une phrase ce que l’image apprend ; laissez vide si elle n’est qu’un décor.",
            tuple(silent[:MOST_SHOWN]),
        )


def heading_order(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Headings that skip a level."""
    before, jumps = 1, []
    for html in rich_texts(page):
        for level, words in _HEADING.findall(html):
            if int(level) > before + 1:
                jumps.append(f"« {html_lines(words)} »")
            before = int(level)
    if jumps:
        yield Advice(
            "Des titres sautent un niveau.",
            "Les lecteurs d’écran et le sommaire suivent l’ordre des titres.",
            "Choisissez le niveau juste au-dessous du titre qui précède.",
            tuple(jumps[:MOST_SHOWN]),
        )


def long_sentences(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Sentences that readers have to read twice."""
    sentences = (
        sentence for html in rich_texts(page) for sentence in _SENTENCE_END.split(wiki_free(html)) if sentence.strip()
    )
    long = [sentence for sentence in sentences if len(sentence.split()) > LONGEST_SENTENCE]
    if long:
        yield Advice(
            f"{typography.count(len(long), 'phrase')} de plus de {LONGEST_SENTENCE} mots.",
            "Au-delà, on revient au début de la phrase pour la comprendre, et sur un téléphone on renonce.",
            "Coupez-la en deux, ou faites-en une liste.",
            tuple(f"« {shortened(sentence)} »" for sentence in long[:MOST_SHOWN]),
        )


def summary(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """No « résumé » for who reads nothing else."""
    if not page.summary.strip():
        yield Advice(
            "La page n’a pas de résumé.",
            "Un élu qui n’a qu’une minute ne lit que lui ; il paraît aussi dans la recherche.",
            "Écrivez en deux lignes ce qu’il faut retenir.",
        )


def attachments(page: KnowledgePage, person: Any) -> Iterator[Advice]:
    """Attached files whose text cannot be read."""
    versions = [row.version for row in page.attachments.all() if row.version_id]
    healths = healths_of(version.sha256 for version in versions) if versions else {}
    mute = [
        f"« {version.document.title} » : {healths[version.sha256].words}"
        for version in versions
        if healths[version.sha256].tone == "watch"
    ]
    if mute:
        yield Advice(
            "Le texte d’une pièce jointe ne se lit pas."
            if len(mute) == 1
            else "Le texte de pièces jointes ne se lit pas.",
            "La recherche ne la trouvera pas, et un lecteur d’écran n’en dira rien.",
            "Joignez le fichier d’origine (Word, tableur) ou un PDF fait depuis lui, plutôt qu’une image numérisée.",
            tuple(mute[:MOST_SHOWN]),
        )


CHECKS: tuple[Check, ...] = (
    personal_data, dead_links, image_descriptions, heading_order, long_sentences, summary, attachments,
)  # fmt: skip


_added: list[Check] = []


def adds(check: Check) -> Check:
    """Registers a check of another floor, for its own pages: it says nothing of others."""
    _added.append(check)
    return check


def wiki_free(html: str) -> str:
    """The words of a rich text, a line for each paragraph."""
    return html_lines(wiki.replace_links(html, lambda title, shown: shown))


def shortened(words: str, most: int = 90) -> str:
    """The start of a sentence, cut between two words."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"
