"""axe-core on every public screen, on a phone in light or on a desktop in dark, in turn: nothing serious or critical.

`make leaks` reads each of them in both (CRAWL=whole).
"""

import os
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.utils import timezone

from council.acts import operations as deciding
from council.acts import signing
from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.calendars.models import OutsideMeetingPage
from council.convening import cancelling
from council.convening import operations as convening
from council.convening.papers import kept
from council.decisions import operations as decisions
from council.decisions.models import Decision
from council.floor import operations as floor
from council.floor.operations import Entry
from council.follow_up import operations as follow_up
from council.frozen import operations as frozen
from council.frozen.models import FrozenPaper
from council.items import operations as taking
from council.items.models import AnnexToRenew, ItemAdvice, ItemSubject
from council.members import operations as members
from council.members.models import Delegation, Instance, Mandate
from council.members.queries import in_office
from council.pouvoirs import operations as pouvoirs
from council.publication import operations as publication
from council.publication import sitting_papers
from council.publication.models import SittingPaper
from council.questions import operations as questions
from kb.access.models import Role
from kb.comments import invitations
from kb.comments import operations as comments
from kb.comments.places import Place
from kb.documents.extraction.operations import read_text
from kb.documents.models import Image
from kb.life import operations as life
from kb.life.models import ReviewDate
from kb.moderation import operations as moderation
from kb.notices import operations as notices
from kb.notices import stopping
from kb.notices.models import Mail
from kb.pages import operations as pages
from kb.pages.models import FundingLine, NextStep, Phase, ProjectPage, Reading, TeamMember
from kb.sharing.models import AccessRequest
from kb.trash import operations as trash
from kb.trash.models import Deletion
from tests.council.publication.world import signed_pdf
from tests.pictures import png

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WHOLE = os.environ.get("CRAWL") == "whole"
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"],
    }
}


