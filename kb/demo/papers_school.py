"""The documents of the school's renovation, the demo's great project."""

from collections.abc import Callable
from typing import Any

from kb.demo import making, pictures
from kb.demo.paper import Deposit, Paper, libre, printed, sheets, word
from kb.demo.when import When, long_day
from kb.typography import euros

LOTS = (
    ("1", "Isolation extérieure", 168_400), ("2", "Menuiseries", 121_900), ("3", "Chauffage à granulés", 98_700),
    ("4", "Électricité, ventilation", 61_500), ("–", "Maîtrise d’œuvre et contrôles", 35_500),
)  # fmt: skip


def diagnostic(corrected: bool) -> str:
    """The energy audit of the school: six pages."""
    share = 58 if corrected else 54
    readings = making.rows_html(
        [
            ("Local", "8 h", "11 h", "15 h"),
            ("Classe 1", "15,4 °C", "17,1 °C", "18,0 °C"),
            ("Classe 2", "14,9 °C", "16,2 °C", "17,3 °C"),
            ("Classe 3", "16,8 °C", "18,4 °C", "19,0 °C"),
            ("Classe 4", "17,0 °C", "18,6 °C", "19,2 °C"),
            ("Cantine", "15,8 °C", "17,7 °C", "19,5 °C"),
        ]
    )
    scenarios = making.rows_html(
        [
            ("Scénario", "Travaux", "Gain", "Coût HT"),
            ("1", "Chaudière seule", "17 %", euros(102_000)),
            ("2", "Murs, fenêtres, chaudière", f"{share} %", euros(486_000)),
            ("3", "Scénario 2 et toiture solaire", "71 %", euros(612_000)),
        ]
    )
    return f"""
## Ce que dit ce diagnostic

L'école des Tilleuls, construite en 1974, consomme 212 kWh par m² et par an, soit 31 % du chauffage communal. Isoler les murs par l'extérieur, remplacer les fenêtres et la chaudière au fioul économiserait **{share} %** de cette énergie.

## Le bâtiment

Quatre classes, un préau, une cantine de 76 places et un couloir traversant, sur un seul niveau de 512 m². Murs de parpaing de 20 cm sans isolant ; fenêtres d'aluminium à simple vitrage au nord, à double vitrage ancien au sud.
===
## Les mesures

Dix enregistreurs ont été posés pendant trois semaines de février. Les températures ci-dessous sont celles du mardi le plus froid, classes occupées.
===
<h2>Températures relevées</h2>{readings}<p>Deux classes n’ont pas atteint 16 °C à l’arrivée des élèves.</p>
===
## L'enveloppe

Les combles ont reçu en 1996 une isolation en laine minérale de 120 mm, aujourd'hui tassée. Les ponts thermiques sont marqués au droit des poteaux de la façade nord. L'infiltrométrie donne 4,1 vol/h, le double de ce qu'on attend d'une rénovation soignée.

## Le chauffage

La chaudière au fioul de 1998 fonctionne en tout ou rien. La régulation ne connaît ni les mercredis ni les vacances : 22 % de la chaleur est produite pour des salles vides.
===
<h2>Trois scénarios</h2>{scenarios}<p>Le scénario 2 respecte l’exigence de 40 % d’économie fixée par les financeurs, et laisse la place du scénario 3 plus tard.</p>
===
## Ce que nous conseillons

- Retenir le scénario 2, avec une isolation en fibre de bois.
- Remplacer les fenêtres avant de dimensionner la chaudière.
- Faire les travaux bruyants pendant les vacances, et reloger deux classes à la salle des Aulnes.
- Installer des robinets à réglage par salle dès l'hiver prochain, sans attendre : 6 % de gain immédiat.
"""


def funding(stage: int) -> Callable[[When], dict[str, Any]]:
    """The plan that pays for the works, at its nth version."""

    def content(when: When) -> dict[str, Any]:
        detr = ("DETR", 145_800, "accordée" if stage > 1 else "demandée")
        region = ("Région, bâtiments publics", 97_200, "accordée" if stage > 2 else "demandée")
        rows = [
            ("Financeur", "Montant", "État"),
            detr,
            region,
            ("Fonds vert", 72_900, "accordé" if stage > 2 else "demandé"),
        ]
        rows += [("Syndicat d'énergie", 24_300, "accordé"), ("Commune", 145_800, "inscrit au budget")]
        lots = [("Lot", "Intitulé", "Estimation HT"), *LOTS, ("", "Total", "=SUM(C2:C6)")]
        return {"Financement": [*rows, ("Total", "=SUM(B2:B6)", "")], "Lots": lots}

    return content


