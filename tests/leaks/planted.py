"""A town with a reserved branch in which everything bears a mark, and the cast that must never see it."""

import io
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture

from kb.access import operations as access
from kb.access.models import Grant, Role
from kb.documents.models import Image, Rendition
from kb.exchange.models import Export, ImportRecord
from kb.pages import operations as pages
from kb.pages.models import Favourite, PageTag, ProjectPage, ServicePage
from kb.sharing.models import AccessRequest
from kb.work.models import Job
from tests.conftest import Town

MARK = "zqxmarque"  # every planted word starts with it


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Picture.new("RGB", (60, 40), "navy").save(out, "PNG")
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
            "zqxmarque-titre vivant", f"<p>zqxmarque-corps vivant, commun. {link} [[zqxmarque-page à créer]]</p>",
            under=self.top, author=author, summary="zqxmarque-résumé",
        )  # fmt: skip
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
            file_name="zqxmarque-import.docx", state="imported", message="zqxmarque-message", sha256="0" * 64, by=author,
            page=self.page,
        )  # fmt: skip
        self.export = Export.objects.create(person=author, page_id=self.page.pk, format="pdf", with_below=False)
        self.job = Job.objects.create(
            kind="export", payload={}, reason="zqxmarque-raison d’échec", due_at=timezone.now()
        )
        self.grant = Grant.objects.get(person=author)
        self.request = AccessRequest.objects.create(page=self.page, person=author, why="zqxmarque-demande")
        assert PageTag.objects.filter(tag__name="zqxmarque-motif").exists()

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
        self.responsable = town.person("Rose", "Responsable", "Finances")
        town.give(Role.MANAGER, self.public, person=self.responsable)
        self.cast: dict[str, Any] = {
            "anonymous": AnonymousUser(), "outsider": town.outsider, "lecteur": self.reader,
            "commentateur": self.commenter, "éditeur d’un autre service": self.editor,
            "responsable d’un autre service": self.responsable,
            "communication": town.communication, "élu": town.elu, "ancien": self.former,
        }  # fmt: skip
