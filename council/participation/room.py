"""Who is in the room, who speaks for whom, and who counts for a ballot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from council.participation.reading import Refused


@dataclass(frozen=True)
class Member:
    """A member in office."""

    id: str
    name: str
    born: date | None = None
    group: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """« Ne prend pas part » : its ground decides whether the member is still counted in office."""

    ground: str
    left_room: bool = False


PERSONAL, REPRESENTATIVE = "personal", "representative"
GROUNDS = {PERSONAL: "L2131-11", REPRESENTATIVE: "L1111-6"}


@dataclass(frozen=True)
class Attendance:
    """Who counts for one ballot. `represented` is giver → holder, for the pouvoirs that vote."""

    in_office: int
    members_counted: int
    in_room: tuple[str, ...]
    taking_part: tuple[str, ...]
    represented: Mapping[str, str]
    quorum: int

    @property
    def quorum_met(self) -> bool:
        """Pouvoirs do not make a quorum (L2121-17)."""
        return len(self.taking_part) >= self.quorum

    @property
    def voters(self) -> tuple[str, ...]:
        """Whose votes are counted: those who take part, then those whom they represent."""
        return (*self.taking_part, *self.represented)


@dataclass
class Room:
    """The members in office and where they are."""

    members: dict[str, Member] = field(default_factory=dict)
    in_office: int = 0
    maire: str | None = None
    second: bool = False
    share: Fraction | None = Fraction(1, 2)  # the quorum is more than it; 0: none is asked; None: not known
    present: list[str] = field(default_factory=list)
    been_in: set[str] = field(default_factory=set)
    pouvoirs: dict[str, str] = field(default_factory=dict)
    withdrawals: dict[str, dict[str, Withdrawal]] = field(default_factory=dict)

    def member(self, one: object) -> Member:
        """The member of that id. Raises Refused for anybody else."""
        if not isinstance(one, str) or one not in self.members:
            raise Refused(f"« {one} » n’est pas un membre en exercice : vérifiez l’id, ou ajoutez-le à l’ouverture.")
        return self.members[one]

    def name(self, one: str) -> str:
        """As the register writes it."""
        return self.members[one].name if one in self.members else one

    # Comings and goings.

    def enter(self, one: str, *, again: bool = False) -> None:
        """Somebody comes in; `again` when he is said to return."""
        name = self.member(one).name
        if one in self.present:
            raise Refused(f"{name} est déjà dans la salle : notez d’abord son départ.")
        if again and one not in self.been_in:
            raise Refused(f"{name} n’était pas encore venu : notez une arrivée (« arrive »).")
        self.present.append(one)
        self.been_in.add(one)

    def leave(self, one: str) -> None:
        """Somebody goes out."""
        name = self.member(one).name
        if one not in self.present:
            raise Refused(f"{name} n’est pas dans la salle : notez d’abord son arrivée.")
        self.present.remove(one)

    # Pouvoirs (L2121-20).

    def give(self, giver: str, holder: str) -> None:
        """A written pouvoir: one per holder, whoever is in the room; it votes only while the giver is out."""
        from_name, to_name = self.member(giver).name, self.member(holder).name
        if giver == holder:
            raise Refused(f"{from_name} ne peut pas se donner pouvoir : nommez un autre membre.")
        if giver in self.pouvoirs:
            raise Refused(
                f"{from_name} a déjà donné pouvoir à {self.name(self.pouvoirs[giver])} : révoquez-le d’abord "
                "(« proxy_revoked »)."
            )
        other = next((one for one, to in self.pouvoirs.items() if to == holder), None)
        if other:
            raise Refused(
                f"{to_name} a déjà le pouvoir de {self.name(other)}, et on n’en porte qu’un (art. L2121-20) : choisissez "
                "un autre porteur, ou révoquez le premier."
            )
        self.pouvoirs[giver] = holder

    def revoke(self, giver: str) -> None:
        """A pouvoir is revocable at any time."""
        name = self.member(giver).name
        if giver not in self.pouvoirs:
            raise Refused(f"{name} n’a pas donné de pouvoir : il n’y a rien à révoquer.")
        del self.pouvoirs[giver]

    # Who counts.

    def attendance(self, item: str | None, *, accounts: bool = False) -> Attendance:
        """For a ballot on that item. For the accounts the maire is out: he neither votes, gives nor uses a pouvoir."""
        apart = self.withdrawals.get(item or "", {})
        out = set(apart) | ({self.maire} if accounts and self.maire else set())
        in_room = tuple(one for one in self.present if not (one in apart and apart[one].left_room))
        taking_part = tuple(one for one in in_room if one not in out)
        represented = {
            giver: holder
            for giver, holder in self.pouvoirs.items()
            if giver not in self.present and giver not in out and holder in taking_part
        }
        counted = self.in_office - sum(one.ground == REPRESENTATIVE for one in apart.values())
        quorum = int(counted * self.share) + 1 if self.share and not self.second else 0
        return Attendance(self.in_office, counted, in_room, taking_part, represented, quorum)
