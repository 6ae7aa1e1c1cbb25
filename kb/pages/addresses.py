"""Finding a page as a person writes it in a shell: Wagtail's url_path, the browser's address, or the id."""

from typing import Any
from urllib.parse import urlsplit

from wagtail.models import Page

from kb.pages import tree as trees


class NoSuchPage(Exception):
    """No page answers; the message is a French sentence."""


def page_at(written: str) -> Page:
    """The page that `written` names: `12`, `/accueil/projets/`, `/projets/`, `/p/12/`, or a whole address."""
    text = urlsplit(written).path if "://" in written else written.strip()
    parts = [part for part in text.split("/") if part]
    if len(parts) == 1 and parts[0].isdecimal():
        found = _there().filter(pk=int(parts[0])).first()
    elif len(parts) == 2 and parts[0] == "p" and parts[1].isdecimal():
        found = _there().filter(pk=int(parts[1])).first()
    else:
        found = _by_address("/".join(parts))
    if found is None:
        raise NoSuchPage(
            f"Aucune page à « {written} ». Donnez son adresse dans le navigateur, son chemin ou son numéro."
        )
    return found


def _there() -> Any:
    """The pages that are not in the trash."""
    return Page.objects.filter(depth__gt=1, trashed=None)


def _by_address(path: str) -> Page | None:
    slashed = f"/{path}/" if path else "/"
    exact = _there().filter(url_path=slashed).first()
    if exact:
        return exact
    node = trees.current().at(f"{path}/" if path else "")
    return Page.objects.filter(pk=node.id).first() if node else None
