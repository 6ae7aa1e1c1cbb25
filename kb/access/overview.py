"""« Qui voit quoi et pourquoi »: one person's role on each branch, and the right that makes it."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from kb import typography
from kb.access.models import Grant, Role
from kb.links.wiki import key_of
from kb.pages.tree import Node, Tree, known_title
from kb.permissions import NOBODY, Standing, Viewer

MOST_FOUND = 20  # pages offered for one word


@dataclass(frozen=True)
class Branch:
    """A page where what the person may do is not what he may do above, and all below it like it."""

    node: Node
    depth: int  # among the branches shown, from 0
    role: str
    why: str
    reserved: bool


@dataclass(frozen=True)
class _State:
    """What counts on a page, while going down the tree."""

    standing: Standing
    grants: tuple[Grant, ...]  # the person's, that count here


_NOTHING = _State(NOBODY, ())


def branches_of(person: Any, asker: Viewer) -> list[Branch]:
    """The branches of what `asker` manages, in the tree's order, as they are for `person` (None: the public).

    Two queries, whatever the tree: the person's rights, and what the tree in memory asks.
    """
    tree = asker.tree
    held = _held_by(person)
    states: dict[str, _State] = {}
    above_shown: list[str] = []  # paths of the branches shown above this one
    found: list[Branch] = []
    for node in sorted(tree.nodes.values(), key=lambda node: node.path):
        parent = node.path[: -Page.steplen]
        state = states[node.path] = _state(node, states.get(parent, _NOTHING), tree, held)
        if not asker.can_manage(node):
            continue
        reserved = node.id in tree.reserved
        first = parent not in tree.by_path or not asker.can_manage(tree.by_path[parent])
        if not (first or reserved or node.id in held):
            continue
        while above_shown and not node.path.startswith(above_shown[-1]):
            above_shown.pop()
        why = _why(person, state, node, reserved, asker)
        found.append(Branch(node, len(above_shown), _role(person, state), why, reserved))
        above_shown.append(node.path)
    return found


def _held_by(person: Any) -> dict[int, list[Grant]]:
    grants = (
        Grant.objects.in_force().of(person).select_related("page", "group", "person", "team__trashed").order_by("-role")
    )
    held: dict[int, list[Grant]] = {}
    for grant in grants:
        held.setdefault(grant.page_id, []).append(grant)
    return held


def _state(node: Node, above: _State, tree: Tree, held: dict[int, list[Grant]]) -> _State:
    start = _NOTHING if node.id in tree.reserved else above
    standing = start.standing
    here = held.get(node.id, ())
    for grant in here:
        standing = standing.with_role(grant.role)
    return _State(standing, (*here, *start.grants))


def _role(person: Any, state: _State) -> str:
    if person is not None and person.is_superuser and not state.standing.reads:
        return "aucun, mais administrateur"
    return state.standing.words


def _why(person: Any, state: _State, node: Node, reserved: bool, asker: Viewer) -> str:
    decisive = max(state.grants, key=lambda grant: (grant.role != Role.MODERATOR, grant.role), default=None)
    if decisive is None:
        if person is not None and person.is_superuser:
            return "Rien ne lui est donné ici. Administrateur, il passe, et son passage est noté."
        return (
            "Accès réservé, et rien ne lui est donné à partir d’ici." if reserved else "Aucun droit ne lui est donné."
        )
    who = decisive.grantee_label
    until = f", jusqu’au {typography.day(decisive.until)}" if decisive.until else ""
    where = "donné ici" if decisive.page_id == node.id else _from(decisive, asker)
    why = f" {decisive.why}" if decisive.why else ""
    return f"{who[0].upper()}{who[1:]} : {decisive.get_role_display()}, {where}{until}.{why}"


def _from(grant: Grant, asker: Viewer) -> str:
    known = asker.can_view(grant.page)
    return (
        f"hérité de «{typography.NBSP}{grant.page.title}{typography.NBSP}»" if known else "hérité d’une page au-dessus"
    )


def managed_pages(asker: Viewer, words: str) -> list[Node]:
    """The pages that `asker` manages whose title holds each of the words, in the tree's order; at most MOST_FOUND."""
    wanted = key_of(words).split()
    if not wanted:
        return []
    found = []
    for node in sorted(asker.tree.nodes.values(), key=lambda node: node.path):
        title = key_of(known_title(node))
        if all(word in title for word in wanted) and asker.can_manage(node):
            found.append(node)
            if len(found) == MOST_FOUND:
                break
    return found
