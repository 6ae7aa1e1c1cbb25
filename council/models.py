"""The models of all rooms of the council."""

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
from council.questions.models import Question as Question
from council.withdrawals.models import Withdrawal as Withdrawal
