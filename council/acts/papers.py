"""Every legal paper of a sitting, as HTML for paper: one entry of data, eight papers. To PDF, Word or ODT by kb.exchange."""

from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from council.acts import registries
from council.acts.content import Content, Examined, earlier_rounds, elected_short, named_votes, quorum_line
from council.acts.evening import Roll
from council.acts.models import Decided, Deliberation, MinutesState, ProcesVerbal
from council.acts.registries import Life
from council.agenda.models import DoneStep
from council.members.models import Instance
from council.members.queries import letterhead
from kb.exchange import office, pdf
from kb.exchange.models import Format
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.typography import day

SHEETS = ("paper.css", "acts-paper.css")
Context = dict[str, Any]


class Paper(StrEnum):
    """A paper of a whole sitting, by the word of its address."""

    ATTENDANCE = "presence"
    LIST = "liste"
    MINUTES = "proces-verbal"
    REGISTER = "registre"
    FOLDER = "parapheur"
    DECISIONS = "decisions"


class ActPaper(StrEnum):
    """A paper of one délibération."""

    WHOLE = "deliberation"
    EXTRACT = "extrait"


TITLES = {
    Paper.ATTENDANCE: "Feuille de présence", Paper.LIST: "Liste des délibérations", Paper.MINUTES: "Procès-verbal",
    Paper.REGISTER: "Registre des délibérations", Paper.FOLDER: "Parapheur", Paper.DECISIONS: "Décisions prises par délégation",
}  # fmt: skip


def made(printed: Printed, target: str, *, instance: Instance | None = None) -> bytes:
    """The file; for an office, dressed by the instance's own model of that format, else by ours. Raises kb.exchange.pdf.PdfUnavailable, kb.documents.extraction.sandbox.SandboxError."""
    if target == Format.PDF:
        return pdf.pdf(printed, sheets=SHEETS)
    if instance is not None and (model := letterhead(instance, target)):
        return office.dressed(printed, target, model)
    around = office.Around(Town.current().name, printed.title)
    return (office.docx if target == Format.DOCX else office.odt)(printed, around)


def of_sitting(content: Content, paper: Paper, *, public: bool = False) -> Printed:
    """A paper of the whole sitting. `public`: without what was said in huis clos (L2121-18), nor what is masked in its acts.

    Raises Refused where the public may not have it yet.
    """
    title = f"{TITLES[paper]}, séance du {content.facts['on']}"
    template, more = _PAPERS[paper]
    context = {**_context(content, title), **more(content, public)}
    html = render_to_string(f"council/acts/paper/{template}.html", context)
    return Printed(title, registries.for_the_public(content.sitting, html) if public else html)


def of_act(content: Content, deliberation: Deliberation, paper: ActPaper) -> Printed:
    """A délibération, or its extract."""
    extract = paper == ActPaper.EXTRACT
    title = f"{'Extrait, délibération' if extract else 'Délibération'} {deliberation.written} : {deliberation.object}"
    context = {**_context(content, title), "act": act_of(content, deliberation), "extract": extract}
    return Printed(title, render_to_string("council/acts/paper/deliberation.html", context))


def _context(content: Content, title: str) -> Context:
    facts = content.facts
    return {**facts, "title": title, "signers": _signers(facts["president"], facts["office"], facts["secretaries"])}


def _signers(president: str, office: str, secretaries: list[str]) -> list[tuple[str, str]]:
    """Who signs (L2121-23): the maire, or who presided, and the secretary."""
    named = [(one, "Secrétaire de séance") for one in secretaries] or [("", "Secrétaire de séance")]
    return [(president, office or "Président de séance"), *named]


# One act.


def act_of(content: Content, one: Deliberation) -> Context:
    """What the paper of a délibération says."""
    roll = Roll(**one.roll)
    office_ = content.evening.offices.get(roll.president, "")
    return {
        "number": one.written,
        "object": one.object,
        "rapporteur": one.rapporteur,
        "text": one.text,
        "sentence": one.sentence,
        "roll": asdict(roll),
        "president": roll.president,
        "office": office_,
        "secretaries": roll.secretaries,
        "quorum": quorum_line(roll, content.sitting),
        "ballots": _ballots(one.ballots),
        "corrections": [{"on": day(row.at), "reason": row.reason.rstrip(".")} for row in one.corrections.all()],
        "enforceable": enforceable(life_of(one)),
        "signers": _signers(roll.president, office_, roll.secretaries),
    }


def _ballots(rows: list[Context]) -> list[Context]:
    return [
        {"name": row["name"], "sentence": row["sentence"], "named": named_votes(row), "rounds": earlier_rounds(row)}
        for row in rows
    ]


def life_of(one: Deliberation) -> Life:
    """When it was transmitted and published, as known; a transmission of the whole sitting counts for each of its acts."""
    known = registries.life_of(one)
    if known is not None:
        return known
    sent = DoneStep.objects.filter(sitting=one.sitting_id, code="transmission").first()
    return Life(transmitted_on=sent.on if sent else None)


