"""A town with a reserved branch and a deleted one, in which everything bears a mark, and the cast that must never see it."""

import hashlib
import io
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from council.acts import minutes, signing
from council.agenda import operations as agenda
from council.agenda.enums import Channel
from council.agenda.models import AgendaItemPage, SittingPage
from council.calendars import operations as calendars
from council.calendars.models import OutsideMeetingPage
from council.convening import operations as convening
from council.convening.models import Answer, Convocation, SendingChoice
from council.convening.papers import kept
from council.decisions import operations as decisions
from council.decisions.models import Decision
from council.floor import operations as floor
from council.floor.operations import Entry
from council.follow_up import operations as follow_up
from council.frozen import operations as frozen
from council.frozen.models import FrozenPaper
from council.items import operations as items
from council.items.models import AnnexToRenew, ItemSubject, YearlyItem
from council.members import operations as members
from council.members.models import Delegation, Instance, Mandate
from council.offline.models import PrivateNote
from council.pouvoirs import operations as pouvoirs
from council.publication.models import ActFile, Flag, Publication, PublicPaper, SittingPaper
from council.questions.models import Question
from council.withdrawals.models import Withdrawal
from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.buttons import operations as buttons
from kb.comments import invitations, rail
from kb.comments import operations as comments
from kb.comments.models import DraftInvitation
from kb.comments.places import Place
from kb.documents.extraction.models import Extraction
from kb.documents.extraction.operations import read_text
from kb.documents.models import Image, Rendition
from kb.exchange.models import Export, Import, ImportRecord
from kb.moderation import operations as moderation
from kb.moderation import queries
from kb.moderation.models import ReviewLink
from kb.notices.models import Follow, Mail, Notice
from kb.pages import operations as pages
from kb.pages.models import Favourite, PageTag, ProjectPage, Reading, ServicePage
from kb.sharing.models import AccessRequest
from kb.trash import operations as trash
from kb.work import operations as work
from kb.work.models import Job
from search.memory import Fruitless, PastSearch
from tests.conftest import Town
from tests.council.publication.world import signed_pdf

MARK = "zqxmarque"  # every planted word starts with it
GONE = f"{MARK}-jete"  # what is in the trash: nobody sees it elsewhere, not even an administrator
COLOUR = (201, 33, 147)  # of the planted pictures: no other has it
OPEN_COLOUR = (10, 120, 60)


def picture(colour: tuple[int, int, int] = COLOUR) -> bytes:
    """A small PNG of one colour."""
    out = io.BytesIO()
    Picture.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


