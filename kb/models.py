"""The models of all rooms, gathered for Django: one application, one migration history."""

from kb.access.models import *  # noqa: F403
from kb.backup.models import *  # noqa: F403
from kb.buttons.models import *  # noqa: F403
from kb.comments.models import *  # noqa: F403
from kb.documents.extraction.models import *  # noqa: F403
from kb.documents.models import *  # noqa: F403
from kb.exchange.models import *  # noqa: F403
from kb.life.models import *  # noqa: F403
from kb.links.models import *  # noqa: F403
from kb.moderation.models import *  # noqa: F403
from kb.notices.models import *  # noqa: F403
from kb.pages.models import *  # noqa: F403
from kb.people.models import *  # noqa: F403
from kb.sharing.models import *  # noqa: F403
from kb.trash.models import *  # noqa: F403
from kb.work.models import *  # noqa: F403
