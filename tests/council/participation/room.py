"""Builds sittings for tests: `sitting(15, 9)` is a council of 15 with m1 to m9 in the room, m1 presiding."""

from typing import Any

from council.participation import replay


class Told:
    """The events of a sitting, told one after the other; each has an id and a minute of its own."""

    def __init__(self, in_office: int, present: int, **opening: Any) -> None:
        self.events: list[dict[str, Any]] = []
        members = [f"m{number}" for number in range(1, in_office + 1)]
        opening = {"members": members, "present": members[:present], "president": "m1", **opening}
        self.tell("open", **opening)

    def tell(self, type: str, **data: Any) -> "Told":
        """One more event."""
        minute = len(self.events)
        data = {"from" if name == "giver" else name: value for name, value in data.items()}
        at = f"2026-10-13T{18 + minute // 60}:{minute % 60:02d}"
        self.events.append({"id": f"e{minute + 1}", "at": at, "type": type, **data})
        return self

    def pouvoir(self, giver: str, holder: str, **more: Any) -> "Told":
        """A pouvoir."""
        return self.tell("proxy_given", giver=giver, to=holder, **more)

    def vote(self, **data: Any) -> dict[str, Any]:
        """One ballot on the item under discussion: its row."""
        return self.tell("ballot", **data).rows()[-1]

    def rows(self) -> list[dict[str, Any]]:
        """All rows."""
        return replay(self.events).rows


def sitting(in_office: int = 15, present: int = 9, *, item: str | None = "1", **opening: Any) -> Told:
    """An open sitting, at its first item unless said."""
    told = Told(in_office, present, **{name: value for name, value in opening.items() if name != "details"})
    return told.tell("item", item=item, **opening.get("details", {})) if item else told
