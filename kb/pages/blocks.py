"""What a page's body is made of. Each block renders through templates/blocks/."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = [
    "h2", "h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link",
    "superscript", "subscript", "strikethrough", "blockquote", "hr",
]  # fmt: skip
SHORT_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class ImageBlock(blocks.StructBlock):
    """An image with the words that replace it for who does not see it."""

    image = ImageChooserBlock(label="Image")
    alt_text = blocks.CharBlock(
        label="Description",
        required=False,
        max_length=250,
        help_text="Ce que l’image apprend, en une phrase. Vide si elle n’est qu’un décor.",
    )
    caption = blocks.CharBlock(label="Légende", required=False, max_length=250)

    class Meta:
        icon = "image"
        label = "Image"
        template = "blocks/image.html"


class CaptionedTableBlock(blocks.StructBlock):
    """A table, pasted from a spreadsheet or typed."""

    caption = blocks.CharBlock(label="Titre du tableau", required=False, max_length=200)
    table = TableBlock(
        label="Tableau",
        table_options={
            "renderer": "text",
            "startRows": 3,
            "startCols": 3,
            "mergeCells": True,
            "contextMenu": [
                "row_above",
                "row_below",
                "---------",
                "col_left",
                "col_right",
                "---------",
                "remove_row",
                "remove_col",
                "---------",
                "mergeCells",
                "undo",
                "redo",
            ],
        },
    )

    class Meta:
        icon = "table"
        label = "Tableau"
        template = "blocks/table.html"


class CalloutBlock(blocks.StructBlock):
    """A few lines that must not be missed. One per screen of text."""

    level = blocks.ChoiceBlock(
        label="Nature",
        choices=[("info", "À savoir"), ("watch", "À surveiller"), ("blocking", "Bloquant")],
        default="info",
    )
    title = blocks.CharBlock(label="Titre", required=False, max_length=120)
    text = blocks.RichTextBlock(label="Texte", features=SHORT_TEXT_FEATURES)

    class Meta:
        icon = "warning"
        label = "Encadré"
        template = "blocks/callout.html"


class DocumentVersionBlock(blocks.StructBlock):
    """A document at one version: the latest when the page is saved, or the one it keeps."""

    document = DocumentChooserBlock(label="Document")
    label = blocks.CharBlock(label="Intitulé", required=False, max_length=200)
    note = blocks.CharBlock(label="Note", required=False, max_length=300)
    pinned = blocks.BooleanBlock(label="Garder cette version même si le fichier est remplacé", required=False)
    version = blocks.IntegerBlock(required=False, widget=forms.HiddenInput, label="Version")

    class Meta:
        icon = "doc-full"
        label = "Lien vers un document"
        template = "blocks/document_link.html"


class FileListBlock(blocks.StructBlock):
    """Several documents, in their order."""

    title = blocks.CharBlock(label="Titre", required=False, max_length=120)
    files = blocks.ListBlock(DocumentVersionBlock(), label="Documents")

    class Meta:
        icon = "list-ul"
        label = "Liste de documents"
        template = "blocks/file_list.html"


class StepsBlock(blocks.StructBlock):
    """What to do, in order."""

    title = blocks.CharBlock(label="Titre", required=False, max_length=120)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label="Étape", max_length=160)),
                (
                    "text",
                    blocks.RichTextBlock(label="Précisions", required=False, features=SHORT_TEXT_FEATURES),
                ),
            ]
        ),
        label="Étapes",
    )

    class Meta:
        icon = "list-ol"
        label = "Étapes"
        template = "blocks/steps.html"


class FaqBlock(blocks.StructBlock):
    """Questions people ask, and their answers."""

    questions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(label="Question", max_length=200)),
                ("answer", blocks.RichTextBlock(label="Réponse", features=SHORT_TEXT_FEATURES)),
            ]
        ),
        label="Questions",
    )

    class Meta:
        icon = "help"
        label = "Questions fréquentes"
        template = "blocks/faq.html"


class EmbedBlock(blocks.StructBlock):
    """A video of an allowed host. Nothing is asked of that host before the reader presses the button."""

    url = blocks.URLBlock(label="Adresse de la vidéo")
    title = blocks.CharBlock(label="Titre", max_length=200)

    class Meta:
        icon = "media"
        label = "Vidéo"
        template = "blocks/embed.html"

    def clean(self, value: Any) -> Any:
        """Refuses a host that the town has not allowed (EMBED_HOSTS)."""
        cleaned = super().clean(value)
        host = urlsplit(cleaned["url"]).hostname or ""
        if urlsplit(cleaned["url"]).scheme != "https" or host not in settings.EMBED_HOSTS:
            allowed = ", ".join(settings.EMBED_HOSTS) or "aucun"
            raise blocks.StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        f"Les vidéos de « {host} » ne sont pas admises (sites admis : {allowed}). "
                        "Mettez plutôt un lien dans le texte."
                    )
                }
            )
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Adds `host`, the site the video comes from."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["host"] = urlsplit(value["url"]).hostname
        return context


class BodyBlock(blocks.StreamBlock):
    """The body of every knowledge page."""

    paragraph = blocks.RichTextBlock(
        label="Texte", icon="pilcrow", features=TEXT_FEATURES, template="blocks/paragraph.html"
    )
    image = ImageBlock()
    table = CaptionedTableBlock()
    callout = CalloutBlock()
    document = DocumentVersionBlock()
    files = FileListBlock()
    steps = StepsBlock()
    faq = FaqBlock()
    embed = EmbedBlock()

    class Meta:
        required = False

    @cached_property
    def document_blocks(self) -> frozenset[str]:
        """Names of the blocks that name document versions."""
        return frozenset({"document", "files"})
