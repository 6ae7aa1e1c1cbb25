"""The pages of the technical services."""

from kb.demo.when import When
from kb.demo.writing import Change, Sheet, callout, document, faq, since, steps, table, text, until

SERVICE = "technique"


def sheets(when: When) -> tuple[Sheet, ...]:
    """The service, its procedures and its buildings."""
    return (_service(when), *_procedures(when), *_buildings(when))


def _service(when: When) -> Sheet:
    return Sheet(
        SERVICE,
        "services",
        "Services techniques",
        "Voirie, bâtiments, espaces verts, eau de pluie : deux agents et un saisonnier.",
        (
            Change(364, "patrick", "Page du service"),
            Change(180, "patrick", "Téléphone de l'astreinte"),
            Change(
                18,
                "patrick",
                "Chiffres du mois",
                fields={
                    "indicators": [
                        {"label": "Demandes en cours", "value": "23", "line": "dont 4 de plus d’un mois"},
                        {"label": "Voirie à reprendre", "value": "4,9 km", "line": "sur 31 km de voies communales"},
                        {"label": "Chauffage de l’école", "value": "−9 %", "line": "depuis les robinets à réglage"},
                        {"label": "Interventions d’astreinte", "value": "7", "line": "depuis trois mois"},
                    ]
                },
            ),
        ),
        (
            text(
                "Patrick Brun dirige le service ; Julien Arnal suit la voirie et l'éclairage. Une demande d'habitant passe par l'accueil, qui la note."
            ),
            since(
                2,
                callout(
                    "info",
                    "Une urgence le soir ou le dimanche ?",
                    "Appelez l'astreinte : 04 65 71 20 44. Voir [[Astreinte technique]].",
                ),
            ),
            text(
                "## Ce qu'on cherche souvent\n\n- [[Déneigement]]\n- [[Astreinte technique]]\n- [[Inventaire de la voirie]]\n- [[Chauffage de l'école]]\n- [[Traiter une demande d'habitant]]\n- [[Arrêté de circulation]]\n- [[Véhicules et machines]]"
            ),
        ),
        model="ServicePage",
        fields={"trade": "Technique", "contact": "Patrick Brun, atelier de la route des Aires, 04 65 71 20 40"},
    )