def screens(town):
    """A town with each kind of page and block, and the addresses of its screens."""
    image = Image.objects.create(title="Plan", uploaded_by_user=town.admin, file=ContentFile(png(), "plan.png"))
    document = town.document(b"Une note", "note.txt")
    read_text(sha256=document.current_version.sha256, progress=lambda *far: None)
    body = [
        ("paragraph", "<h2>Pourquoi</h2><p>Voir [[À écrire]].</p><ul><li>un</li></ul>"),
        ("image", {"image": image, "alt_text": "Le plan", "caption": "Plan"}),
        (
            "table",
            {
                "caption": "Lots",
                "table": {"data": [["Lot", "Montant"], ["1", "212 400 €"]], "first_row_is_table_header": True},
            },
        ),
        ("callout", {"level": "watch", "title": "Attention", "text": "<p>Texte</p>"}),
        ("steps", {"title": "Pas à pas", "steps": [{"title": "Un", "text": "<p>a</p>"}]}),
        ("faq", {"questions": [{"question": "Quand ?", "answer": "<p>Demain.</p>"}]}),
        ("embed", {"url": "https://peertube.fr/w/x", "title": "La vidéo"}),
        ("document", {"document": document, "label": "", "note": "", "pinned": False}),
    ]
    project = ProjectPage(
        title="École des Tilleuls", summary="Un résumé.", state="running", budget=486000, committed=212400, body=body
    )
    project.phases = [Phase(title="Étude", done=True), Phase(title="Travaux"), Phase(title="Réception")]
    project.funding = [FundingLine(label="DETR", amount=145800, state="granted")]
    project.next_steps = [NextStep(title="Attribuer le lot 2", owner=town.admin)]
    project.team = [TeamMember(person=town.admin, role="Porteur")]
    project.tags.add("chantier")
    project = pages.create_page(parent=town.home, page=project, author=town.admin, publish=True)
    town.attach(project, document)
    service = town.service("Technique", contact="Poste 12")
    folder, article = town.folder("Rayon"), town.page("Note", "<h2>Un</h2><p>Texte [[École des Tilleuls]]</p>")
    draft = town.page("En cours", "<h2>Un</h2><p>Texte</p>", publish=False)
    town.attach(draft, document, publish=False)
    old = project.live_revision_id
    project.refresh_from_db()
    said = commented(town, project, document)
    waiting = town.page("À relire", "<h2>Un</h2><p>Texte</p>", publish=False)
    step = moderation.submit(page=waiting, author=town.admin, why="Première version").current_task_state.pk
    base = [f"/p/{page.pk}/" for page in (town.home, project, service, folder, article)]
    town.signed_in(town.admin).post(f"/p/{service.pk}/suivre/", {"portee": "branche"})
    notices.tell(kind="link", to=town.admin, by=town.technical, page=article, words="À lire")
    notices.tell(kind="published", to=town.admin, by=town.technical, page=article, words="Du neuf", asks=False)
    Reading.objects.create(
        person=town.admin, page=project, at=timezone.now() - timedelta(days=3), revision=project.get_latest_revision()
    )
    Reading.objects.filter(page=project).update(revision=old)
    stop = stopping.path_for(Mail(kind="digest", to=town.elu))
    Mail.objects.update(state="failed")
    asked = AccessRequest.objects.create(page=article, person=town.outsider, why="Je reprends le dossier")
    return [
        *base,
        *life_and_trash(town, article, document),
        f"/p/{article.pk}/envoyer/",
        f"/documents/{document.pk}/envoyer/",
        "/demander/?adresse=/p/3/",
        "/acces/demandes/",
        f"/acces/demandes/{asked.pk}/",
        f"/p/{article.pk}/acces/",
        f"/acces/?personne={town.elu.pk}",
        "/acces/?page=note",
        "/acces/revue/",
        f"/personnes/{town.technical.pk}/passation/",
        f"/p/{project.pk}/historique/",
        f"/p/{project.pk}/historique/{old}/",
        "/recherche/",
        "/recherche/?q=isolation+texte&nature=page",
        "/recherche/?q=zz",
        "/recherche/sante/",
        f"/p/{project.pk}/historique/{old}/{project.live_revision_id}/",
        "/changements/",
        "/mes-pages/",
        "/rapports/liens/",
        f"/documents/{document.pk}/fiche/",
        f"/documents/{document.pk}/v1/apercu/",
        f"/documents/{document.pk}/v1/texte/",
        f"/p/{article.pk}/deposer/",
        f"/p/{article.pk}/importer/",
        f"/nouvelle/{article.pk}/",
        "/compte/",
        "/compte/mot-de-passe/",
        "/entrer/",
        "/journal/",
        "/suivi/",
        "/compte/courriels/",
        stop,
        f"/p/{service.pk}/",
        "/mot-cle/chantier/",
        f"/p/{project.pk}/?fil={said.pk}",
        f"/p/{project.pk}/?commenter=1",
        f"/p/{project.pk}/brouillon/",
        f"/p/{draft.pk}/brouillon/",
        f"/p/{waiting.pk}/brouillon/",
        "/a-valider/",
        f"/a-valider/{step}/",
        f"/p/{draft.pk}/soumettre/",
        "/a-valider/circuits/",
        f"/p/{article.pk}/circuit/",
        "/a-valider/absence/",
        "/admin/password_reset/",
        "/commune/",
        "/plan/",
        f"/plan/?sous={service.pk}",
        "/aide/",
        "/accessibilite/",
        "/donnees-personnelles/",
        f"/p/{project.pk}/historique/{old}/{project.live_revision_id}/?vue=suite",
        *council_screens(town, project),
    ]


