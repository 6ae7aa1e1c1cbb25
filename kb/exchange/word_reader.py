"""Word, LibreOffice, RTF, HTML and text files read into what a page can hold, with a report."""

import json
import re
from collections import Counter
from collections.abc import Callable
from html import escape

from kb.documents.extraction import old_word, pandoc, sandbox
from kb.documents.extraction.sandbox import Limits, SandboxError
from kb.documents.file_types import Kind, State, decoded, judge, safe_name
from kb.exchange.pandoc_passages import Passages, headings
from kb.exchange.reading import READ_FEATURES, ReadText, RichText, Unreadable
from kb.sanitizing import clean_html, clean_pasted_word

CLEANING_LIMITS = Limits(cpu=20, wall=40)
CLEANERS = {
    Kind.DOCX: ("kb.documents.extraction.word_cleaning_docx:docx", "docx"),
    Kind.ODT: ("kb.documents.extraction.word_cleaning_odt:odt", "odt"),
    Kind.RTF: ("kb.documents.extraction.word_cleaning_rtf:rtf", "rtf"),
}
MOST_TEXT = 4_000_000
MOST_TITLE = 200
MOST_BLOCKS = 30_000  # some 1,500 pages: a quarter of a millisecond each
# What is told, in this order: one of it, several of it.
REPORT = {
    "title": ("Le premier titre est devenu le titre de la page.",) * 2,
    "shifted": ("Le niveau des titres a été décalé pour commencer sous le titre de la page.",) * 2,
    "lowered": (
        "1 titre de niveau trop profond a été remonté.",
        "{} titres de niveau trop profond ont été remontés.",
    ),
    "notes": (
        "1 note de bas de page a été placée à la fin.",
        "{} notes de bas de page ont été placées à la fin, numérotées.",
    ),
    "deletions": (
        "1 passage supprimé en suivi des modifications n’a pas été repris.",
        "{} passages supprimés en suivi des modifications n’ont pas été repris.",
    ),
    "hidden": (
        "1 passage de texte masqué n’a pas été repris.",
        "{} passages de texte masqué n’ont pas été repris.",
    ),
    "comments": ("1 commentaire n’a pas été repris.", "{} commentaires n’ont pas été repris."),
    "text_boxes": (
        "Le texte d’une zone de texte a été placé après son paragraphe.",
        "Le texte de {} zones de texte a été placé après leur paragraphe.",
    ),
    "drawings": (
        "1 dessin, graphique ou objet n’a pas été repris.",
        "{} dessins, graphiques ou objets n’ont pas été repris.",
    ),
    "images": (
        "1 image d’un format que le site n’affiche pas n’a pas été reprise.",
        "{} images d’un format que le site n’affiche pas n’ont pas été reprises.",
    ),
    "alt_chunks": (
        "1 morceau de document inséré d’un autre format n’a pas été repris.",
        "{} morceaux de document insérés d’un autre format n’ont pas été repris.",
    ),
    "contents": ("Le sommaire n’a pas été repris : la page affiche le sien.",) * 2,
    "margins": ("Les en-têtes et pieds de page n’ont pas été repris.",) * 2,
    "links": (
        "1 lien vers un fichier ou un programme est devenu du texte.",
        "{} liens vers des fichiers ou des programmes sont devenus du texte.",
    ),
    "nested": (
        "1 tableau placé dans un autre est devenu du texte.",
        "{} tableaux placés dans un autre sont devenus du texte.",
    ),
    "wide": (
        "La fin d’un tableau trop long n’a pas été reprise.",
        "La fin de {} tableaux trop longs n’a pas été reprise.",
    ),
    "restarted": (
        "1 liste numérotée recommence à 1.",
        "{} listes numérotées recommencent à 1.",
    ),
    "formulas": ("1 formule a été gardée en texte.", "{} formules ont été gardées en texte."),
    "old_word": ("Les images de cet ancien fichier Word n’ont pas été reprises.",) * 2,
}


def read_word(data: bytes, name: str) -> ReadText:
    """The text of a .docx, .odt, .rtf, .doc, .html or text file, judged from its bytes; `name` gives words
    only.

    At most some 80 s of processor for a .doc, 40 for the others, in children of 1 GB (LibreOffice: 2). Raises
    Unreadable (a French sentence; the original can be kept) and file_types.RefusedFile (bomb, empty, too
    heavy).
    """
    name = safe_name(name)
    file_type = judge(data, name, accepted=frozenset(Kind))
    if file_type.state is State.ENCRYPTED:
        raise Unreadable(name, "encrypted")
    if file_type.state is State.DAMAGED:
        raise Unreadable(name, "damaged")
    reader = READERS.get(file_type.kind)
    if reader is None:
        raise Unreadable(name, "not_a_text")
    try:
        return reader(data, name, file_type.kind)
    except sandbox.Failed as error:
        raise Unreadable(name, "damaged") from error
    except SandboxError as error:
        raise Unreadable(name, "too_long") from error
    except RecursionError as error:
        raise Unreadable(name, "too_deep") from error