def _procedures(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "deneigement",
            SERVICE,
            "Déneigement",
            "Qui sort, quand, dans quel ordre.",
            (
                Change(338, "patrick", "Plan de l'hiver"),
                Change(268, "julien", "Retour d'expérience de l'hiver"),
                Change(31, "patrick", "Plan du prochain hiver", published=False),
            ),
            (
                steps(
                    "Quand il neige",
                    ("L'astreinte regarde la route à 4 h 30", "Départ à partir de 5 cm, ou de gel annoncé."),
                    ("Suivre l'ordre du plan", "Le <<plan-neige|plan de déneigement>> est dans la cabine."),
                    ("Appeler l'école avant 7 h", "La directrice prévient les familles et le car."),
                    ("Noter les heures et le sel", "Le carnet est dans la boîte à gants."),
                ),
                since(
                    2,
                    text(
                        "## Ce que l'hiver nous a appris\n\nLe chemin des Lauzes gèle une heure avant le bourg. La réserve de sel doit être de 6 t, pas de 4 t."
                    ),
                ),
                since(
                    3,
                    callout(
                        "watch",
                        "Cet hiver",
                        "Le tronçon 2 des Lauzes ne porte pas la lame : passer par la route des Aires.",
                    ),
                ),
            ),
            tags=("procédure", "hiver", "voirie"),
            papers=("plan-neige",),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "astreinte",
            SERVICE,
            "Astreinte technique",
            "Un agent joignable jour et nuit, une semaine sur deux.",
            (
                Change(336, "patrick", "Procédure écrite"),
                Change(176, "claire", "Qui prévenir en mairie"),
                Change(17, "julien", "Tableau du trimestre", papers=("astreintes",)),
            ),
            (
                text(
                    "## Quand l'appeler\n\nFuite, arbre tombé, feu tricolore éteint, alarme d'un bâtiment, animal errant sur la route."
                ),
                since(
                    2,
                    table(
                        "Qui prévenir",
                        "Cas | Prévenir",
                        "Bâtiment fermé au public | Claire Valette",
                        "Route coupée | La maire, puis le Département",
                        "École | La directrice et Sylvie Roussillon",
                    ),
                ),
                text(
                    "L'agent d'astreinte ne répare que ce qui est dangereux. Le reste attend l'atelier. En cas d'évacuation, le [[Plan communal de sauvegarde]] s'applique."
                ),
            ),
            tags=("procédure", "sécurité"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "demande",
            SERVICE,
            "Traiter une demande d'habitant",
            "Du coup de téléphone à la réponse.",
            (
                Change(322, "laure", "Procédure écrite avec l'accueil"),
                Change(230, "julien", "Délais par nature de demande"),
            ),
            (
                steps(
                    "Pas à pas",
                    ("Noter", "Qui, où, quoi, depuis quand, une photo si possible."),
                    ("Classer", "Danger, gêne ou souhait."),
                    ("Répondre", "Même pour dire non, sous dix jours."),
                    ("Fermer", "Avec la date des travaux."),
                ),
                since(
                    2,
                    table(
                        "Délais",
                        "Nature | Premier passage | Réponse",
                        "Danger | Le jour même | Le jour même",
                        "Gêne | Une semaine | Dix jours",
                        "Souhait | Tournée du mois | Dix jours",
                    ),
                ),
                text("Les demandes du chemin des Lauzes ont leur page : [[Questions des riverains des Lauzes]]."),
            ),
            tags=("procédure", "accueil"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "voirie-inventaire",
            SERVICE,
            "Inventaire de la voirie",
            "L'état de chaque voie, relevé deux fois par an.",
            (
                Change(212, "julien", "Première tournée de l'année"),
                Change(45, "julien", "Seconde tournée", papers=("inventaire-voirie",)),
            ),
            (
                until(
                    1,
                    table(
                        "Les voies les plus abîmées",
                        "Voie | Longueur | Note sur 5",
                        "Chemin des Lauzes | 1 460 m | 5",
                        "Chemin de Combe-Noire | 2 150 m | 4",
                        "Route des Aires | 1 240 m | 3",
                    ),
                ),
                since(
                    2,
                    table(
                        "Les voies les plus abîmées",
                        "Voie | Longueur | Note sur 5",
                        "Chemin de Combe-Noire | 2 150 m | 4",
                        "Chemin des Lauzes | 1 460 m | 4",
                        "Route des Aires | 1 240 m | 3",
                    ),
                ),
                text(
                    "5 : à reprendre dans l'année. La suite est dans [[Voirie du chemin des Lauzes]]. Les chemins ruraux ont leur liste à part : [[Chemins ruraux]]."
                ),
            ),
            tags=("voirie",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "arretes-voirie",
            SERVICE,
            "Arrêté de circulation",
            "Fermer une rue pour un chantier, un déménagement, une fête.",
            (Change(250, "julien", "Procédure écrite"), Change(28, "laure", "Formulaire à l'accueil", published=False)),
            (
                steps(
                    "Pas à pas",
                    ("Recevoir la demande", "Quinze jours avant au moins."),
                    ("Vérifier le car scolaire et les pompiers", ""),
                    ("Préparer l'arrêté", "La maire signe."),
                    ("Poser les panneaux", "La veille, avec une photo."),
                ),
                since(
                    2,
                    text(
                        "Le formulaire est désormais à l'accueil et par courriel. L'accueil vérifie qu'il est complet."
                    ),
                ),
                text("Une terrasse de café relève d'un autre texte : la [[Charte des terrasses]]."),
            ),
            tags=("procédure", "voirie"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "vehicules",
            SERVICE,
            "Véhicules et machines",
            "Qui conduit quoi, quand on révise.",
            (Change(302, "julien", "Liste des véhicules"), Change(151, "julien", "Contrôle du tracteur passé")),
            (
                table(
                    "Le parc",
                    "Machine | Année | Prochaine révision",
                    f"Tracteur et lame | 2014 | {when.month(150)}",
                    f"Fourgon | 2019 | {when.month(60)}",
                    f"Tondeuse | 2021 | {when.month(120)}",
                    f"Camion-benne | 2009 | {when.month(35)}",
                ),
                since(
                    2,
                    text(
                        "Le tracteur a passé son contrôle. Le camion-benne arrive en fin de vie : son remplacement est à inscrire au [[Budget d'investissement]]."
                    ),
                ),
            ),
            tags=("matériel",),
            fields={"kind": "sheet"},
        ),
    )


def _buildings(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "batiments",
            SERVICE,
            "Bâtiments communaux",
            "Une fiche par bâtiment : clés, compteurs, contrats, travaux.",
            (
                Change(350, "patrick", "Dossier créé"),
                Change(301, "patrick", "Contrat de chauffage", papers=("contrat-chauffage",)),
            ),
            (
                text(
                    "Les clés sont à l'atelier, dans l'armoire grise. Le relevé des compteurs se fait le premier lundi du mois."
                ),
                since(
                    2,
                    text(
                        "Le contrat de chauffage couvre la [[Mairie]], l'école, la [[Salle des Aulnes]] et le [[Gymnase]]."
                    ),
                ),
            ),
            model="FolderPage",
            tags=("bâtiment",),
        ),
        Sheet(
            "chauffage-ecole",
            "batiments",
            "Chauffage de l'école",
            "Chaudière au fioul de 1998, robinets à réglage depuis l'an dernier.",
            (
                Change(308, "patrick", "Fiche créée"),
                Change(240, "julien", "Robinets à réglage posés"),
                Change(32, "julien", "Relevés avant et après"),
            ),
            (
                text("## Réglages\n\n19 °C de 8 h à 17 h, 15 °C la nuit, 12 °C pendant les vacances."),
                since(2, text("Les robinets à réglage par salle sont posés. Ne pas les couvrir par des rideaux.")),
                since(
                    3,
                    table(
                        "Température à 8 h",
                        "Salle | Avant | Depuis",
                        "Classe 1 | 15,4 °C | 17,9 °C",
                        "Classe 2 | 14,9 °C | 17,2 °C",
                        "Cantine | 15,8 °C | 18,1 °C",
                    ),
                ),
                document("contrat-chauffage", "Le contrat d'entretien", "Intervention sous quatre heures en hiver"),
                text("La chaudière sera remplacée : [[Rénovation énergétique de l'école des Tilleuls]]."),
            ),
            tags=("école", "énergie", "bâtiment"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "salle-aulnes",
            "batiments",
            "Salle des Aulnes",
            "150 places, une cuisine, deux sorties de secours.",
            (
                Change(306, "julien", "Fiche créée"),
                Change(85, "patrick", "Toiture refaite"),
                Change(40, "laure", "Règles de location"),
            ),
            (
                text("## Clés\n\nUn jeu à l'atelier, un à l'accueil. L'alarme se coupe à gauche de l'entrée."),
                since(2, text("La toiture est neuve : voir [[Toiture de la salle des Aulnes]].")),
                since(
                    3,
                    faq(
                        (
                            "Peut-on louer en semaine ?",
                            "Non pendant l'accueil des classes. Les week-ends restent ouverts.",
                        ),
                        ("Quel acompte ?", "La moitié à la réservation, rendue jusqu'à un mois avant."),
                    ),
                ),
            ),
            tags=("bâtiment", "location"),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "mairie",
            "batiments",
            "Mairie",
            "Bâtiment de 1887, accessible par la cour.",
            (Change(304, "julien", "Fiche créée"),),
            (
                text(
                    "## Accès\n\nLe seuil de la place a deux marches ; l'entrée de plain-pied est dans la cour. La sonnette est à 1,10 m.\n\n## À surveiller\n\nL'humidité du bureau 4, après chaque pluie d'ouest."
                ),
            ),
            tags=("bâtiment",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "gymnase",
            "batiments",
            "Gymnase",
            "Partagé avec le collège le jeudi.",
            (Change(303, "julien", "Fiche créée"), Change(145, "julien", "Sol à réparer")),
            (
                text("## Compteurs\n\nEau sous l'évier du vestiaire 2, électricité dans le hall."),
                since(2, callout("watch", "Sol décollé près du but nord", "Balisé. La réparation attend le devis.")),
            ),
            tags=("bâtiment",),
            fields={"kind": "sheet"},
        ),
    )
