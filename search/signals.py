"""What follows in the index when pages, files and acts change, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from council.acts.minutes import discussions_typed
from council.acts.models import Deliberation, ProcesVerbal
from council.agenda.models import SittingPage
from council.decisions.models import Decision
from council.follow_up.models import FollowUp, Task
from council.publication.models import Act, Publication, PublicPaper, Resending, Transmission
from kb.access.models import Boundary
from kb.documents.extraction.signals import text_extracted
from kb.documents.models import Document, DocumentVersion
from kb.life.signals import branch_archived_or_not
from kb.pages.knowledge import KnowledgePage
from kb.pages.queries import naming
from kb.pages.signals import pages_rewritten, person_renamed
from kb.people.account import User
from kb.trash.signals import branch_hidden_or_shown
from kb.work import operations as work
from kb.work.models import Queue
from search import acts, entries, feeding, operations, vocabulary
from search.models import Entry

FEW = 50  # pages, written again in less than a second


@receiver([page_published, page_unpublished])
def publication_changed(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Readers find what is live; editors alone, what is no more. Its files have other readers."""
    entries.write_page(instance)
    feeding.files_changed([instance.pk])


@receiver(post_save)
def draft_saved(sender: Any, instance: Any, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    """The draft of a page that is not live is found by who may edit it. A live page's draft is found by nobody."""
    if (
        isinstance(instance, KnowledgePage)
        and not raw
        and not instance.live
        and "latest_revision" in (update_fields or ())
    ):
        entries.write_page(instance)


@receiver(post_save, sender=DocumentVersion)
def version_stored(sender: Any, instance: DocumentVersion, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A file is found by its name at once; by its text when extraction has read it."""
    if created and not raw:
        entries.write_version(instance)


@receiver(post_save, sender=Document)
def document_renamed(sender: Any, instance: Document, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """All versions bear the document's title."""
    if not created and not raw:
        for version in instance.versions.all():
            entries.write_version(version)


@receiver(pre_delete, sender=Entry)
def entry_leaves(sender: Any, instance: Entry, using: str, **kwargs: Any) -> None:
    """Whatever takes an entry away, its words are counted out."""
    counted = vocabulary.Counted()
    counted.count(instance.title, instance.passages.all(), -1)
    counted.add(using)
    feeding.changed([instance.pk])


@receiver(post_page_move)
def moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Other grants count below."""
    feeding.branch_changed(Page.objects.get(pk=instance.pk).path)


@receiver(branch_hidden_or_shown)
def hidden_or_shown(sender: Any, path: str, **kwargs: Any) -> None:
    """What is in the trash has no readers; rights, asked at each search, hide it already."""
    feeding.branch_changed(path)


@receiver(branch_archived_or_not)
def archived_or_not(sender: Any, path: str, **kwargs: Any) -> None:
    """The state of these pages is another: at once for one page, by the worker where many stand below."""
    pages = Page.objects.filter(path__startswith=path)
    if pages.count() > FEW:
        operations.ask_for_branch(path)
        return
    for page in pages:
        entries.write_page(page)


@receiver([post_save, post_delete], sender=Boundary)
def boundary_changed(sender: Any, instance: Boundary, **kwargs: Any) -> None:
    """Inheritance stops, or starts again, here."""
    if path := Page.objects.filter(pk=instance.page_id).values_list("path", flat=True).first():
        feeding.branch_changed(path)


@receiver(person_renamed)
def renamed(sender: Any, person: User, **kwargs: Any) -> None:
    """The pages that name the person are found by the new name."""
    for page in Page.objects.filter(pk__in=naming(person)):
        entries.write_page(page)


@receiver(text_extracted)
def text_read(sender: Any, sha256: str, **kwargs: Any) -> None:
    """The text of some bytes is there, or has grown: the worker indexes the versions that have them."""
    work.enqueue(
        kind=operations.TEXTS, payload={"sha256": sha256}, queue=Queue.SLOW, key=f"{operations.TEXTS}-{sha256}"
    )


@receiver(pages_rewritten)
def all_rewritten(sender: Any, **kwargs: Any) -> None:
    """Every entry is written again, by the worker."""
    operations.ask_for_rebuilding()


# What the council decides.


@receiver(post_save, sender=Act)
def act_made(sender: Any, instance: Act, raw: bool = False, **kwargs: Any) -> None:
    """A délibération is numbered, a decision taken."""
    if not raw:
        acts.write_all(instance)


@receiver(post_save, sender=Deliberation)
@receiver(post_save, sender=Decision)
def act_corrected(sender: Any, instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Its words have changed, for who reads them; what the public has is what was published."""
    found = None if created or raw else Act.objects.filter(**{sender._meta.model_name: instance}).first()
    if found is not None:
        acts.write_all(found)


@receiver(post_save, sender=Publication)
def act_published(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Put up, or taken down."""
    if not raw:
        acts.write_publication(instance)


@receiver(post_save, sender=PublicPaper)
def paper_online(sender: Any, instance: PublicPaper, raw: bool = False, **kwargs: Any) -> None:
    """Put online, in the place of what was."""
    if not raw:
        acts.write_paper(instance)


@receiver(post_save, sender=ProcesVerbal)
def minutes_changed(sender: Any, instance: ProcesVerbal, raw: bool = False, **kwargs: Any) -> None:
    """Sent, arrêté."""
    if not raw:
        acts.write_minutes(instance)


@receiver(discussions_typed)
def minutes_typed(sender: Any, sitting: SittingPage, **kwargs: Any) -> None:
    """What was said on an item."""
    acts.write_minutes(ProcesVerbal.objects.defer("file").get(sitting=sitting))


@receiver(post_save, sender=Transmission)
@receiver(post_save, sender=Resending)
def act_received(sender: Any, instance: Transmission | Resending, raw: bool = False, **kwargs: Any) -> None:
    """An act is found by the number of its acknowledgement."""
    if not raw:
        acts.write_act(instance.act)


@receiver(post_save, sender=FollowUp)
def act_followed(sender: Any, instance: FollowUp, raw: bool = False, **kwargs: Any) -> None:
    """The money, the contract."""
    if not raw:
        acts.write_follow_up(instance)


@receiver(post_save, sender=Task)
def task_changed(sender: Any, instance: Task, raw: bool = False, **kwargs: Any) -> None:
    """Given, done."""
    if not raw:
        acts.write_task(instance)