def offers(stage: int) -> str:
    """The analysis of the offers for the windows: three versions."""
    notes = {1: ("–", "–", "–"), 2: ("81,4", "78,9", "72,6"), 3: ("84,1", "78,9", "72,6")}[stage]
    prices = ((119_840, 127_300, 131_950), (119_840, 124_600, 131_950), (118_260, 124_600, 131_950))[stage - 1]
    rows = making.rows_html(
        [
            ("Candidat", "Prix HT", "Note sur 100"),
            *(
                (name, euros(price), note)
                for name, price, note in zip(
                    ("Menuiserie Vauclare", "Ateliers du Sémaphore", "Baies et Bois Lantour"),
                    prices,
                    notes,
                    strict=True,
                )
            ),
        ]
    )
    negotiation = {
        1: "Les notes seront données après la vérification des références.",
        2: "Les références sont vérifiées. Une négociation est proposée avec les deux premiers.",
        3: "Après négociation, le premier a baissé son prix et raccourci son délai de deux semaines.",
    }[stage]
    return f"""
## Objet du marché

Fourniture et pose de 62 fenêtres et 5 portes à l'école des Tilleuls, lot 2 de la rénovation énergétique. Trois offres reçues dans les délais, toutes complètes.

## Critères

- Prix : 50 points.
- Valeur technique, dont l'étanchéité à l'air : 35 points.
- Délai et organisation pendant les vacances : 15 points.
===
<h2>Classement</h2>{rows}<p>{negotiation}</p>
===
## Valeur technique

Le premier candidat pose en applique, dans l'épaisseur de l'isolant : c'est la seule offre qui traite le pont thermique de la façade nord. Le deuxième propose une menuiserie plus épaisse mais laisse l'appui existant.

## Proposition

{"Rapport provisoire, à compléter." if stage == 1 else "Le lot 2 peut être attribué à la Menuiserie Vauclare. Le rapport sera joint à la délibération."}
"""


def detr_letter(when: When) -> list[list[str]]:
    """The State's letter, as it came by post."""
    return [
        [
            "SOUS-PRÉFECTURE DE LA HAUTE-DRISE",
            "Bureau des dotations",
            "",
            f"Le {when.day(-143)}",
            "",
            "Madame la maire",
            "de Valmorin-sur-Drise",
            "",
            "Objet : dotation d’équipement des territoires ruraux",
            "Opération : rénovation énergétique de l’école",
            "",
            "Madame la maire,",
            "",
            "J’ai le plaisir de vous faire connaître que votre dossier a été",
            "retenu. Une subvention de 145 800 EUR est accordée à la commune,",
            "soit 30 % de la dépense subventionnable de 486 000 EUR HT.",
            "",
            "Les travaux doivent commencer dans un délai de deux ans. L’ordre de",
            "service du premier lot suffit comme preuve de démarrage.",
            "",
            "Un acompte de 30 % pourra être versé sur présentation de cette",
            "preuve. Le solde sera payé après le contrôle de l’achèvement.",
            "",
            "Je vous prie d’agréer, Madame la maire, l’expression de ma",
            "considération distinguée.",
            "",
            "",
            "Pour le sous-préfet,",
            "la cheffe du bureau",
            "",
            "(signature illisible)",
        ],
        [
            "ANNEXE : PIÈCES À FOURNIR",
            "",
            "1. Ordre de service du premier lot",
            "2. État récapitulatif des factures, visé par le comptable",
            "3. Certificat d’achèvement",
            "4. Photographie du panneau de chantier",
            "",
            "Référence à rappeler : HD-ECO-0417",
        ],
    ]


def financing_decision(when: When) -> str:
    """The decision of the council on the funding plan."""
    return f"""
Séance du {long_day(when.sitting(-3))}, à 18 h 30, salle du conseil. Présidence : Mme Hélène Marchetti, maire.

Présents : 16. Pouvoirs : 3. Votants : 19.

## Exposé

Mme Sylvie Roussillon rappelle le diagnostic énergétique de l'école et présente le plan de financement : 486 000 € HT de travaux d'isolation, de menuiseries et de chauffage, dont 340 200 € de subventions demandées.

## Décision

Le conseil municipal, après en avoir délibéré, à l'unanimité, par 19 voix pour :

1. approuve le plan de financement joint ;
1. autorise la maire à demander les subventions et à signer les pièces ;
1. inscrit la part communale de 145 800 € au budget, chapitre 23.
"""


