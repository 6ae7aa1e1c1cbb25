"""Walking through the raw value of a StreamField: one place knows its shape."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.images.blocks import ImageChooserBlock

from kb.pages.blocks import DocumentVersionBlock

Raw = Any  # what StreamField stores: lists, dicts, strings, numbers


class Visitor(Protocol):
    """What is done with each part; each method returns the new raw value."""

    def rich_text(self, html: str, features: Sequence[str]) -> str:
        """A rich text in Wagtail's database form, and the features that its block allows."""
        ...

    def document(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The fields of a DocumentVersionBlock."""
        ...

    def image(self, pk: int) -> int:
        """The id of an image."""
        ...


def walk(block: blocks.Block, raw: Raw, visitor: Visitor) -> Raw:
    """`raw` as the visitor wants it; blocks of unknown types are kept as they are."""
    if raw is None:
        return None
    if isinstance(block, blocks.StreamBlock):
        return [
            {**child, "value": walk(block.child_blocks[child["type"]], child["value"], visitor)}
            if child["type"] in block.child_blocks
            else child
            for child in raw
        ]
    if isinstance(block, blocks.ListBlock):
        return [{**item, "value": walk(block.child_block, item["value"], visitor)} for item in raw]
    if isinstance(block, blocks.StructBlock):
        fields = {
            name: walk(block.child_blocks[name], value, visitor) if name in block.child_blocks else value
            for name, value in raw.items()
        }
        return visitor.document(fields) if isinstance(block, DocumentVersionBlock) else fields
    if isinstance(block, blocks.RichTextBlock):
        return visitor.rich_text(raw, block.features)
    if isinstance(block, ImageChooserBlock):
        return visitor.image(raw)
    return raw


def walked(body: StreamValue, visitor: Visitor) -> StreamValue:
    """The body as the visitor leaves it."""
    raw = walk(body.stream_block, body.get_prep_value(), visitor)
    return StreamValue(body.stream_block, raw, is_lazy=True)


def texts(block: blocks.Block, raw: Raw) -> Iterator[str]:
    """Every rich text below `raw`, in order."""
    found: list[str] = []

    class Collect:
        def rich_text(self, html: str, features: Sequence[str]) -> str:
            found.append(html)
            return html

        def document(self, raw: dict[str, Any]) -> dict[str, Any]:
            return raw

        def image(self, pk: int) -> int:
            return pk

    walk(block, raw, Collect())
    yield from found