def council_screens(town, project):
    """A council, a sitting in preparation with two items and a proposal."""
    since = date(2026, 3, 15)
    instance = members.settle_instance(instance=Instance(name="Conseil"), inhabitants=2380, since=since, by=town.admin)
    people = [
        members.add_member(
            mandate=Mandate(instance=instance, first_name="Anne", last_name=name, since=begun, list_name="Une"),
            by=town.admin,
        )
        for name, begun in (("Marchetti", since), ("Peyrard", None))
    ]
    sitting = town.page(
        "Séance", model=SittingPage, publish=False, instance=instance, starts_at=timezone.now() + timedelta(days=30)
    )
    items = [
        town.page(title, model=AgendaItemPage, under=sitting, publish=False, note="Une note.")
        for title in ("Un", "Deux")
    ]
    agenda.take_off(item=items[1], reason="Pièces incomplètes", by=town.admin)
    asked = agenda.propose(instance=instance, page=project, title="Le lot 2", why="Avant l’été.", by=town.admin)
    base = f"/p/{sitting.pk}/"
    filled = items[0].get_latest_revision_as_object()
    filled.matter, filled.budget_year, filled.subjects = "7.5", 2026, [ItemSubject(subject=project)]
    filled.advices = [ItemAdvice(commission=instance, given_on=since, words="À l’unanimité.")]
    pages.save_draft(page=filled, author=town.admin)
    moderation.submit(page=items[0], author=town.admin)
    planned = instance.yearly_items.first()
    planned.month = timezone.localtime(sitting.starts_at).month
    planned.save()
    sent = town.page(
        "Séance convoquée",
        model=SittingPage,
        publish=False,
        instance=instance,
        starts_at=timezone.now().replace(microsecond=0) + timedelta(days=20),
    )
    third = town.page("Trois", model=AgendaItemPage, under=sent, publish=False, note="En 2025.")
    pages.attach_document(page=third, document=town.document(b"Un", "annexe.txt"), author=town.admin)
    convening.record_signature(
        sitting=sent, mandate=people[0], signed_on=timezone.localdate(), proof="registre", by=town.admin
    )
    (convoked,) = convening.send(sitting=sent, by=town.admin)
    taken = taking.resume(source=third, sitting=sitting, by=town.admin)
    AnnexToRenew.objects.create(
        resumption=taken.resumption, document=town.document(b"Bilan", "bilan.txt"), title="Bilan"
    )
    return [
        *calendar_screens(town, sent, people[0]),
        *changed_screens(town, sent, third),
        f"/p/{sent.pk}/operateur/",
        *held_screens(town, instance),
        *papers_screens(town, instance, people[0]),
        *acts_screens(town, people[0]),
        f"{base}decisions/",
        f"{base}signature/",
        f"{base}envoi/",
        f"/p/{sent.pk}/",
        f"/p/{sent.pk}/convocations/",
        f"/p/{sent.pk}/convocations/{convoked.pk}/remise/",
        f"/p/{sent.pk}/convocations/{convoked.pk}/retour/",
        base,
        f"/p/{items[0].pk}/",
        f"/p/{items[1].pk}/",
        f"/p/{items[0].pk}/quitter/",
        f"{base}convocation/",
        f"{base}echeance/posting/",
        f"{base}urgence/",
        f"{base}propositions/{asked.pk}/",
        f"/p/{project.pk}/proposer/",
        "/conseil/",
        f"{base}reprise/",
        f"{base}dupliquer/",
        "/conseil/plan/",
        "/conseil/plan/nouveau/",
        f"/conseil/plan/{planned.pk}/",
        f"/p/{taken.pk}/",
        f"/p/{items[0].pk}/brouillon/",
        base,
        f"/p/{items[0].pk}/",
        f"/p/{items[1].pk}/",
        f"/p/{items[0].pk}/quitter/",
        f"{base}convocation/",
        f"{base}echeance/posting/",
        f"{base}propositions/{asked.pk}/",
        f"/p/{project.pk}/proposer/",
        "/conseil/",
        "/conseil/reglages/",
        f"/conseil/{instance.pk}/membres/",
        f"/conseil/membres/{people[0].pk}/depart/",
        *elus_screens(town, sent, convoked),  # last: it adds members, and the others count their quorum without them
    ]


def calendar_screens(town, sent, mandate):
    """An outside instance where the administrator sits, its meeting, a delegation, a sitting put off."""
    elsewhere = members.note_outside(instance=Instance(name="Communauté"), by=town.admin)
    seat = Mandate(
        instance=elsewhere, first_name="Anne", last_name="Marchetti", since=date(2026, 3, 15), account=town.admin
    )
    members.add_member(mandate=seat, by=town.admin)
    soon = timezone.now().replace(microsecond=0) + timedelta(days=12)
    meeting = town.page(
        "Conseil communautaire", model=OutsideMeetingPage, instance=elsewhere, starts_at=soon, called_off=True
    )
    given = members.delegate(
        delegation=Delegation(mandate=mandate, words="urbanisme", act="n° 12", since=date(2026, 4, 2)), by=town.admin
    )
    off = town.page("Séance annulée", model=SittingPage, publish=False, instance=sent.instance, starts_at=soon)
    town.page("Un point", model=AgendaItemPage, under=off, publish=False)
    agenda.record_convocation(sitting=off, sent_on=timezone.localdate(), channel="paper", proof="", by=town.admin)
    cancelling.put_off(sitting=off, starts_at=soon + timedelta(days=9), reason="Neige", by=town.admin)
    item = sent.get_children().get()
    return [
        f"/p/{meeting.pk}/",
        f"/p/{off.pk}/",
        f"/p/{item.pk}/",
        f"/p/{sent.pk}/annulation/",
        "/calendrier/",
        "/hors-ligne/",
        "/conseil/exterieure/",
        f"/conseil/membres/{mandate.pk}/delegation/",
        f"/conseil/delegations/{given.pk}/fin/",
    ]