TEACHERS = """
## Ce qui change pour les classes

- Les classes 1 et 2 iront à la salle des Aulnes pendant les travaux de la façade nord.
- La cantine reste ouverte ; l'entrée se fera par la rue du Lavoir.
- Les travaux bruyants n'auront lieu que pendant les vacances et le mercredi.

## Ce dont nous avons besoin

Dites-nous avant les vacances quels meubles doivent vous suivre. Deux agents feront le déménagement en une journée. Les affichages des murs extérieurs devront être enlevés par vos soins.

## Une question ?

Émilie Jourdan, école et enfance, passe à l'école tous les mardis à 16 h 30.
"""

WORKS_MEETING = """
## Présents

Didier Fauresse, Sylvie Roussillon, Jean-Luc Peyrard, Olivier Tessonnier, Thierry Combe ; Patrick Brun, services techniques.

## Isolation : laine ou fibre de bois

La commission préfère la fibre de bois pour l'isolation de l'école ; le surcoût est de 4 %, que la région couvre à moitié. M. Combe demande que la tenue au feu soit écrite au marché : c'est noté.

## Calendrier

Le lot 1 commencera aux prochaines vacances. Le lot 2 suit sans interruption. Un point aura lieu chaque premier lundi du mois.

## Qui fait quoi

- Patrick Brun : clause de tenue au feu, avant la fin du mois.
- Sylvie Roussillon : réunion avec les enseignantes.
"""

_DIAGNOSTIC = "Diagnostic énergétique de l’école des Tilleuls"
_OFFERS = "Rapport d’analyse des offres, lot 2"

SCHOOL = (
    Paper("diagnostic", _DIAGNOSTIC, "diagnostic-energetique-ecole.pdf", (
        Deposit(290, "patrick", printed(_DIAGNOSTIC, diagnostic(False)), "Reçu du bureau d’études"),
        Deposit(262, "patrick", printed(_DIAGNOSTIC, diagnostic(True)), "Gain du scénario 2 corrigé par le bureau d’études"),
    )),
    Paper("plans-ecole", "Plans du rez-de-chaussée, état projeté", "plans-rdc-etat-projete.pdf", (
        Deposit(205, "patrick", lambda when, at: making.drawings_pdf([pictures.school_plan(when)], at), "Avant-projet"),
        Deposit(118, "patrick", lambda when, at: making.drawings_pdf([pictures.school_plan(when), pictures.playground(when)], at), "Avec la cour"),
    )),
    Paper("plan-financement", "Plan de financement de l’école", "plan-financement-ecole.xlsx", (
        Deposit(222, "sandrine", sheets(funding(1)), "Première estimation"),
        Deposit(136, "sandrine", sheets(funding(2)), "DETR accordée"),
        Deposit(16, "sandrine", sheets(funding(3)), "Région et fonds vert accordés"),
    )),
    Paper("analyse-lot2", _OFFERS, "analyse-offres-lot-2.pdf", (
        Deposit(30, "patrick", printed(_OFFERS, offers(1)), "Ouverture des plis"),
        Deposit(21, "patrick", printed(_OFFERS, offers(2)), "Notes après vérification des références"),
        Deposit(2, "patrick", printed(_OFFERS, offers(3)), "Prix après négociation"),
    )),
    Paper("arrete-detr", "Arrêté de subvention DETR", "arrete-detr-numerise.pdf", (
        Deposit(140, "laure", lambda when, at: making.scan(detr_letter(when), at), "Courrier arrivé, numérisé à l’accueil"),
    )),
    Paper("delib-financement", "Délibération : plan de financement de l’école", "deliberation-plan-financement.pdf", (
        Deposit(100, "claire", printed("Délibération : plan de financement de l’école", financing_decision), "Signée, rendue exécutoire"),
    )),
    Paper("note-enseignantes", "Note aux enseignantes sur les travaux", "note-enseignantes.odt", (
        Deposit(58, "emilie", libre("Les travaux de l’école, pour les enseignantes", TEACHERS), ""),
    )),
    Paper("commission-travaux", "Compte rendu de la commission travaux", "cr-commission-travaux.docx", (
        Deposit(24, "patrick", word("Commission travaux : compte rendu", WORKS_MEETING), ""),
    )),
)  # fmt: skip
