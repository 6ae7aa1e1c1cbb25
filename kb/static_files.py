"""Style sheets and scripts: their addresses, which carry a hash, kept once they are known."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptAddresses(CompressedManifestStaticFilesStorage):
    """WhiteNoise's. An editor of the admin asks for seventy addresses; the manifest is read once, when a process starts."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.url = cache(super().url)