def elus_screens(town, sent, convoked):
    """The élu's side: the one who looks is a member too, and another holds his pouvoir."""
    _looks, holder, other = (
        members.add_member(
            mandate=Mandate(
                instance=sent.instance, first_name=name, last_name="Membre", since=date(2026, 3, 15), account=account
            ),
            by=town.admin,
        )
        for name, account in (("Claire", town.admin), ("Paul", None), ("Anna", None))
    )
    noted = pouvoirs.note_paper(
        sitting=sent,
        giver=other,
        holder=holder,
        sittings=1,
        illness="",
        given_on=timezone.localdate(),
        by=town.admin,
        paper=kept("scan.png", "image/png", png()),
    )
    base, item = f"/p/{sent.pk}/", sent.get_children().first()
    asked = questions.ask(item=item.specific, text="Pourquoi ?", to_all=True, by=town.admin)
    return [
        "/elu/",
        "/elu/envois/",
        f"/conseil/membres/{holder.pk}/envois/",
        f"/p/{item.pk}/",
        f"/p/{item.pk}/questions/",
        f"/p/{item.pk}/questions/{asked.pk}/",
        f"/p/{item.pk}/sans-moi/",
        f"{base}pouvoir/",
        f"{base}pouvoir/code/",
        f"{base}pouvoirs/",
        f"{base}pouvoirs/papier/",
        f"{base}pouvoirs/{noted.pk}/retirer/",
        f"{base}convocations/{convoked.pk}/reponse/",
    ]


def changed_screens(town, sent, item):
    """What changes after a convocation: a piece replaced, a text being corrected, an item being added."""
    (paper,) = FrozenPaper.objects.filter(place__item=item.pk, kind="annex")
    changed = frozen.replace_piece(
        paper=paper, file=BytesIO(b"Deux"), file_name="annexe.txt", reason="Total corrigé", by=town.admin
    )
    frozen.open_correction(item=item, by=town.admin)
    frozen.open_addition(sitting=sent, reason="Subvention notifiée", by=town.admin)
    town.page("Quatre", model=AgendaItemPage, under=SittingPage.objects.get(pk=sent.pk), publish=False)
    copy = changed.dispatches.first()
    return [
        f"/p/{item.pk}/",
        f"/p/{item.pk}/correction/",
        f"/p/{item.pk}/changements/{changed.pk}/",
        f"/p/{item.pk}/pieces/{paper.pk}/remplacer/",
        f"/p/{sent.pk}/complement/",
        f"/p/{sent.pk}/changements/{changed.pk}/envois/",
        f"/p/{sent.pk}/changements/envois/{copy.pk}/remise/",
        f"/p/{sent.pk}/changements/envois/{copy.pk}/retour/",
    ]


def held_screens(town, instance):
    """Sittings under way, at a vote, at an election, at a question; one that is closed, and the correction of its vote."""
    found = []
    for kind in ("deliberation", "appointment", "question_orale", "deliberation"):
        sitting = town.page(
            f"Séance {len(found)}",
            model=SittingPage,
            publish=False,
            instance=instance,
            starts_at=timezone.now().replace(microsecond=0) + timedelta(days=20),
        )
        town.page("Quatre", model=AgendaItemPage, under=sitting, publish=False, item_kind=kind)
        agenda.record_convocation(
            sitting=sitting, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="accusés", by=town.admin
        )
        SittingPage.objects.filter(pk=sitting.pk).update(starts_at=timezone.now() - timedelta(hours=1))
        mandate, *_others = in_office(instance, timezone.localdate())
        floor.open_sitting(
            sitting=sitting,
            entry=Entry(uuid4(), "open"),
            present=[mandate],
            pouvoirs={},
            president=mandate,
            secretaries=[mandate],
            by=town.admin,
        )
        floor.note(sitting=sitting, entry=Entry(uuid4(), "item", {"item": "1"}), by=town.admin)
        found += [f"/p/{sitting.pk}/operateur/"]
    vote = Entry(uuid4(), "ballot", {"item": "1", "unanimous": True})
    floor.note(sitting=sitting, entry=vote, by=town.admin)
    floor.close(sitting=sitting, entry=Entry(uuid4(), "close"), by=town.admin)
    projected = found[0].replace("operateur", "projection")
    return [*found, f"{found[-1]}{vote.id}/", f"/p/{sitting.pk}/", projected]


