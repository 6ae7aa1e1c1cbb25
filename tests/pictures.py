"""Pictures made on the spot."""

import io

from PIL import Image


def png(width: int = 400, height: int = 300, colour: str = "#17493b") -> bytes:
    """A plain PNG."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "PNG")
    return data.getvalue()
