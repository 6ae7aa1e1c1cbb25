"""The @CTES classification of acts: natures, headings and matières, the last as dated rows.

A matière that a later nomenclature drops gets its `until`; items that bear it keep its words. `since` None: as far back as
this product looks. The words are those of the nomenclature of 13 November 2017, with the accents that its file leaves out.
"""

import re
from dataclasses import dataclass
from datetime import date

NATURES = {
    "1": ("DE", "Délibérations"),
    "2": ("AR", "Actes réglementaires"),
    "3": ("AI", "Actes individuels"),
    "4": ("CC", "Contrats, conventions et avenants"),
    "5": ("BF", "Documents budgétaires et financiers"),
    "6": ("AU", "Autres"),
}
HEADINGS = {
    "1": "Commande publique",
    "2": "Urbanisme",
    "3": "Domaine et patrimoine",
    "4": "Fonction publique",
    "5": "Institutions et vie politique",
    "6": "Libertés publiques et pouvoirs de police",
    "7": "Finances locales",
    "8": "Domaines de compétences par thèmes",
    "9": "Autres domaines de compétences",
}
FINANCES = "7"
LONGEST_NUMBER = 15
LONGEST_SUBJECT = 500
_NOT_IN_A_NUMBER = re.compile(r"[^A-Z0-9_]")
_NOT_IN_A_NAME = re.compile(r"[,.()]")


@dataclass(frozen=True)
class Matter:
    """What an act is about, by the code that the préfecture reads."""

    code: str
    words: str
    since: date | None = None
    until: date | None = None  # the first day without it

    @property
    def heading(self) -> str:
        """The number of its heading."""
        return self.code.split(".")[0]

    @property
    def label(self) -> str:
        """« 7.5 Subventions »."""
        return f"{self.code} {self.words}"

    def holds(self, on: date) -> bool:
        """Does it exist on that day?"""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


MATTERS = (
    Matter("1.1", "Marchés publics"),
    Matter("1.2", "Délégation de service public"),
    Matter("1.3", "Conventions de mandat"),
    Matter("1.4", "Autres types de contrats"),
    Matter("1.5", "Transactions, protocole d’accord transactionnel"),
    Matter("1.6", "Actes relatifs à la maîtrise d’œuvre"),
    Matter("1.7", "Actes spéciaux et divers"),
    Matter("2.1", "Documents d’urbanisme"),
    Matter("2.2", "Actes relatifs au droit d’occupation ou d’utilisation des sols"),
    Matter("2.3", "Droit de préemption urbain"),
    Matter("3.1", "Acquisitions"),
    Matter("3.2", "Aliénations"),
    Matter("3.3", "Locations"),
    Matter("3.4", "Limites territoriales"),
    Matter("3.5", "Autres actes de gestion du domaine public"),
    Matter("3.6", "Autres actes de gestion du domaine privé"),
    Matter("4.1", "Personnel titulaire et stagiaire de la fonction publique territoriale"),
    Matter("4.2", "Personnel contractuel"),
    Matter("4.3", "Fonction publique hospitalière"),
    Matter("4.4", "Autres catégories de personnels"),
    Matter("4.5", "Régime indemnitaire"),
    Matter("5.1", "Élection de l’exécutif"),
    Matter("5.2", "Fonctionnement des assemblées"),
    Matter("5.3", "Désignation de représentants"),
    Matter("5.4", "Délégation de fonctions"),
    Matter("5.5", "Délégation de signature"),
    Matter("5.6", "Exercice des mandats locaux"),
    Matter("5.7", "Intercommunalité"),
    Matter("5.8", "Décision d’ester en justice"),
    Matter("6.1", "Police municipale"),
    Matter("6.2", "Pouvoir du président du conseil général"),
    Matter("6.3", "Pouvoir du président du conseil régional"),
    Matter("6.4", "Autres actes réglementaires"),
    Matter("6.5", "Actes pris au nom de l’État et soumis au contrôle hiérarchique"),
    Matter("7.1", "Décisions budgétaires"),
    Matter("7.2", "Fiscalité"),
    Matter("7.3", "Emprunts"),
    Matter("7.4", "Interventions économiques"),
    Matter("7.5", "Subventions"),
    Matter("7.6", "Contributions budgétaires"),
    Matter("7.7", "Avances"),
    Matter("7.8", "Fonds de concours"),
    Matter("7.9", "Prise de participation (SEM, etc.)"),
    Matter("7.10", "Divers"),
    Matter("8.1", "Enseignement"),
    Matter("8.2", "Aide sociale"),
    Matter("8.3", "Voirie"),
    Matter("8.4", "Aménagement du territoire"),
    Matter("8.5", "Politique de la ville, habitat, logement"),
    Matter("8.6", "Emploi, formation professionnelle"),
    Matter("8.7", "Transports"),
    Matter("8.8", "Environnement"),
    Matter("8.9", "Culture"),
    Matter("9.1", "Autres domaines de compétences des communes"),
    Matter("9.2", "Autres domaines de compétences des départements"),
    Matter("9.3", "Autres domaines de compétences des régions"),
    Matter("9.4", "Vœux et motions"),
)


BY_CODE = {row.code: row for row in MATTERS}


def label_of(code: str) -> str:
    """« 7.5 Subventions »; empty for no matière."""
    return BY_CODE[code].label if code in BY_CODE else ""


def matter_name(code: str) -> str:
    """« Finances locales/Subventions », as SCDL writes it: no comma, no bracket."""
    row = BY_CODE[code]
    return f"{HEADINGS[row.heading]}/{_NOT_IN_A_NAME.sub('', row.words)}"


def sent_number(number: str) -> str:
    """The number as @CTES takes it: 15 characters of [A-Z0-9_]."""
    return _NOT_IN_A_NUMBER.sub("_", number.upper())[:LONGEST_NUMBER]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All the matières, each under its heading, as a form offers them: what an old item bears keeps its words."""
    return [
        (f"{number} {title}", [(row.code, row.label) for row in MATTERS if row.heading == number])
        for number, title in HEADINGS.items()
    ]