def _read_cleaned(data: bytes, name: str, kind: Kind) -> ReadText:
    function, source = CLEANERS[kind]
    answer = sandbox.run_python(function, stdin=data, limits=CLEANING_LIMITS)
    header, _, cleaned = answer.partition(b"\n")
    told = json.loads(header)
    if "refused" in told:
        raise Unreadable(name, told["refused"])
    return _built(pandoc.read(cleaned, source), name, Counter(told["found"]))


def _read_old_word(data: bytes, name: str, kind: Kind) -> ReadText:
    try:
        tree = old_word.read_with_antiword(data)
    except SandboxError:
        tree = None
    if tree is not None:
        read = _built(tree, name, Counter(old_word=1))
        if not read.is_empty:
            return read
    try:
        modern = old_word.as_docx(data)
    except old_word.NoReader as error:
        raise Unreadable(name, "no_reader" if tree is None and not old_word.has_antiword() else "old_word") from error
    if not modern:
        raise Unreadable(name, "old_word")
    return _read_cleaned(modern, name, Kind.DOCX)


def _read_html(data: bytes, name: str, kind: Kind) -> ReadText:
    text = decoded(data)
    if len(text) > MOST_TEXT:
        raise Unreadable(name, "too_long")
    cleaned = clean_pasted_word(text, features=[*READ_FEATURES, "table"])
    return _built(pandoc.read(cleaned.encode(), "html"), name, Counter())


def _read_text(data: bytes, name: str, kind: Kind) -> ReadText:
    if len(data) > MOST_TEXT:
        raise Unreadable(name, "too_long")
    return ReadText(_title_from(name), paragraphs(decoded(data)), [])


READERS: dict[Kind, Callable[[bytes, str, Kind], ReadText]] = {
    **dict.fromkeys(CLEANERS, _read_cleaned),
    Kind.DOC: _read_old_word,
    Kind.HTML: _read_html,
    Kind.TEXT: _read_text,
}


def paragraphs(text: str) -> list[RichText]:
    """Plain text as rich text: a blank line parts paragraphs, a line end is kept. [] without a word."""
    blocks = [block.strip() for block in re.split(r"\n[^\S\n]*\n\s*", text)]
    lines = [[line.strip() for line in escape(block, quote=False).split("\n")] for block in blocks if block]
    html = "".join(clean_html(f"<p>{'<br>'.join(some)}</p>", features=READ_FEATURES) for some in lines[:MOST_BLOCKS])
    return [RichText(html)] if html else []


def _built(tree: pandoc.Tree, name: str, found: Counter[str]) -> ReadText:
    if len(tree.blocks) > MOST_BLOCKS:
        raise Unreadable(name, "too_long")
    blocks, title = tree.blocks, pandoc.words(tree.title)
    if not title:
        title, blocks = _title_in(blocks)
        found["title"] = 1 if title else 0
    passages = Passages(pandoc.Tree(blocks, [], tree.media), found).of(blocks)
    return ReadText(title[:MOST_TITLE] or _title_from(name), passages, _report(found))


def _title_in(blocks: list[dict]) -> tuple[str, list[dict]]:
    """The first heading, alone at its level, is the title of the text, a letterhead before it or not.

    Its words, and the other blocks.
    """
    all_headings = headings(blocks)
    if not all_headings or sum(1 for block in all_headings if block["c"][0] <= all_headings[0]["c"][0]) > 1:
        return "", blocks
    for place, block in enumerate(blocks):
        if block is all_headings[0]:
            return pandoc.words(block["c"][2]), blocks[:place] + blocks[place + 1 :]
    return "", blocks


def _report(found: Counter[str]) -> list[str]:
    return [REPORT[what][0 if found[what] == 1 else 1].format(found[what]) for what in REPORT if found[what] > 0]


def _title_from(name: str) -> str:
    stem = re.sub(r"\.[^.]{1,10}\Z", "", name)
    return (re.sub(r"[_\s]+", " ", stem).strip() or name)[:MOST_TITLE]