class Planted:
    """The town, its marks, and the cast."""

    def __init__(self, town: Town) -> None:
        self.town = town
        Grant.objects.all().delete()
        self.insider = town.person("Zqxmarqueprenom", "Zqxmarquenom", "Services techniques")
        self.public = town.service("Voirie ouverte")
        self.other = town.page("Note ouverte", "<p>Mots ouverts.</p>", under=self.public)
        self.top: Any = town.page("zqxmarque-titre du contentieux", model=ServicePage, under=town.home)
        access.reserve(page=self.top, by=town.admin, why="zqxmarque-raison de réserver")
        town.give(Role.MANAGER, self.top, person=self.insider, why="zqxmarque-raison du droit")
        self._fill()
        self._cast()

    def _fill(self) -> None:
        town, author = self.town, self.insider
        link = f'<a linktype="page" id="{self.other.pk}">voir</a>'
        self.page = town.page(
            "zqxmarque-titre vivant",
            f"<p>zqxmarque-corps vivant, commun. {link} [[zqxmarque-page à créer]]</p>",
            under=self.top,
            author=author,
            summary="zqxmarque-résumé",
        )
        self.draft = town.page(
            "zqxmarque-titre brouillon",
            "<p>zqxmarque-corps brouillon</p>",
            under=self.top,
            author=author,
            publish=False,
        )
        self.project = town.page("zqxmarque-projet", model=ProjectPage, under=self.top, author=author)
        self.document = town.document(b"zqxmarque-octets communs du fichier", "zqxmarque-fichier.txt", author=author)
        town.attach(self.page, self.document, label="zqxmarque-étiquette", note="zqxmarque-note")
        self.loose = town.document(b"zqxmarque-octets seuls", "zqxmarque-seul.txt", author=author)
        self.scan = town.document(picture(), "zqxmarque-plan.png", author=author)
        town.attach(self.page, self.scan, label="zqxmarque-plan")
        work.drain()  # its thumbnail
        for sha256 in Extraction.objects.values_list("sha256", flat=True):
            read_text(sha256=sha256, progress=lambda *far: None)
        self.extraction = Extraction.objects.get(sha256=self.document.current_version.sha256)
        self.image = Image.objects.create(
            title="zqxmarque-image", file=ContentFile(picture(), "zqxmarque-image.png"), uploaded_by_user=author
        )
        fresh = self.page.get_latest_revision_as_object()
        fresh.tags.add("zqxmarque-motif")
        fresh.body.append(
            ("image", {"image": self.image, "alt_text": "zqxmarque-légende", "caption": "zqxmarque-légende"})
        )
        fresh.why = "zqxmarque-pourquoi"
        revision = fresh.save_revision(user=author, log_action=True)
        pages.publish_revision(page=self.page, revision=revision, author=author)
        fresh.title = "zqxmarque-titre en cours"
        self.pending = fresh.save_revision(user=author, log_action=True)
        self.rendition: Rendition = self.image.get_rendition("width-40")
        # What stands outside the branch and names it.
        body = f'<p>Voir <a linktype="page" id="{self.page.pk}">un autre dossier</a>.</p>'
        self.naming = town.page("Page qui nomme", body, under=self.public, author=town.admin)
        Favourite.objects.create(person=author, page=self.page)
        self.record = ImportRecord.objects.create(
            file_name="zqxmarque-import.docx",
            state="imported",
            message="zqxmarque-message",
            sha256="0" * 64,
            by=author,
            page=self.page,
            together=Import.objects.create(person=author, parent_id=self.page.pk),
        )
        self.button = buttons.give(person=author, opens="zqxmarque-dossier", path=f"/p/{self.page.pk}/", by=None)
        buttons.end(button=self.button, by=None, because="zqxmarque-fini")  # one that works is a key, and tells
        self.export = Export.objects.create(person=author, page_id=self.page.pk, format="pdf", with_below=False)
        self.job = Job.objects.create(
            kind="export", payload={}, reason="zqxmarque-raison d’échec", due_at=timezone.now()
        )
        self.grant = Grant.objects.get(person=author)
        self.pick = SearchPromotion.objects.create(
            query=Query.get("zqxmarque-mots"), page_id=self.page.pk, description="zqxmarque-choix"
        )
        SearchPromotion.objects.create(
            query=Query.get("commun"), page_id=self.page.pk, description="zqxmarque-choix des mots communs"
        )
        Fruitless.objects.create(words="zqxmarque-introuvable", times=1)
        PastSearch.objects.create(person=author, words="zqxmarque-cherché", address="/recherche/?q=zqxmarque")
        self.request = AccessRequest.objects.create(page=self.page, person=author, why="zqxmarque-demande")
        self._comment()
        self._submit()
        self._council()
        assert PageTag.objects.filter(tag__name="zqxmarque-motif").exists()

    def _comment(self) -> None:
        """Words on the hidden page, some opened to its readers; on its draft; and an invitation to read it."""
        author, page = self.insider, type(self.page).objects.get(pk=self.page.pk)
        write = partial(comments.write, page=page, by=author)
        self.comment = write(text="zqxmarque-commentaire", quote="zqxmarque-passage")
        comments.answer(comment=self.comment, text="zqxmarque-réponse", by=author)
        self.opened = write(text="zqxmarque-commentaire ouvert", place=Place(document=self.document.pk))
        comments.show_to_readers(comment=self.opened, shown=True, by=author)
        write(text="zqxmarque-commentaire du brouillon", on_draft=True)
        self.resolved = write(text="zqxmarque-commentaire résolu")
        comments.resolve(comment=self.resolved, by=author)
        rail.show(page)  # the same words, as Wagtail's editor keeps them

    def _submit(self) -> None:
        """Drafts of the branch in a circuit: one that waits, with a mail's button to it that must not open; one planned;
        one published without the circuit.
        """
        author = self.insider
        state = moderation.submit(page=self.draft, author=author, why="zqxmarque-pourquoi soumis")
        self.waiting = state.current_task_state
        seen = queries.seen(self.draft, self.draft.get_latest_revision())
        self.dead_link = ReviewLink.objects.create(
            person=author, task_state=self.waiting, seen=seen, expires_at=timezone.now() + timedelta(days=7)
        )
        self.town.page(
            "zqxmarque-titre prévu",
            "<p>zqxmarque-corps prévu</p>",
            under=self.top,
            author=author,
            go_live_at=timezone.now() + timedelta(days=3),
        )

    def _council(self) -> None:
        """A sitting being prepared, an item, and what a service proposes."""
        town, author = self.town, self.insider
        self.instance = members.settle_instance(
            instance=Instance(name="Conseil municipal"), inhabitants=2380, since=date(2026, 3, 15), by=town.admin
        )
        someone = Mandate(instance=self.instance, first_name="Hélène", last_name="Marchetti", since=date(2026, 3, 15))
        self.mandate = members.add_member(mandate=someone, by=town.admin)
        shelf = town.folder("zqxmarque-rayon des séances", under=self.top, author=author)
        self.sitting = town.page(
            "zqxmarque-séance",
            model=SittingPage,
            under=shelf,
            author=author,
            publish=False,
            instance=self.instance,
            starts_at=timezone.now() + timedelta(days=30),
            place="zqxmarque-lieu",
        )
        self.item = town.page(
            "zqxmarque-point",
            "<p>zqxmarque-projet de délibération</p>",
            model=AgendaItemPage,
            under=self.sitting,
            author=author,
            publish=False,
            note="zqxmarque-note de synthèse",
        )
        convening.record_signature(
            sitting=self.sitting,
            mandate=self.mandate,
            signed_on=timezone.localdate(),
            proof="zqxmarque-registre",
            by=author,
        )
        self.convened = town.page(
            "zqxmarque-séance convoquée",
            model=SittingPage,
            under=shelf,
            author=author,
            publish=False,
            instance=self.instance,
            starts_at=timezone.now().replace(microsecond=0) + timedelta(days=25),
        )
        self.convened_item = town.page(
            "zqxmarque-point convoqué", model=AgendaItemPage, under=self.convened, author=author, publish=False
        )
        annex = town.document(b"zqxmarque-annexe", "zqxmarque-annexe.txt", author=author)
        pages.attach_document(page=self.convened_item, document=annex, author=author)
        convening.record_signature(
            sitting=self.convened,
            mandate=self.mandate,
            signed_on=timezone.localdate(),
            proof="zqxmarque-registre",
            by=author,
        )
        convening.send(sitting=self.convened, by=author)
        self.convocation = Convocation.objects.get(sitting=self.convened)
        convening.note_delivery(
            convocation=self.convocation, on=timezone.localdate(), how="zqxmarque-remise", by=author
        )
        self._calendar()
        self._elus_side()
        self._changed(author)
        self.proposal = agenda.propose(
            instance=self.instance, page=self.project, title="zqxmarque-proposition", why="zqxmarque-raison", by=author
        )
        self._held(shelf)
        self._decided()
        # Who edits elsewhere has a sitting of his own, where nothing of a hidden page is proposed.
        self.open_sitting = town.page(
            "Séance ouverte",
            model=SittingPage,
            under=town.folder("Rayon ouvert", under=self.public),
            publish=False,
            instance=self.instance,
            starts_at=timezone.now() + timedelta(days=60),
        )
        self.open_item = town.page("Point ouvert", model=AgendaItemPage, under=self.open_sitting, publish=False)
        self._items()

    def _items(self) -> None:
        """An open item that names a hidden project; a hidden one taken up from another; the town's plan."""
        draft = self.open_item.get_latest_revision_as_object()
        draft.subjects = [ItemSubject(subject=self.project)]
        draft.save_revision(user=self.town.admin)
        ItemSubject.objects.create(page=self.open_item, subject=self.project)
        source = AgendaItemPage.objects.get(title="zqxmarque-point convoqué")
        taken = items.resume(source=source, sitting=self.sitting, by=self.insider)
        self.annex = AnnexToRenew.objects.create(
            resumption=taken.resumption, document=self.document, title="zqxmarque-annexe"
        )
        self.taken_up, self.planned = taken, YearlyItem.objects.filter(instance=self.instance).first()

    def _calendar(self) -> None:
        """A meeting of an outside instance; a calendar's address that serves no more (one that does is a key, and tells);
        a private note; a delegation, which whoever reads the council's table reads.
        """
        town, author = self.town, self.insider
        self.elsewhere = members.note_outside(instance=Instance(name="Communauté de communes"), by=town.admin)
        sits = {"since": date(2026, 3, 15), "last_name": "Marchetti"}
        members.add_member(
            mandate=Mandate(instance=self.elsewhere, first_name="Hélène", account=author, **sits), by=town.admin
        )
        self.outside = town.page(
            "zqxmarque-réunion extérieure",
            model=OutsideMeetingPage,
            under=self.sitting.get_parent(),
            author=author,
            instance=self.elsewhere,
            starts_at=timezone.now() + timedelta(days=12),
            place="zqxmarque-siège",
        )
        self.calendar_token = calendars.make_address(by=author)
        calendars.end_address(by=author)
        PrivateNote.objects.create(
            person=author,
            item_id=self.convened.get_children().get().pk,
            client_id=uuid4(),
            key_id="zqxmarque",
            sealed="zqxmarque-note chiffrée",
            written_at=timezone.now(),
        )
        self.delegation = members.delegate(
            delegation=Delegation(mandate=self.mandate, words="voirie", since=date(2026, 4, 2)), by=town.admin
        )

    def _elus_side(self) -> None:
        """What the members of the hidden sitting give, ask and say, and the papers that came with it."""
        author, today = self.insider, timezone.localdate()
        holder = Mandate(instance=self.instance, first_name="Nadia", last_name="Benkacem", since=date(2026, 3, 15))
        self.holder = members.add_member(mandate=holder, by=self.town.admin)
        scan = kept("zqxmarque-pouvoir.png", "image/png", picture())
        self.pouvoir = pouvoirs.note_paper(
            sitting=self.convened,
            giver=self.mandate,
            holder=self.holder,
            sittings=4,
            illness="zqxmarque-maladie",
            given_on=today,
            paper=scan,
            by=author,
        )
        # On his list again: the quorum and the copies of the other planted sittings are those of one member.
        Mandate.objects.filter(pk=self.holder.pk).update(since=None)
        item, rows = self.convened_item, {"mandate": self.mandate, "sitting": self.convened}
        self.question = Question.objects.create(
            item=item,
            asked_by=author,
            text="zqxmarque-question",
            to_all=True,
            answer="zqxmarque-réponse donnée",
            answered_by=author,
            answered_at=timezone.now(),
            **rows,
        )
        Withdrawal.objects.create(item=item, ground="personal", why="zqxmarque-intérêt", by=author, **rows)
        SendingChoice.objects.create(
            mandate=self.mandate, sending="paper", asked_on=today, proof="zqxmarque-lettre", noted_by=author
        )
        convening.note_answer(
            convocation=self.convocation,
            answer=Answer.ABSENT,
            how="zqxmarque-téléphone",
            paper=kept("zqxmarque-carton.png", "image/png", picture()),
            by=author,
        )

    def _changed(self, author: Any) -> None:
        """A piece of the convened item replaced since, and each member's copy of it."""
        self.frozen = FrozenPaper.objects.get(sitting=self.convened, kind=FrozenPaper.Kind.ANNEX)
        self.change = frozen.replace_piece(
            paper=self.frozen,
            file=io.BytesIO(b"zqxmarque-annexe nouvelle"),
            file_name="zqxmarque-annexe.txt",
            reason="zqxmarque-raison du changement",
            by=author,
        )
        self.dispatch = self.change.dispatches.earliest("pk")

    def _decided(self) -> None:
        """A décision du maire that is signed and not published, with what it tells of people and what it sets going."""
        author, today = self.insider, timezone.localdate()
        delegation = decisions.note_delegation(
            instance=self.instance,
            deliberation="zqxmarque-delib",
            since=today - timedelta(days=9),
            points=[5],
            until=None,
            by=author,
        )
        draft = Decision(
            instance=self.instance,
            delegation=delegation,
            point=5,
            subject="zqxmarque-objet",
            matter="3.3",
            taken_on=today,
            text="zqxmarque-décision, commun. Mme Jeanne Durand, 12 rue des Lilas.",
            signer=self.mandate,
        )
        self.decision = decisions.take(decision=decisions.write(decision=draft, by=author), by=author)
        self.act = self.decision.act
        signed = signed_pdf("zqxmarque-acte signé")
        ActFile.objects.create(
            act=self.act,
            role="signed",
            file=ContentFile(signed, "signe.pdf"),
            file_name="zqxmarque-signe.pdf",
            mime="application/pdf",
            size=len(signed),
            sha256="0" * 64,
            by=author,
        )
        self.flag = Flag.objects.create(act=self.act, kind="un nom avec son adresse", words="zqxmarque-passage")
        self.past = Publication.objects.create(
            act=self.act,
            way="electronic",
            author="zqxmarque-auteur",
            signed_sha256="0" * 64,
            file_name="zqxmarque.pdf",
            sha256="0" * 64,
            mime="application/pdf",
            size=1,
            subject="zqxmarque-objet public",
            masked=False,
            named=True,
            up_on=today,
            by=author,
            down_on=today,
            down_why="zqxmarque-retrait",
            down_at=timezone.now(),
            down_by=author,
        )
        self.task = follow_up.give_task(
            act=self.act,
            what="zqxmarque-tâche commune",
            owner=author,
            service="",
            due=today + timedelta(days=3),
            by=author,
        )
        follow_up.note(act=self.act, values={"contract": "zqxmarque-contrat commun"}, by=author)

    def _held(self, shelf: Any) -> None:
        """A sitting that was held, with what was said in it."""
        town, author = self.town, self.insider
        self.held = town.page(
            "zqxmarque-séance tenue",
            model=SittingPage,
            under=shelf,
            author=author,
            publish=False,
            instance=self.instance,
            starts_at=timezone.now().replace(microsecond=0) + timedelta(days=22),
        )
        town.page("zqxmarque-point tenu", model=AgendaItemPage, under=self.held, author=author, publish=False)
        agenda.record_convocation(
            sitting=self.held, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="zqxmarque-preuve", by=author
        )
        SittingPage.objects.filter(pk=self.held.pk).update(starts_at=timezone.now() - timedelta(hours=1))
        self.held.refresh_from_db()
        floor.open_sitting(
            sitting=self.held,
            entry=Entry(uuid4(), "open"),
            present=[self.mandate],
            pouvoirs={},
            president=self.mandate,
            secretaries=[],
            by=author,
        )
        self.vote = uuid4()
        vote = Entry(self.vote, "ballot", {"item": "1", "unanimous": True, "name": "zqxmarque-amendement"})
        for entry in (
            Entry(uuid4(), "item", {"item": "1"}),
            vote,
            Entry(uuid4(), "suspend", {"reason": "zqxmarque-pause"}),
        ):
            floor.note(sitting=self.held, entry=entry, by=author)
        self._closed(shelf)

    def _closed(self, shelf: Any) -> None:
        """A sitting closed, with its délibération, what was said, and a signed copy."""
        town, author = self.town, self.insider
        self.closed = town.page(
            "zqxmarque-séance levée",
            model=SittingPage,
            under=shelf,
            author=author,
            publish=False,
            instance=self.instance,
            starts_at=timezone.now().replace(microsecond=0) + timedelta(days=23),
        )
        item = town.page(
            "zqxmarque-point décidé", model=AgendaItemPage, under=self.closed, author=author, publish=False
        )
        agenda.record_convocation(
            sitting=self.closed, sent_on=timezone.localdate(), channel=Channel.MAIL, proof="zqxmarque-preuve", by=author
        )
        SittingPage.objects.filter(pk=self.closed.pk).update(starts_at=timezone.now() - timedelta(hours=2))
        self.closed.refresh_from_db()
        floor.open_sitting(
            sitting=self.closed,
            entry=Entry(uuid4(), "open"),
            present=[self.mandate],
            pouvoirs={},
            president=self.mandate,
            secretaries=[],
            by=author,
        )
        for type_, data in (("item", {"item": "1"}), ("ballot", {"item": "1", "unanimous": True})):
            floor.note(sitting=self.closed, entry=Entry(uuid4(), type_, data), by=author)
        floor.close(sitting=self.closed, entry=Entry(uuid4(), "close"), by=author)
        self.deliberation = self.closed.deliberations.get()
        minutes.type_discussions(sitting=self.closed, texts={item.pk: "zqxmarque-débat commun"}, by=author)
        (self.copy,) = signing.receive(
            sitting=self.closed, file=io.BytesIO(picture()), file_name="zqxmarque-signé.png", by=author
        )
        self._paper(self.closed, timezone.now())  # what the public had, replaced since
        welfare = Instance.objects.create(name="CCAS", body="ccas")
        self.welfare = town.page(
            "zqxmarque-séance du CCAS",
            model=SittingPage,
            under=shelf,
            author=author,
            publish=False,
            instance=welfare,
            starts_at=timezone.now().replace(microsecond=0) + timedelta(days=24),
        )
        self._paper(self.welfare, None)  # of an instance that is never public

    def _paper(self, sitting: Any, replaced: Any) -> None:
        """A list and a procès-verbal that no public door may give."""
        for paper in SittingPaper:
            data = signed_pdf(f"zqxmarque-papier commun {paper} {sitting.pk}")
            PublicPaper.objects.create(
                sitting=sitting,
                paper=paper,
                data=data,
                sha256=hashlib.sha256(data).hexdigest(),
                replaced_at=replaced,
                by=self.insider,
            )

    def _cast(self) -> None:
        town = self.town
        self.reader = town.person("Lise", "Lectrice")
        self.commenter = town.person("Cyril", "Commente")
        self.editor = town.person("Edith", "Editeur", "Finances")
        self.former = town.person("Fabien", "Ancien", "Finances")
        town.give(Role.READER, self.public, person=self.reader)
        town.give(Role.COMMENTER, self.public, person=self.commenter)
        town.give(Role.EDITOR, self.public, person=self.editor)
        town.give(Role.MODERATOR, group="Communication")
        town.give(Role.EDITOR, self.public, group="Communication")
        town.give(Role.READER, group="Élus")
        town.give(Role.EDITOR, self.public, person=self.former)
        ended = town.give(Role.EDITOR, self.top, person=self.former)
        access.end(grant=ended, by=None)
        town.give(Role.READER, self.page, person=self.former)
        yesterday = timezone.localdate() - timedelta(days=1)
        Grant.objects.filter(page=self.page.pk, person=self.former).update(until=yesterday)
        Favourite.objects.create(person=self.former, page=self.page)
        # Who commented and was invited, and is no more: his own words are not his to read again.
        self.guest = town.person("Gaston", "Invité", "Finances")
        self.responsable = town.person("Rose", "Responsable", "Finances")
        town.give(Role.MANAGER, self.public, person=self.responsable)
        self._end_an_invitation()
        self._tell()
        self.own_document = town.document(b"Mots ouverts du fichier", "ouvert.txt", author=self.responsable)
        town.attach(self.other, self.own_document)
        self.own_image = Image.objects.create(
            title="Image ouverte",
            file=ContentFile(picture(OPEN_COLOUR), "ouverte.png"),
            uploaded_by_user=self.responsable,
        )
        self._delete()
        self.cast: dict[str, Any] = {
            "anonymous": AnonymousUser(),
            "outsider": town.outsider,
            "lecteur": self.reader,
            "commentateur": self.commenter,
            "éditeur d’un autre service": self.editor,
            "responsable d’un autre service": self.responsable,
            "communication": town.communication,
            "élu": town.elu,
            "ancien": self.former,
            "ancien invité": self.guest,
        }

    def _tell(self) -> None:
        """What was told before a right was lost, what is followed still, and a reason that names the branch."""
        tag = PageTag.objects.get(tag__name="zqxmarque-motif").tag
        for person in (self.insider, self.former, self.reader):
            Follow.objects.create(person=person, page_id=self.page.pk)
            Follow.objects.create(person=person, page_id=self.top.pk, below=True)
            Follow.objects.create(person=person, tag=tag)
            told = {"person": person, "kind": "published", "by": self.insider, "words": "zqxmarque-nouvelle"}
            Notice.objects.create(
                page_id=self.page.pk, through_page_id=self.top.pk, revision=self.page.live_revision, **told
            )
            Notice.objects.create(page_id=self.page.pk, through_tag=tag, **told)
            Notice.objects.create(
                page_id=self.draft.pk, **{**told, "kind": "comment", "data": {"comment": self.comment.pk}}
            )
            Notice.objects.create(document=self.document, **{**told, "kind": "link"})
            Notice.objects.create(
                page_id=self.other.pk,
                through_page_id=self.top.pk,
                **{**told, "words": "Mots ouverts", "by": self.town.admin},
            )
            Mail.objects.create(to=person, kind="link", page_id=self.page.pk, words="zqxmarque-mot", reason="zqxmarque")
            Reading.objects.create(person=person, page_id=self.page.pk, at=timezone.now() - timedelta(days=9))

    def _delete(self) -> None:
        """A branch that all the cast may read, or write, deleted; nobody of the cast could take it out."""
        town = self.town
        shelf = town.service("Rayon ouvert")
        for role, person in ((Role.READER, self.reader), (Role.COMMENTER, self.commenter), (Role.EDITOR, self.editor)):
            town.give(role, shelf, person=person)
        town.give(Role.EDITOR, shelf, person=self.responsable)
        for group in ("Communication", "Élus"):
            town.give(Role.EDITOR if group == "Communication" else Role.READER, shelf, group=group)
        self.gone = town.page(f"{GONE}-titre", f"<p>{GONE}-corps commun</p>", under=shelf, summary=f"{GONE}-résumé")
        town.page(f"{GONE}-dessous", under=self.gone)
        town.page("Page qui s’en souvient", f'<p><a linktype="page" id="{self.gone.pk}">là</a></p>', under=shelf)
        self.gone_document = town.document(f"{GONE}-octets communs".encode(), f"{GONE}-fichier.txt", author=self.editor)
        town.attach(self.gone, self.gone_document, label=f"{GONE}-étiquette")
        fresh = self.gone.get_latest_revision_as_object()
        fresh.tags.add(f"{GONE}-motif")
        pages.publish_revision(page=self.gone, revision=fresh.save_revision(user=town.admin), author=town.admin)
        said = comments.write(page=self.gone, by=self.commenter, text=f"{GONE}-commentaire")
        comments.show_to_readers(comment=said, shown=True, by=town.admin)
        Favourite.objects.create(person=self.reader, page=self.gone)
        loose = town.document(f"{GONE}-seul".encode(), f"{GONE}-seul.txt", author=town.admin)
        trash.delete_document(document=loose, by=town.admin, why=f"{GONE}-raison")
        self.deletion = trash.delete_page(page=self.gone, by=town.admin, why=f"{GONE}-raison")
        self._delete_of_the_council(shelf)

    def _delete_of_the_council(self, shelf: Any) -> None:
        """A sitting in preparation with its item, a meeting elsewhere, a project that an item is about and that was proposed."""
        town, soon = self.town, timezone.now().replace(microsecond=0) + timedelta(days=40)
        folder = town.folder("Séances ouvertes", under=shelf)
        sitting = town.page(
            f"{GONE}-séance",
            model=SittingPage,
            under=folder,
            publish=False,
            instance=self.instance,
            starts_at=soon,
            place=f"{GONE}-lieu",
        )
        item = town.page(
            f"{GONE}-point", f"<p>{GONE}-projet commun</p>", model=AgendaItemPage, under=sitting, publish=False
        )
        lone = town.page(f"{GONE}-point seul", model=AgendaItemPage, under=self.open_sitting, publish=False)
        meeting = town.page(
            f"{GONE}-réunion",
            model=OutsideMeetingPage,
            under=folder,
            instance=self.elsewhere,
            starts_at=soon,
            place=f"{GONE}-siège",
        )
        project = town.page(f"{GONE}-projet", model=ProjectPage, under=shelf)
        for page in (item, self.open_item):
            ItemSubject.objects.create(page=page, subject=project)
        agenda.propose(
            instance=self.instance, page=project, title=f"{GONE}-proposition", why=f"{GONE}-pourquoi", by=town.admin
        )
        for page in (lone, sitting, meeting, project):
            page.refresh_from_db()
            trash.delete_page(page=page, by=town.admin, why=f"{GONE}-raison")
        self.gone_of_the_council = [page.pk for page in (sitting, lone, meeting)]

    def _end_an_invitation(self) -> None:
        town, page = self.town, self.page
        grant = town.give(Role.COMMENTER, page, person=self.guest)
        invitation = invitations.invite(page=page, person=self.guest, by=self.insider)
        self.own = comments.write(page=page, text="zqxmarque-propre commentaire", by=self.guest, on_draft=True)
        invitations.end(invitation=invitation, by=self.insider)
        # An invitation still standing opens nothing to who lost his role.
        DraftInvitation.objects.create(page=page, person=self.former, invited_by=self.insider)
        access.end(grant=grant, by=None)
