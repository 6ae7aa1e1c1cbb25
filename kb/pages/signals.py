"""What follows a change of a page, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal, receiver
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move, pre_page_move

from kb import direction_marks
from kb.access import inheritance
from kb.access.models import Boundary, Grant
from kb.pages import revising, slugs, tree
from kb.pages.knowledge import KnowledgePage
from kb.pages.models import HomePage, RevisionRecord
from kb.people.account import User
from kb.people.models import name_town


@receiver(pre_save)
def typed(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """No line that a person types hides how it reads."""
    if not raw and (isinstance(instance, Page) or sender._meta.app_label == "kb"):
        direction_marks.clear(instance)


# Pages were dated again behind the back of their deeds (loading the demo): what is derived from them is made again.
pages_rewritten = Signal()
person_renamed = Signal()  # person

PLACE = ["path", "depth", "numchild"]


@receiver([pre_save, pre_delete])
def about_to_change(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Before anything is read or written: one change of the tree or of rights at a time."""
    if isinstance(instance, Page | Grant | Boundary):
        tree.one_writer()
    if isinstance(instance, Page) and _saves_a_draft(kwargs):
        instance.__dict__["_draft_was"] = tree.draft_as_stored(instance.pk)


@receiver(pre_page_move)
def about_to_move(sender: Any, instance: Page, parent_page_after: Page, **kwargs: Any) -> None:
    """As above; and where both stand is read again, for what was in memory may have moved meanwhile."""
    tree.one_writer()
    for page in (instance, parent_page_after):
        page.refresh_from_db(fields=PLACE)


@receiver(page_published)
def published(sender: Any, instance: Page, revision: Any, **kwargs: Any) -> None:
    """Records what is live from now on."""
    if isinstance(instance, KnowledgePage):
        publisher = kwargs.get("user") or (revision.user if revision else None)
        revising.record_publication(instance, revision, publisher=publisher)
    if isinstance(instance, HomePage):
        name_town(instance.title)


@receiver(page_unpublished)
def unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Records that nothing is live any more."""
    revising.record_unpublication(instance)


@receiver(post_save)
def saved(sender: Any, instance: Any, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    """Tells every process that the tree changed, and keeps the page's wiki name."""
    if not isinstance(instance, Page) or raw:
        return
    if kwargs.get("created"):
        inheritance.page_added(instance)
    was = instance.__dict__.pop("_draft_was", None)
    if was == tuple(getattr(instance, name) for name in tree.DRAFT):
        return  # an autosave, as most are: what is shown of the page is what was
    if update_fields is None or {"title", "draft_title"} & set(update_fields):
        revising.record_name(instance)
    if update_fields is None or tree.SHOWN & set(update_fields):
        tree.changed(instance.pk)


def _saves_a_draft(saving: dict[str, Any]) -> bool:
    fields = set(saving.get("update_fields") or ()) & tree.SHOWN
    return bool(fields) and fields <= set(tree.DRAFT)


@receiver(post_delete)
def deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A page left the tree."""
    if isinstance(instance, Page):
        tree.changed(None)


@receiver(post_page_move)
def moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Addresses changed below a page, and what it inherits; its slug tells nothing of its new siblings."""
    fresh = Page.objects.get(pk=instance.pk)
    slugs.settle(fresh.specific)
    inheritance.recompute(fresh)
    tree.changed(None)


@receiver(page_slug_changed)
def renamed(sender: Any, **kwargs: Any) -> None:
    """Addresses changed below a page."""
    tree.changed(None)


@receiver(post_save, sender=PageLogEntry)
def publication_logged(sender: Any, instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """Wagtail's signal does not say who publishes; its log entry, written next, does."""
    if created and instance.action == "wagtail.publish" and instance.revision_id:
        RevisionRecord.objects.filter(revision=instance.revision_id).update(published_by=instance.user_id)


NAMED = ("first_name", "last_name", "office")


@receiver(pre_save, sender=User)
def about_to_name(sender: Any, instance: User, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    """Notes whether the person changes name: `post_save` no longer knows."""
    told = not raw and instance.pk and (update_fields is None or set(NAMED) & set(update_fields))
    was = User.objects.filter(pk=instance.pk).values_list(*NAMED).first() if told else None
    instance.__dict__["_named_anew"] = was is not None and was != tuple(getattr(instance, field) for field in NAMED)


@receiver(post_save, sender=User)
def named_anew(sender: Any, instance: User, **kwargs: Any) -> None:
    """Pages name people: what every process keeps of them is written again."""
    if instance.__dict__.pop("_named_anew", False):
        tree.changed(None)
        person_renamed.send(sender, person=instance)


@receiver([post_save, post_delete], sender=Grant)
def rights_changed(sender: Any, instance: Grant, **kwargs: Any) -> None:
    """Every process reads the rights of this page again before it answers anything more."""
    tree.changed(instance.page_id)


@receiver([post_save, post_delete], sender=Boundary)
def boundary_changed(sender: Any, instance: Boundary, **kwargs: Any) -> None:
    """As a grant; and what is inherited below is written anew."""
    if page := Page.objects.filter(pk=instance.page_id).first():
        inheritance.recompute(page)
    tree.changed(instance.page_id)
