"""Where « Accueil » leads a person: the town's page, unless a floor above gives him a home of his own."""

from collections.abc import Callable

from kb.permissions import Viewer

TOWN = "/"
Finder = Callable[[Viewer], str]
_finders: list[Finder] = []


def gives_homes(finder: Finder) -> Finder:
    """Registers `finder(viewer)`: the address of the person's own home, or "". It is asked at every screen: keep it cheap."""
    _finders.append(finder)
    return finder


def home_of(viewer: Viewer) -> str:
    """The address, from the root of the site."""
    return next((address for finder in _finders if (address := finder(viewer))), TOWN)