def acts_screens(town, maire):
    """A draft, a decision whose personal data wait, one that is online, a task."""
    today, by = timezone.localdate(), town.admin
    Mandate.objects.filter(pk=maire.pk).update(office="Maire")
    maire.refresh_from_db()
    instance = maire.instance
    delegation = decisions.note_delegation(
        instance=instance, deliberation="2026-01-04", since=today - timedelta(days=9), points=[5], until=None, by=by
    )

    def draft(text):
        return decisions.write(
            decision=Decision(
                instance=instance,
                delegation=delegation,
                point=5,
                subject="Location",
                matter="3.3",
                text=text,
                signer=maire,
            ),
            by=by,
        )

    written = draft("Décide.")
    acts = []
    for text in ("Mme Jeanne Durand, 12 rue des Lilas.", "Décide."):
        act = decisions.take(decision=draft(text), by=by).act
        publication.deposit_signed(act=act, data=signed_pdf(text), file_name="signe.pdf", by=by)
        acts.append(act)
    held, online = acts
    publication.publish(act=online, up_on=today, by=by)
    task = follow_up.give_task(act=held, what="Signer", owner=by, service="", due=today + timedelta(days=3), by=by)
    return [
        "/conseil/decisions/",
        "/conseil/decisions/nouvelle/",
        f"/conseil/decisions/{written.pk}/",
        f"/conseil/decisions/{online.decision_id}/",
        "/conseil/delegations/",
        "/conseil/actes/",
        "/conseil/actes/reglages/",
        f"/conseil/actes/{held.pk}/",
        f"/conseil/actes/{online.pk}/",
        f"/conseil/actes/{held.pk}/suivi/",
        f"/conseil/actes/{held.pk}/taches/",
        f"/conseil/taches/{task.pk}/",
        "/conseil/mes-taches/",
        f"/conseil/{instance.pk}/suivi/",
        "/actes/",
        "/actes/?q=zz",
        online.address,
    ]


def papers_screens(town, instance, maire):
    """A sitting closed: its papers, its procès-verbal, its signed copies, one that nobody recognised."""
    held = town.page(
        "Séance levée",
        model=SittingPage,
        publish=False,
        instance=instance,
        starts_at=timezone.now().replace(microsecond=0) + timedelta(days=20),
    )
    town.page("Quatre", model=AgendaItemPage, under=held, publish=False)
    agenda.record_convocation(
        sitting=held, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="accusés", by=town.admin
    )
    SittingPage.objects.filter(pk=held.pk).update(starts_at=timezone.now() - timedelta(hours=2))
    held.refresh_from_db()
    floor.open_sitting(
        sitting=held,
        entry=Entry(uuid4(), "open"),
        present=[maire],
        pouvoirs={},
        president=maire,
        secretaries=[],
        by=town.admin,
    )
    for type_, data in (("item", {"item": "1"}), ("ballot", {"item": "1", "unanimous": True})):
        floor.note(sitting=held, entry=Entry(uuid4(), type_, data), by=town.admin)
    floor.close(sitting=held, entry=Entry(uuid4(), "close"), by=town.admin)
    act = held.deliberations.get()
    for name, colour in ((f"{act.written}.png", "#010203"), ("photo.png", "#040506")):
        signing.receive(sitting=held, file=ContentFile(png(colour=colour)), file_name=name, by=town.admin)
    base = f"/p/{held.pk}/"
    sitting_papers.publish(sitting=held, paper=SittingPaper.LIST, by=town.admin)
    return [
        *corrected_screens(town, act),
        base,
        f"{base}papiers/",
        f"{base}pv/",
        f"{base}pv/arreter/",
        f"{base}signes/",
        f"{base}deliberations/{act.pk}/corriger/",
        f"/conseil/{instance.pk}/numerotation/",
    ]


