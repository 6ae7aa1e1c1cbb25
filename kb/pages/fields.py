"""BodyField: a StreamField whose blocks stay out of migrations."""

from typing import Any

from wagtail.blocks.base import BlockWidget
from wagtail.fields import StreamField


class KeptBlockWidget(BlockWidget):
    """Wagtail's, but what the editor's script is told of the blocks is packed once: it is the same for all pages."""

    _js_context: Any
    _block_json: Any

    def _build_block_json(self) -> None:
        kept = self.block_def.__dict__
        if "packed" not in kept:
            super()._build_block_json()
            kept["packed"] = (self._js_context, self._block_json)
        self._js_context, self._block_json = kept["packed"]


class BodyField(StreamField):
    """The body of a page. Adding a kind of block is not a change of the database."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> Any:
        """Field, without its blocks."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Wagtail's, with the kept definitions."""
        return super().formfield(**{"widget": KeptBlockWidget(self.stream_block), **kwargs})
