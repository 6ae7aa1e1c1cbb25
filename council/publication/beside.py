"""What a PDF says beside its pages: a version masked by hand is rid of it, and what is left is read before it is public."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from council.agenda.operations import Refused

# Title and author, scripts, joined files, an application's own copy of the page, small pictures of it.
OF_THE_FILE = (Name.Metadata, Name.OpenAction, Name.AA, Name.AF, Name.PieceInfo, Name.Names, Name.Collection)
OF_A_PAGE = (Name.Metadata, Name.AA, Name.AF, Name.PieceInfo, Name.Thumb)
FILES = frozenset({Name.FileAttachment, Name.RichMedia, Name.Movie, Name.Sound, Name.Screen})


def stripped(data: bytes) -> bytes:
    """The same pages alone: no title, no joined file, and none of the states that the file went through. Raises Refused."""
    with _opened(data) as found:
        _take_off(found.Root, OF_THE_FILE)
        if Name.Info in found.trailer:
            del found.trailer[Name.Info]
        for page in found.pages:
            _take_off(page.obj, OF_A_PAGE)
            if Name.Annots in page.obj:
                page.obj.Annots = Array([one for one in page.obj.Annots if one.get(Name.Subtype) not in FILES])
        out = io.BytesIO()
        # Written anew: what nothing names any more is gone. No stream is unpacked, however large it would be.
        found.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
        return out.getvalue()


def _take_off(of: Any, names: tuple[Name, ...]) -> None:
    for name in names:
        if name in of:
            del of[name]


def said(data: bytes) -> str:
    """All the words that are not drawn: of pictures, of notes, of forms, of bookmarks, of layers. Raises Refused."""
    with _opened(data) as found:
        return "\n\n".join(words for one in found.objects for words in _strings(one))


def _strings(one: Any) -> Iterator[str]:
    """Of an object, not of those that it names: each is in the file's own list."""
    if isinstance(one, String):
        yield str(one)
    elif isinstance(one, Dictionary | pikepdf.Stream):
        of = one.stream_dict if isinstance(one, pikepdf.Stream) else one
        for _name, value in of.items():
            if not _is_apart(value):
                yield from _strings(value)
    elif isinstance(one, Array):
        for value in one:
            if not _is_apart(value):
                yield from _strings(value)


def _is_apart(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


def _opened(data: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(data))
    except (pikepdf.PdfError, pikepdf.PasswordError):
        raise Refused(
            "Ce PDF ne s’ouvre pas : enregistrez-le de nouveau, sans mot de passe, puis déposez-le."
        ) from None
