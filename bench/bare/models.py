"""The page that a bare project would have for the same content."""

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class BarePage(Page):
    """Title, summary, a body of rich text."""

    summary = models.TextField(blank=True)
    body = StreamField([("paragraph", blocks.RichTextBlock())], blank=True)
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
