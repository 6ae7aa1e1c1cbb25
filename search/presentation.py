"""An answer as templates/search/results.html prints it."""

from typing import Any

from kb import typography
from kb.documents.extraction.states import PARTS
from kb.pages.enums import ProjectState
from kb.permissions import Viewer
from search.addresses import KINDS, Asked
from search.entries import ARCHIVED
from search.models import Kind
from search.queries import Answer, Extract, Group, Hit
from search.sorts import TASK, label_of

FACET_TITLES = {
    "kind": ("Nature", "nature"), "service": ("Service", "service"), "sort": ("Type", "type"),
    "year": ("Année", "annee"), "state": ("État", "etat"), "mine": ("À moi", "miennes"),
}  # fmt: skip
SHOWN_VALUES = 6
STATES = {**{str(value): str(label) for value, label in ProjectState.choices}, ARCHIVED: "Archivée"}


def results(answer: Answer, asked: Asked, viewer: Viewer) -> dict[str, Any]:
    """Groups, facets, sentences, the way on."""
    last = asked.offset + sum(len(group.files) + bool(group.hit) for group in answer.groups)
    return {
        "groups": [_group(group) for group in answer.groups],
        "facets": [
            _facet(name, answer.facets[name], asked, viewer) for name in FACET_TITLES if answer.facets.get(name)
        ],
        "chips": _chips(asked, viewer),
        "sentence": _sentence(answer, asked),
        "notices": answer.notices,
        "did_you_mean": answer.did_you_mean,
        "did_you_mean_url": asked.with_words(answer.did_you_mean) if answer.did_you_mean else "",
        "place_line": f"{last} sur {typography.number(answer.total)}" if last else "",
        "next_url": asked.address(asked.place + 1) if last < answer.total and answer.groups else "",
        "previous_url": asked.address(asked.place - 1) if asked.place > 1 else "",
        "by_date_url": asked.without(newest_first=True),
        "by_rank_url": asked.without(newest_first=False),
    }


def _sentence(answer: Answer, asked: Asked) -> str:
    """« 31 résultats, parmi ce que vous pouvez lire. »"""
    if not answer.total:
        kept = " avec ces filtres" if asked.is_narrowed else ""
        return f"Rien{kept} pour « {asked.words} », parmi ce que vous pouvez lire."
    return f"{typography.count(answer.total, 'résultat')}, parmi ce que vous pouvez lire."


def _group(group: Group) -> dict[str, Any]:
    return {
        "title": group.title,
        "url": group.address,
        "on_page": group.page_id is not None,
        "hit": _hit(group.hit) if group.hit else None,
        "files": [_hit(hit) for hit in group.files],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    state = STATES.get(hit.state, "")
    where = " › ".join(hit.path[1:])  # each knows the town
    line = [hit.sort_label, state, where, _dated(hit), *hit.words]
    return {
        "title": hit.title_marked.html,
        "url": hit.address,
        "line": " · ".join(part for part in line if part),
        "is_file": hit.document_id is not None,
        "version": f"version {hit.version}" if hit.version else "",
        "extracts": [_extract(extract, hit) for extract in hit.extracts if extract.snippet.text.strip()],
    }


def _dated(hit: Hit) -> str:
    if hit.dated is None or hit.sort == TASK:  # a task says until when
        return ""
    if hit.kind == Kind.ACT:
        return f"du {typography.day(hit.dated)}"
    return f"modifié le {typography.day(hit.dated)}" + (f" par {hit.author}" if hit.author else "")


def _extract(extract: Extract, hit: Hit) -> dict[str, Any]:
    address = hit.address.split("#")[0]
    found = extract.snippet
    return {
        "html": found.html if hit.kind == Kind.FILE else found.html_of_lines,  # a file's lines end where its paper does
        "page": f"{_part(hit.sort)}{typography.NBSP}{extract.file_page}" if extract.file_page else "",
        "url": f"{address}#page={extract.file_page}" if extract.file_page and hit.sort == "pdf" else "",
        "heading": extract.heading,
    }


def _part(sort: str) -> str:
    """What the numbers of a file's texts count: « Page », « Diapositive », « Feuille »."""
    return next((part for kind, part in PARTS.items() if str(kind) == sort), "page").capitalize()


def _label(name: str, value: str, viewer: Viewer) -> str:
    if name == "kind":
        return KINDS.get(value, value)
    if name == "service":
        node = viewer.tree.nodes.get(int(value))
        return node.title if node else value
    if name == "state":
        return STATES.get(value, value)
    if name == "mine":
        return "Mes pages et mes fichiers"
    return label_of(value) if name == "sort" else value


def facet_lines(answer: Answer, viewer: Viewer) -> list[str]:
    """« Service : Finances (4), École (2) », a facet a line, in the order of the screen."""
    return [
        f"{title} : " + ", ".join(f"{_label(name, value, viewer)} ({number})" for value, number in answer.facets[name])
        for name, (title, _) in FACET_TITLES.items()
        if answer.facets.get(name)
    ]


def _chosen(name: str, asked: Asked) -> frozenset[str]:
    chosen = asked.filters
    values: dict[str, Any] = {
        "kind": chosen.kinds,
        "service": chosen.services,
        "sort": chosen.sorts,
        "year": chosen.years,
        "state": chosen.states,
        "mine": {1} if chosen.mine else (),
    }
    return frozenset(str(value) for value in values[name])


def _facet(name: str, counted: list[tuple[str, int]], asked: Asked, viewer: Viewer) -> dict[str, Any]:
    title, parameter = FACET_TITLES[name]
    chosen = _chosen(name, asked)
    counted = sorted(counted, reverse=True) if name == "year" else counted
    rows = [
        {
            "value": value,
            "label": _label(name, value, viewer),
            "number": typography.number(number),
            "checked": value in chosen,
        }
        for value, number in counted
    ]
    first = [row for place, row in enumerate(rows) if place < SHOWN_VALUES or row["checked"]]
    return {"title": title, "parameter": parameter, "rows": first, "more": [row for row in rows if row not in first]}


def _chips(asked: Asked, viewer: Viewer) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    fields = {"kind": "kinds", "service": "services", "sort": "sorts", "year": "years", "state": "states"}
    chips = []
    for name, attribute in fields.items():
        values = getattr(asked.filters, attribute)
        for value in sorted(values):
            if name == "service" and not viewer.knows(value):
                continue
            left = asked.without(**{attribute: values - {value}})
            chips.append({"label": _label(name, str(value), viewer), "url": left})
    if asked.filters.mine:
        chips.append({"label": "Mes pages et mes fichiers", "url": asked.without(mine=False)})
    return chips