def enforceable(life: Life) -> list[str]:
    """« Certifié exécutoire » from real dates (L2131-1); else what is missing."""
    sent = f"transmise au préfet le {day(life.transmitted_on)}" if life.transmitted_on else ""
    sent += f", accusé de réception n° {life.receipt}" if sent and life.receipt else ""
    shown = f"publiée le {day(life.published_on)}" if life.published_on else ""
    shown += f" ({life.how})" if shown and life.how else ""
    if sent and shown:
        return [f"Certifié exécutoire : délibération {sent} ; {shown}."]
    missing = [
        words
        for words, known in (("la date de transmission au préfet", sent), ("la date de publication", shown))
        if not known
    ]
    known = f" Délibération {sent or shown}." if sent or shown else ""
    return [
        f"Caractère exécutoire non certifié à ce jour : il manque {' et '.join(missing)} (art.\u00a0L2131-1).{known}"
    ]


# The whole sitting.


def _listed(content: Content) -> list[Context]:
    return [
        {"number": one.written, "on": day(one.decided_on), "object": one.object, "result": elected_short(one)}
        for one in content.deliberations
    ]


def _attendance(content: Content, public: bool) -> Context:
    came = set(content.evening.been_in)
    lines = [asdict(line) | {"came": line.name in came} for line in content.lines]
    return {"lines": lines, "comings": content.comings}


def _list(content: Content, public: bool) -> Context:
    facts = content.facts
    return {"listed": _listed(content), "maire": [(facts["president"], facts["office"] or "Président de séance")]}


def _minutes(content: Content, public: bool) -> Context:
    return {
        "life": life_line(content.minutes),
        "comings": content.comings,
        "examined": [_point(one, public) for one in content.examined],
        "of_sitting": [{"sentence": row["sentence"]} for row in content.evening.of_sitting],
        "previous": [day(timezone.localtime(one.sitting.starts_at)) for one in content.previous],
        "decisions": _decisions(content, public)["decisions"],
        "remarks": content.minutes.remarks,
    }


def life_line(minutes: ProcesVerbal) -> str:
    """Where a procès-verbal stands, at its head."""
    if minutes.state == MinutesState.APPROVED and minutes.approved_on:
        return f"Arrêté le {day(minutes.approved_on)}"
    return "Projet, à arrêter au début de la séance suivante"


def _point(one: Examined, public: bool) -> Context:
    told, act = one.told, one.deliberation
    closed = public and told.huis_clos
    rows = [row for row in told.rows if row["result"] != "withdrawn"]
    return {
        "number": one.number,
        "title": one.title,
        "rapporteur": one.rapporteur,
        "at": one.at,
        "off": one.off,
        "kind": one.kind,
        "president": one.president,
        "roll": asdict(told.roll),
        "notes": told.notes,
        "huis_clos": told.huis_clos,
        "closed": closed,
        "report": "" if closed else one.report,
        "annexes": [] if closed else one.annexes,
        "discussion": "" if closed else one.discussion,
        # What the council decided of its own sitting (huis clos, renvoi) comes before the matter itself.
        "before": [row["sentence"] for row in rows if not row["decides"]],
        "ballots": _ballots([row for row in rows if row["decides"]]),
        "act": {"number": act.written, "text": act.text, "rejected": act.result == Decided.REJECTED} if act else None,
    }


def _register(content: Content, public: bool) -> Context:
    acts = [act_of(content, one) for one in content.deliberations]
    return {"acts": acts, "listed": _listed(content), **_attendance(content, public)}


def _folder(content: Content, public: bool) -> Context:
    both = "le maire et le secrétaire de séance"
    approved = content.minutes.state == MinutesState.APPROVED
    to_sign = [("Feuille de présence", "chaque membre présent")]
    to_sign += [(f"Délibération {one.written}, {one.object}", both) for one in content.deliberations]
    to_sign.append(("Feuillet de clôture", both))
    to_sign += [("Procès-verbal", both)] if approved else []
    more = _minutes(content, public) if approved else {}
    return {
        **_register(content, public),
        **more,
        "approved": approved,
        "to_sign": [{"paper": paper, "who": who.capitalize()} for paper, who in to_sign],
    }


def _decisions(content: Content, public: bool) -> Context:
    rows = content.decisions
    return {"decisions": [{"number": one.number, "on": day(one.on), "object": one.object} for one in rows]}


_PAPERS: dict[Paper, tuple[str, Callable[[Content, bool], Context]]] = {
    Paper.ATTENDANCE: ("attendance", _attendance),
    Paper.LIST: ("list", _list),
    Paper.MINUTES: ("minutes", _minutes),
    Paper.REGISTER: ("register", _register),
    Paper.FOLDER: ("folder", _folder),
    Paper.DECISIONS: ("decisions", _decisions),
}
