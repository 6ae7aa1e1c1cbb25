"""Which page names which, and which names have no page yet."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from kb.documents.models import Use


class PageLink(Use):
    """`page` links to `target`. Written in the transaction that saves `page`."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="links_out")
    target = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="links_in")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "target"], name="one_link_per_target"),
        ]


class MissingLink(Use):
    """[[A title]] typed in `page` that named no page its author could see.

    `target` is set when a page of that title is published; the text becomes a true link at the next save.
    """

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="missing_links")
    key = models.CharField(max_length=255, db_index=True)
    title = models.CharField("titre", max_length=255)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField("depuis le", auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "key"], name="one_row_per_missing_title"),
        ]


class WikiName(models.Model):
    """The key under which a page is found by [[its title]]; follows each rename."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, primary_key=True, related_name="wiki_name")
    key = models.CharField(max_length=255, db_index=True)
