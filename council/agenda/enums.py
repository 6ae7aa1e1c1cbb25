"""States and kinds of sittings and of their items, named once."""

from django.db.models import TextChoices

from council.clock import Kind
from council.participation.kinds import WITHOUT_VOTE
from council.participation.kinds import ItemKind as VotedKind


class SittingKind(TextChoices):
    """How a sitting is convened: the clock's kinds, in French."""

    ORDINARY = Kind.ORDINARY.value, "Séance ordinaire"
    URGENT = Kind.URGENT.value, "Séance en urgence"
    SECOND = Kind.SECOND.value, "Seconde convocation"
    INSTALLATION = Kind.INSTALLATION.value, "Séance d’installation"


class ItemKind(TextChoices):
    """What an item is: the participation engine's kinds, in French."""

    DELIBERATION = VotedKind.DELIBERATION.value, "Délibération"
    ACCOUNTS = VotedKind.ACCOUNTS.value, "Comptes"
    APPOINTMENT = VotedKind.APPOINTMENT.value, "Nomination"
    INFORMATION = VotedKind.INFORMATION.value, "Information"
    ORAL_QUESTION = VotedKind.ORAL_QUESTION.value, "Question orale"
    OTHER_BUSINESS = VotedKind.OTHER_BUSINESS.value, "Question diverse"


# What the council decides about: from 3,500 inhabitants each has its note.
DECIDED = frozenset(kind.value for kind in VotedKind if kind not in WITHOUT_VOTE)


class SittingState(TextChoices):
    """Where a sitting stands."""

    PREPARATION = "preparation", "En préparation"  # seen by who prepares it
    CONVENED = "convened", "Convoquée"  # the convocation left, the agenda no longer moves
    CANCELLED = "cancelled", "Annulée"  # convened, then called off with a reason: see council.convening.cancelling
    HELD = "held", "Tenue"  # it took place, on paper
    OPEN = "open", "Ouverte"  # its events are being noted
    CLOSED = "closed", "Levée"  # its events are corrected by dated acts alone


# From the convocation on: the agenda no longer moves.
CONVENED_STATES = frozenset(SittingState) - {SittingState.PREPARATION}
# Its agenda is still the secretariat's.
BEFORE_STATES = frozenset({SittingState.PREPARATION, SittingState.CONVENED})


class PlaceState(TextChoices):
    """What became of an item of an agenda."""

    ON = "on", "À l’ordre du jour"
    WITHDRAWN = "withdrawn", "Retiré de l’ordre du jour"  # keeps its number and its reason
    POSTPONED = "postponed", "Renvoyé à une autre séance"


class ProposalState(TextChoices):
    """What the secretariat made of a proposal."""

    WAITING = "waiting", "En attente"
    ACCEPTED = "accepted", "Inscrite"
    REFUSED = "refused", "Écartée"


class Channel(TextChoices):
    """How a convocation left."""

    MAIL = "mail", "Courriel"
    PLATFORM = "platform", "Plateforme de l’intercommunalité ou du centre de gestion"
    PAPER = "paper", "Papier, déposé ou posté"
