"""Finding a page as a person writes it in a shell: Wagtail's url_path, the browser's address, or the id."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from wagtail.models import Page

from kb.pages import tree as trees

_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:))(?::\d+)?")  # no slug has a dot or a colon
_NUMBERED = re.compile(r"(?:(?:p/|admin/pages/)?(\d+)|admin/pages/(\d+)/.+)", re.ASCII)


class NoSuchPage(Exception):
    """No page answers; the message is a French sentence."""


def page_at(written: str) -> Page:
    """The page that `written` names: `12`, `/accueil/projets/`, `/projets/`, `/p/12/`, `/admin/pages/12/edit/`, or a whole
    address, with its host or not."""
    path = _path_of(written)
    found = None
    if path is not None:
        number = _NUMBERED.fullmatch(path)
        found = _there().filter(pk=int(number[1] or number[2])).first() if number else _by_address(path)
    if found is None:
        raise NoSuchPage(
            f"Aucune page à « {written} ». Donnez son adresse dans le navigateur, son chemin ou son numéro."
        )
    return found


def _path_of(written: str) -> str | None:
    """`projets/toiture`, of an address; None where nothing is written. An empty word, an unset variable, is no home page."""
    text = written.strip()
    try:
        path = urlsplit(text).path if "://" in text else re.split(r"[?#]", text)[0]
    except ValueError:  # a host in brackets that is none
        return None
    parts = [part for part in unquote(path).split("/") if part]
    if parts and "://" not in text and not text.startswith("/") and _HOST.fullmatch(parts[0]):
        del parts[0]
    return "/".join(parts) if text else None


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
