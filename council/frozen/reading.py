"""The page of a convened item, as its members read it: what was frozen, whatever its draft and its files have become."""

from dataclasses import replace
from typing import Any

from council.agenda.enums import SittingState
from council.agenda.models import AgendaItemPage, SittingPage, stage_of
from council.frozen import queries
from council.frozen.models import FrozenPaper
from kb.documents.presentation import version_row
from kb.pages.presentation import Content, reads_copy


@reads_copy("agendaitempage")
def item(page: AgendaItemPage, content: Content) -> Content:
    """Title, text and annexes from the frozen rows."""
    found = queries.of_item(page)
    if found is None:
        return content
    return replace(
        content,
        title=found.title,
        summary=str(found.item.content["summary"]),
        body=found.body,
        frozen=True,
        attachments=tuple(_attachment(row) for row in found.annexes),
    )


@reads_copy("sittingpage")
def sitting(page: SittingPage, content: Content) -> Content:
    """A convened sitting is announced: its page is read and no longer written."""
    return replace(content, frozen=stage_of(page) != SittingState.PREPARATION)


def _attachment(row: FrozenPaper) -> dict[str, Any]:
    assert row.version is not None
    note = str(row.content["note"])
    if row.change and row.replaces_id:
        note = f"{queries.said_of(row.change)} : {row.change.reason}"
    return version_row(row.version, title=str(row.content["title"]), note=note)
