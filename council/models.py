"""The models of all rooms of the council."""

from council.acts.models import Correction as Correction
from council.acts.models import Deliberation as Deliberation
from council.acts.models import Discussion as Discussion
from council.acts.models import NumberScheme as NumberScheme
from council.acts.models import ProcesVerbal as ProcesVerbal
from council.acts.models import SignedCopy as SignedCopy
from council.agenda.models import AgendaItemPage as AgendaItemPage
from council.agenda.models import AgendaPlace as AgendaPlace
from council.agenda.models import DoneStep as DoneStep
from council.agenda.models import Proposal as Proposal
from council.agenda.models import SittingPage as SittingPage
from council.agenda.models import SittingRecord as SittingRecord
from council.calendars.models import CalendarAddress as CalendarAddress
from council.calendars.models import OutsideMeetingPage as OutsideMeetingPage
from council.convening.models import Cancellation as Cancellation
from council.convening.models import Convocation as Convocation
from council.convening.models import KeptPaper as KeptPaper
from council.convening.models import SendingChoice as SendingChoice
from council.convening.models import SentPaper as SentPaper
from council.convening.models import Signature as Signature
from council.decisions.models import Decision as Decision
from council.decisions.models import DelegatedPower as DelegatedPower
from council.floor.models import SittingEvent as SittingEvent
from council.follow_up.models import FollowUp as FollowUp
from council.follow_up.models import Task as Task
from council.frozen.models import Dispatch as Dispatch
from council.frozen.models import FrozenPaper as FrozenPaper
from council.frozen.models import PaperChange as PaperChange
from council.items.models import (
    AnnexToRenew as AnnexToRenew,
)
from council.items.models import (
    ItemAdvice as ItemAdvice,
)
from council.items.models import (
    ItemSubject as ItemSubject,
)
from council.items.models import (
    Resumption as Resumption,
)
from council.items.models import (
    YearlyItem as YearlyItem,
)
from council.items.models import (
    YearlyUse as YearlyUse,
)
from council.members.models import Delegation as Delegation
from council.members.models import Instance as Instance
from council.members.models import Mandate as Mandate
from council.members.models import Population as Population
from council.offline.models import PrivateNote as PrivateNote
from council.papers.models import BoundDossier as BoundDossier
from council.pouvoirs.models import Pouvoir as Pouvoir
from council.pouvoirs.models import PouvoirCode as PouvoirCode
from council.pouvoirs.models import ServedSitting as ServedSitting
from council.publication.models import (
    Act as Act,
)
from council.publication.models import (
    ActFile as ActFile,
)
from council.publication.models import (
    FileText as FileText,
)
from council.publication.models import (
    Flag as Flag,
)
from council.publication.models import (
    Identity as Identity,
)
from council.publication.models import (
    Publication as Publication,
)
from council.publication.models import (
    PublicationMode as PublicationMode,
)
from council.publication.models import (
    PublicPaper as PublicPaper,
)
from council.publication.models import (
    Resending as Resending,
)
from council.publication.models import (
    Transmission as Transmission,
)
from council.questions.models import Question as Question
from council.withdrawals.models import Withdrawal as Withdrawal
