"""The @CTES classification (classification.xml of 13 November 2017): natures of acts, and matters by their code."""

import re

NATURES = {
    "1": ("DE", "Délibérations"),
    "2": ("AR", "Actes réglementaires"),
    "3": ("AI", "Actes individuels"),
    "4": ("CC", "Contrats, conventions et avenants"),
    "5": ("BF", "Documents budgétaires et financiers"),
    "6": ("AU", "Autres"),
}
HEADINGS = {
    "1": "commande publique", "2": "urbanisme", "3": "domaine et patrimoine", "4": "fonction publique",
    "5": "institutions et vie politique", "6": "libertés publiques et pouvoirs de police", "7": "finances locales",
    "8": "domaines de compétences par thèmes", "9": "autres domaines de compétences",
}  # fmt: skip
MATTERS = {
    "1.1": "marchés publics", "1.2": "délégation de service public", "1.3": "conventions de mandat",
    "1.4": "autres types de contrats", "1.5": "transactions protocole d’accord transactionnel",
    "1.6": "actes relatifs à la maîtrise d’œuvre", "1.7": "actes spéciaux et divers",
    "2.1": "documents d’urbanisme", "2.2": "actes relatifs au droit d’occupation ou d’utilisation des sols",
    "2.3": "droit de préemption urbain",
    "3.1": "acquisitions", "3.2": "aliénations", "3.3": "locations", "3.4": "limites territoriales",
    "3.5": "autres actes de gestion du domaine public", "3.6": "autres actes de gestion du domaine privé",
    "4.1": "personnel titulaires et stagiaires de la FPT", "4.2": "personnel contractuel",
    "4.3": "fonction publique hospitalière", "4.4": "autres catégories de personnels", "4.5": "régime indemnitaire",
    "5.1": "élection exécutif", "5.2": "fonctionnement des assemblées", "5.3": "désignation de représentants",
    "5.4": "délégation de fonctions", "5.5": "délégation de signature", "5.6": "exercice des mandats locaux",
    "5.7": "intercommunalité", "5.8": "décision d’ester en justice",
    "6.1": "police municipale", "6.2": "pouvoir du président du conseil général",
    "6.3": "pouvoir du président du conseil régional", "6.4": "autres actes réglementaires",
    "6.5": "actes pris au nom de l’État et soumis au contrôle hiérarchique",
    "7.1": "décisions budgétaires", "7.2": "fiscalité", "7.3": "emprunts", "7.4": "interventions économiques",
    "7.5": "subventions", "7.6": "contributions budgétaires", "7.7": "avances", "7.8": "fonds de concours",
    "7.9": "prise de participation SEM etc", "7.10": "divers",
    "8.1": "enseignement", "8.2": "aide sociale", "8.3": "voirie", "8.4": "aménagement du territoire",
    "8.5": "politique de la ville-habitat-logement", "8.6": "emploi-formation professionnelle", "8.7": "transports",
    "8.8": "environnement", "8.9": "culture",
    "9.1": "autres domaines de compétences des communes", "9.2": "autres domaines de compétences des départements",
    "9.3": "autres domaines de compétences des régions", "9.4": "vœux et motions",
}  # fmt: skip
_NOT_A_LETTER = re.compile(r"[^A-Z0-9_]")
LONGEST_NUMBER = 15
LONGEST_SUBJECT = 500


def matter_name(code: str) -> str:
    """« finances locales/subventions », as SCDL writes it: no comma, no bracket."""
    return f"{HEADINGS[code.split('.', maxsplit=1)[0]]}/{MATTERS[code]}"


def matter_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a form: each heading with its matters."""
    return [
        (
            words.capitalize(),
            [
                (code, f"{code} {name[:1].upper()}{name[1:]}")
                for code, name in MATTERS.items()
                if code.split(".")[0] == heading
            ],
        )
        for heading, words in HEADINGS.items()
    ]


def sent_number(number: str) -> str:
    """The number as @CTES takes it: 15 characters of [A-Z0-9_]."""
    return _NOT_A_LETTER.sub("_", number.upper())[:LONGEST_NUMBER]
