"""The papers of an act's publication and sending: its public version, its certificate, its bordereau."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from council.convening.queries import presides
from council.members.models import Mandate
from council.members.queries import in_office
from council.nomenclature import NATURES, label_of
from council.publication import queries, wording
from council.publication.models import Act, Choice, Flag, Publication, Way
from kb.exchange import pdf
from kb.exchange.printing import Printed
from kb.people.models import Town
from kb.typography import day, moment

SHEETS = ("paper.css", "convening.css", "acts.css")
MASKED_NAME = "version-publique.pdf"


def printed(template: str, title: str, **more: Any) -> bytes:
    """One of the room's papers. Raises kb.exchange.pdf.PdfUnavailable."""
    context = {"town": Town.current(), "title": title, **more}
    html = render_to_string(f"council/publication/paper/{template}.html", context)
    return pdf.pdf(Printed(title, html), sheets=SHEETS)


def author_of(act: Act) -> str:
    """Who signed it, with the office: R2131-1 wants the author's name beside the act."""
    if act.decision is not None:
        return f"{act.decision.signer}, {act.decision.quality}"
    presiding = presiding_of(act)
    return f"{presiding}, {presiding.office}" if presiding else str(act.instance)


def presiding_of(act: Act) -> Mandate | None:
    """The maire on the day of the act."""
    return next((one for one in in_office(act.instance, act.decided_on) if presides(one)), None)


def public_version(act: Act, flags: Sequence[Flag]) -> bytes:
    """The act with what was masked. Nothing of what was said, nor the hash of the signed act: it would confirm a guess."""
    passages = wording.to_mask(flags)
    return printed(
        "public",
        f"{act} (version publique)",
        act=act,
        subject=wording.public_subject(act, flags),
        on=day(act.decided_on),
        body=wording.masked_html(wording.html_of(act), passages),
        sentence=wording.masked_text(wording.sentence_of(act), passages),
        author=author_of(act),
        masks=sum(flag.choice == Choice.MASKED for flag in flags),
    )


def certificate(publication: Publication) -> bytes:
    """« Certificat d’affichage », or of publication: the days up and down, signed by the maire."""
    act, posted = publication.act, publication.way == Way.POSTING
    title = "Certificat d’affichage" if posted else "Certificat de publication"
    verb = {Way.POSTING: "affiché à la mairie", Way.PAPER: "publié sur papier et tenu à la disposition du public"}
    presiding = presiding_of(act)
    return printed(
        "certificate",
        title,
        act=act,
        subject=publication.subject,
        decided_on=day(act.decided_on),
        done=verb.get(Way(publication.way), "publié en ligne, en entier et gratuitement"),
        up_on=day(publication.up_on),
        down_on=day(publication.down_on) if publication.down_on else "",
        until=day(queries.last_day_up(publication)),
        sha256=publication.sha256,
        electronic=publication.way == Way.ELECTRONIC,
        signer=str(presiding or ""),
        office=presiding.office if presiding else "",
        today=day(timezone.localdate()),
    )


def bordereau(acts: Sequence[Act]) -> bytes:
    """The list that goes with acts on paper to the préfecture, with its place for the stamp of reception."""
    rows = []
    for act in acts:
        sent = queries.transmission_of(act)
        rows.append(
            {
                "number": act.written,
                "on": day(act.decided_on),
                "subject": act.subject,
                "matter": label_of(act.matter),
                "nature": NATURES[sent.nature if sent else "1"][1],
                "pieces": act.files.filter(role="annex").count() + 1,
            }
        )
    return printed("bordereau", "Bordereau d’envoi à la préfecture", rows=rows, made_on=moment(timezone.now()))
