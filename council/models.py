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
from council.convening.models import Convocation as Convocation
from council.convening.models import SentPaper as SentPaper
from council.convening.models import Signature as Signature
from council.floor.models import SittingEvent as SittingEvent
from council.members.models import Instance as Instance
from council.members.models import Mandate as Mandate
from council.members.models import Population as Population
from council.papers.models import BoundDossier as BoundDossier
