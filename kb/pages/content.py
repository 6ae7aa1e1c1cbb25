"""Walking through the raw value of a StreamField: one place knows its shape."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.images.blocks import ImageChooserBlock

from kb.pages.blocks import DocumentVersionBlock

Raw = Any  # what StreamField stores: lists, dicts, strings, numbers


class Unwanted(Exception):
    """The nearest block of a list is left out."""


class Visitor(Protocol):
    """What is done with each part; each method returns the new raw value, or raises Unwanted."""

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
        return list(_kept(((block.child_blocks.get(child["type"]), child) for child in raw), visitor))
    if isinstance(block, blocks.ListBlock):
        return list(_kept(((block.child_block, _item(item)) for item in raw), visitor))
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


def _item(raw: Raw) -> dict[str, Any]:
    """An item of a list; those written by hand, as in the town's first models, are bare values."""
    return raw if isinstance(raw, dict) and raw.get("type") == "item" else {"type": "item", "value": raw}


def _kept(items: Iterable[tuple[blocks.Block | None, dict[str, Any]]], visitor: Visitor) -> Iterator[Raw]:
    for block, item in items:
        try:
            yield item if block is None else {**item, "value": walk(block, item["value"], visitor)}
        except Unwanted:
            continue


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
