"""The people of the demo town, all invented."""

import secrets
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kb.people.groups import COMMUNICATION, DIRECTION, ELUS, EXECUTIVE, SECRETARIAT
from kb.people.models import User

DOMAIN = "valmorin-sur-drise.example"
MAJORITY, OPPOSITION, ALONE = "Valmorin ensemble", "Valmorin autrement", "sans groupe"
FINANCE, WORKS, SCHOOL = "Commission finances", "Commission travaux", "Commission école"


@dataclass(frozen=True)
class Person:
    """Somebody of the town hall: the key by which the demo's pages name him, and his account."""

    key: str
    first_name: str
    last_name: str
    office: str
    groups: tuple[str, ...] = ()
    arrived: int = 400  # days before the loading
    left: int | None = None  # the same, once the account is closed
    has_email: bool = True

    @property
    def email(self) -> str | None:
        """An address that cannot exist."""
        return f"{self.key}@{DOMAIN}" if self.has_email else None


ADMINISTRATOR = Person("gilles", "Gilles", "Ferrand", "Administrateur de la base")

AGENTS = (
    Person("claire", "Claire", "Valette", "Secrétaire générale", (DIRECTION, SECRETARIAT)),
    Person("patrick", "Patrick", "Brun", "Responsable des services techniques", ("Services techniques", "Projets")),
    Person("julien", "Julien", "Arnal", "Agent des services techniques", ("Services techniques",)),
    Person("sandrine", "Sandrine", "Coste", "Responsable des finances", ("Finances",)),
    Person("yann", "Yann", "Le Goff", "Instructeur urbanisme", ("Projets",)),
    Person("ines", "Inès", "Moulin", "Chargée de communication", (COMMUNICATION,)),
    Person("laure", "Laure", "Pascalis", "Accueil et état civil", ("Accueil et état civil",)),
    Person("emilie", "Émilie", "Jourdan", "Coordinatrice école et enfance", ("École et enfance",), arrived=190),
    Person("martine", "Martine", "Rey", "Régisseuse de la cantine", ("École et enfance", "Finances"), left=150),
)  # fmt: skip


def _elu(key: str, first: str, last: str, side: str, office: str, *groups: str, email: bool = True) -> Person:
    title = office if (side == MAJORITY and "adjoint" in office.lower()) or office == "Maire" else f"{office}, {side}"
    return Person(key, first, last, title, (ELUS, *groups), has_email=email)


ELECTED = (
    _elu("helene", "Hélène", "Marchetti", MAJORITY, "Maire", EXECUTIVE, FINANCE),
    _elu("bernard", "Bernard", "Aubanel", MAJORITY, "1er adjoint, finances", EXECUTIVE, FINANCE),
    _elu("sylvie", "Sylvie", "Roussillon", MAJORITY, "2e adjointe, école et bâtiments", EXECUTIVE, SCHOOL, WORKS),
    _elu("didier", "Didier", "Fauresse", MAJORITY, "3e adjoint, travaux et urbanisme", EXECUTIVE, WORKS),
    _elu("nadia", "Nadia", "Benkacem", MAJORITY, "4e adjointe, enfance et solidarité", EXECUTIVE, SCHOOL),
    _elu("jean-luc", "Jean-Luc", "Peyrard", MAJORITY, "5e adjoint, voirie et forêt", EXECUTIVE, WORKS),
    _elu("catherine", "Catherine", "Delmas", MAJORITY, "Conseillère municipale", FINANCE),
    _elu("olivier", "Olivier", "Tessonnier", MAJORITY, "Conseiller municipal", WORKS),
    _elu("marie-paule", "Marie-Paule", "Giraud", MAJORITY, "Conseillère municipale", SCHOOL),
    _elu("karim", "Karim", "Saïdi", MAJORITY, "Conseiller municipal", FINANCE),
    _elu("anne-sophie", "Anne-Sophie", "Vernet", MAJORITY, "Conseillère municipale", WORKS),
    _elu("gerard", "Gérard", "Lantelme", MAJORITY, "Conseiller municipal", email=False),
    _elu("lucie", "Lucie", "Charbonnel", MAJORITY, "Conseillère municipale", SCHOOL),
    _elu("philippe", "Philippe", "Morand", MAJORITY, "Conseiller municipal"),
    _elu("michel", "Michel", "Bressac", OPPOSITION, "Conseiller municipal", FINANCE),
    _elu("francoise", "Françoise", "Oddon", OPPOSITION, "Conseillère municipale", SCHOOL),
    _elu("thierry", "Thierry", "Combe", OPPOSITION, "Conseiller municipal", WORKS),
    _elu("elodie", "Élodie", "Gauthier", OPPOSITION, "Conseillère municipale"),
    _elu("robert", "Robert", "Sauzet", ALONE, "Conseiller municipal"),
)  # fmt: skip

EVERYBODY = (ADMINISTRATOR, *AGENTS, *ELECTED)

# Words of the country, for passwords that a demonstrator can type.
_WORDS = (
    "tilleul", "cigale", "meule", "passerelle", "glycine", "osier", "fontaine", "verger", "clocher", "sapin",
    "sentier", "grange", "noyer", "brouillard", "cerise", "torrent", "prairie", "lavoir", "colline", "hirondelle",
    "chataigne", "genet", "ardoise", "loutre", "rocher", "framboise", "sureau", "muret", "ruche", "peuplier",
)  # fmt: skip


def drawn_password(person: Person) -> str:
    """Three words and four digits, « genet-lavoir-ruche-4821 », that the password rules accept for this person."""
    account = User(
        username=f"{person.first_name}.{person.last_name}",
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
    )
    while True:
        password = f"{'-'.join(secrets.choice(_WORDS) for _ in range(3))}-{secrets.randbelow(9000) + 1000}"
        with suppress(ValidationError):  # too like a name: « moulin » for Inès Moulin
            validate_password(password, account)
            return password
