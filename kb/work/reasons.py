"""Why something failed, in words that the person who reads the row can act upon."""

import errno
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import OperationalError

from kb.documents.extraction.sandbox import SandboxError

LONGEST = 1000
OF_THE_DISK = {
    errno.ENOSPC: "Le disque est plein. Libérez de la place, puis réessayez.",
    errno.EDQUOT: "La place accordée sur le disque est épuisée. Libérez-en, puis réessayez.",
    errno.EROFS: "Le disque est en lecture seule.",
    errno.EIO: "Le disque répond mal : il est peut-être abîmé.",
    errno.EACCES: "Le droit d’écrire ou de lire un fichier manque.",
    errno.EPERM: "Le droit d’écrire ou de lire un fichier manque.",
    errno.ENOENT: "Un fichier attendu n’est pas là.",
}


def in_french(error: BaseException) -> str:
    """A French sentence of at most 1,000 characters. The rooms' own exceptions already carry one.

    What no sentence foresees keeps its technical name, for the person who maintains the site.
    """
    return _sentence(error)[:LONGEST]


def _sentence(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ObjectDoesNotExist):  # a model's own, in English
        return "Ce qu’il fallait traiter n’existe plus."
    if isinstance(error, SandboxError):  # its words are for the log
        return "Le fichier est abîmé, ou il demande trop de temps ou de mémoire."
    if _is_ours(error) and str(error):
        return str(error)
    if isinstance(error, OSError) and error.errno in OF_THE_DISK:
        return OF_THE_DISK[error.errno]
    if isinstance(error, TimeoutError):
        return "Personne n’a répondu à temps."
    if isinstance(error, ConnectionError):
        return "La connexion a été refusée ou coupée."
    if isinstance(error, MemoryError):
        return "La mémoire de la machine n’a pas suffi."
    if isinstance(error, OperationalError):
        return f"La base de données n’a pas pu répondre ({error})."
    return f"Erreur imprévue, à signaler : {type(error).__name__} ({error})."


def _is_ours(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] in _our_packages()


@cache
def _our_packages() -> frozenset[str]:
    root = Path(settings.ROOT)
    return frozenset(app.name for app in apps.get_app_configs() if Path(app.path).parent == root)