def corrected_screens(town, deliberation):
    """An act that was corrected once and is online again, then once more since: its sheet, and what the public reads."""
    act, today = deliberation.act, timezone.localdate()
    for words in ("Un", "Deux", "Trois"):
        publication.deposit_signed(act=act, data=signed_pdf(words), file_name="signe.pdf", by=town.admin)
        if words != "Trois":
            publication.publish(act=act, up_on=today, by=town.admin)
            deciding.correct(deliberation=deliberation, object=words, text="", reason="Plume", by=town.admin)
    return [f"/conseil/actes/{act.pk}/", act.address, "/actes/"]


def life_and_trash(town, article, document):
    """A late page, an archived one, things in the trash old enough to be emptied, and the deeds that lead there."""
    late, old, gone = (town.page(title, under=article) for title in ("En retard", "Ancienne", "Jetée"))
    town.page("Qui renvoie", f'<p><a linktype="page" id="{late.pk}">là</a></p>', under=old)
    life.set_review(page=late, due=timezone.localdate(), owner=town.admin, by=town.admin, every_months=12)
    ReviewDate.objects.update(due=timezone.localdate() - timedelta(days=3))
    life.archive(page=old, by=town.admin, why="Remplacée")
    loose = town.document(b"Seule", "seule.txt")
    deletion = trash.delete_page(page=gone, by=town.admin, why="Doublon")
    Deletion.objects.update(deleted_at=timezone.now() - timedelta(days=400))
    return [
        f"/p/{late.pk}/",
        f"/p/{old.pk}/",
        f"/p/{late.pk}/supprimer/",
        f"/documents/{document.pk}/supprimer/",
        f"/documents/{loose.pk}/supprimer/",
        "/corbeille/",
        f"/corbeille/{deletion.pk}/vider/",
        f"/p/{late.pk}/verification/",
        f"/p/{late.pk}/archiver/",
        "/verifications/",
        f"/verifications/?sous={town.home.pk}",
    ]


def commented(town, project, document):
    """Comments on the project, one of each state and place, and its draft read by somebody. Gives one to unfold."""
    guest = town.person("Cyril", "Commente")
    town.give(Role.COMMENTER, project, person=guest)
    write = partial(comments.write, page=project, by=guest)
    said = write(text="Est-ce sûr ?", place=Place(block=project.body[0].id))
    comments.answer(comment=said, text="Oui.", by=town.admin)
    comments.show_to_readers(comment=said, shown=True, by=town.admin)
    write(text="Périmé.", place=Place(document=document.pk))
    write(text="Très clair.")
    comments.resolve(comment=write(text="Fait."), by=guest)
    comments.reopen(comment=comments.resolve(comment=write(text="Pas fait."), by=guest), by=guest)
    invitations.invite(page=project, person=guest, by=town.admin)
    return said


def serious(page):
    """What axe finds serious or critical, each with the place where it is."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("width", "scheme", "turn"), [(390, "light", 0), (1280, "dark", 1)])
def test_every_screen(town, visitor, width, scheme, turn):
    found = []
    admin = visitor(width=width, scheme=scheme)
    for number, path in enumerate(["/connexion/", *screens(town)]):
        if number == 1:
            admin.sign_in(town.signed_in(town.admin))
        answer = admin.page.goto(path)
        assert answer is not None and answer.status == 200, path
        assert admin.page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
        if number % 2 == turn or WHOLE:
            found += [f"{path}: {violation}" for violation in serious(admin.page)]
    assert found == []
    assert admin.troubles == []


def test_the_words_that_come_back(town, visitor):
    """A comment that cannot be taken: the sentence, the field, the way out."""
    page = town.page("Note", "<p>Texte</p>")
    phone = visitor(width=390).sign_in(town.signed_in(town.admin))
    phone.page.goto(f"/p/{page.pk}/?commenter=1")
    phone.page.locator(".body .comments > summary").click()
    phone.page.locator(".body textarea").fill("   ")
    phone.page.get_by_role("button", name="Envoyer le commentaire").first.click()
    phone.page.locator(".field.wrong").wait_for()
    assert serious(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
