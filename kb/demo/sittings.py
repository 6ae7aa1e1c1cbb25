"""The sittings of the council, to come and held, and the secretary's procedures."""

from kb.demo.when import When, long_day
from kb.demo.writing import Change, Sheet, callout, document, faq, files, since, steps, table, text, until

_AGENDA = (
    "1. Désignation du secrétaire de séance\n1. Procès-verbal de la séance précédente\n1. Décisions prises par délégation\n"
    "1. École des Tilleuls : attribution du lot 2, menuiseries. Rapporteuse : Sylvie Roussillon\n"
    "1. Décision modificative n° 2. Rapporteur : Bernard Aubanel"
)
_CANTEEN = "1. Tarifs de la cantine. Rapporteuse : Nadia Benkacem. Voir [[Inscriptions à la cantine]]"


def _title(when: When, place: int) -> str:
    return f"Conseil municipal du {long_day(when.sitting(place))}"


def sheets(when: When) -> tuple[Sheet, ...]:
    """What is under « Séances » and under the secretary's service."""
    return (*_to_come(when), *_held(when), *_secretary(when))


def _to_come(when: When) -> tuple[Sheet, ...]:
    next_title = _title(when, 0)
    return (
        Sheet(
            "seance-0",
            "seances",
            next_title,
            "18 h 30, salle du conseil, mairie. Séance publique. 19 conseillers en exercice.",
            (
                Change(17, "claire", "Dossier ouvert"),
                Change(9, "claire", "Décision modificative et procès-verbal", papers=("dm2", "pv-dernier")),
            ),
            (
                text(
                    "Les papiers de travail de la séance. Ce que le conseil examine est à son ordre du jour, plus bas, avec le calendrier légal."
                ),
                since(
                    2,
                    callout(
                        "info",
                        "Une affaire attendra",
                        "Le projet de convention avec le centre de loisirs n'est pas prêt : il ira à la séance suivante.",
                    ),
                ),
            ),
            model="FolderPage",
            papers=("analyse-lot2",),
            tags=("conseil",),
        ),
        Sheet(
            "odj-0",
            "seance-0",
            "Ordre du jour",
            "Neuf points, dont quatre soumis au vote.",
            (
                Change(16, "claire", "Projet d'ordre du jour"),
                Change(7, "claire", "Point 6, tarifs de la cantine"),
                Change(2, "claire", "Point 7 ajouté, à relire par la maire", published=False),
            ),
            (
                until(1, text(_AGENDA)),
                until(2, since(2, text(f"{_AGENDA}\n{_CANTEEN}"))),
                since(
                    3,
                    text(
                        f"{_AGENDA}\n{_CANTEEN}\n1. Convention avec le centre de loisirs Les Aulnes. Rapporteuse : Sylvie Roussillon"
                    ),
                ),
                text(
                    "Pour information : [[Voirie du chemin des Lauzes]], point d'étape. Questions orales, à déposer deux jours avant : voir le [[Règlement intérieur du conseil]]."
                ),
            ),
            tags=("conseil",),
        ),
        Sheet(
            "note-synthese",
            "seance-0",
            "Note de présentation des points",
            "Une demi-page par point, pour lire avant la séance.",
            (Change(8, "claire", "Points 4 et 5"), Change(3, "claire", "Point 6", published=False)),
            (
                text(
                    "## Point 4. Lot 2 de l'école\n\nTrois offres, toutes complètes. La [[Rénovation énergétique de l'école des Tilleuls]] garde son calendrier si le lot est attribué ce soir-là."
                ),
                text(
                    "## Point 5. Décision modificative\n\nElle inscrit 43 740 € d'acompte de DETR et relève les charges générales de 38 000 €. Voir [[Budget par chapitre]]."
                ),
                since(
                    2,
                    text(
                        "## Point 6. Tarifs de la cantine\n\nLe repas à 1 € pour les familles les plus modestes ; l'État compense 3 € par repas. Coût net pour la commune : 1 900 € par an."
                    ),
                ),
                files("Les pièces", "analyse-lot2", "dm2"),
            ),
            tags=("conseil",),
        ),
        Sheet(
            "seance-1",
            "seances",
            _title(when, 1),
            "Séance suivante : lot 3 de l'école, cour de l'école.",
            (Change(11, "claire", "Date arrêtée avec la maire"),),
            (
                text(
                    "Les rapporteurs remettent leurs notes dix jours avant. Le dossier s'ouvrira après la séance précédente."
                ),
            ),
            model="FolderPage",
            tags=("conseil",),
        ),
    )


def _held(when: When) -> tuple[Sheet, ...]:
    def age(place: int, days: int) -> int:
        return -when.since_sitting(place, days)

    return (
        Sheet(
            "tenues",
            "seances",
            "Séances tenues",
            "Les procès-verbaux et les décisions, séance par séance.",
            (Change(305, "claire", "Rayon créé"),),
            (text("Un procès-verbal est publié dans la semaine qui suit la séance où il a été arrêté."),),
            model="FolderPage",
        ),
        Sheet(
            "seance-moins-1",
            "tenues",
            _title(when, -1),
            "Seize présents. Avenant des Lauzes, éclairage.",
            (
                Change(age(-1, 2), "claire", "Décisions de la séance"),
                Change(9, "claire", "Procès-verbal joint", papers=("pv-dernier",)),
            ),
            (
                table(
                    "Les votes",
                    "Point | Pour | Contre | Abstention",
                    "Chemin des Lauzes, avenant | 15 | 0 | 4",
                    "Éclairage public, tranche 2 | 19 | 0 | 0",
                    "Extinction de l’éclairage de minuit à 5 h | 10 | 9 | 0",
                    "Subvention au comité des fêtes | 18 | 0 | 0",
                ),
                text(
                    "À suivre : [[Voirie du chemin des Lauzes]] et [[Éclairage public en LED]]. La question de Mme Oddon sur la [[Fermeture de la bibliothèque]] aura sa réponse à la prochaine séance."
                ),
            ),
            tags=("conseil",),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "seance-moins-2",
            "tenues",
            _title(when, -2),
            "Quinze présents. Abandon de la vidéoprotection, subventions aux associations.",
            (
                Change(age(-2, 3), "claire", "Décisions de la séance"),
                Change(59, "claire", "Procès-verbal joint", papers=("pv-avant",)),
            ),
            (
                table(
                    "Les votes",
                    "Point | Pour | Contre | Abstention",
                    "Vidéoprotection, abandon | 14 | 4 | 1",
                    "Subventions aux associations | 18 | 0 | 0",
                ),
                text(
                    "M. Philippe Morand n'a pas pris part au vote des subventions. Voir [[Vidéoprotection de la place du Marché]]."
                ),
            ),
            tags=("conseil",),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "seance-moins-3",
            "tenues",
            _title(when, -3),
            "Plan de financement de l'école, adopté à l'unanimité.",
            (
                Change(age(-3, 4), "claire", "Décisions de la séance"),
                Change(99, "claire", "Délibération exécutoire", papers=("delib-financement",)),
            ),
            (
                text(
                    "Le plan de financement de la [[Rénovation énergétique de l'école des Tilleuls]] est approuvé par 19 voix. La délibération est exécutoire depuis sa transmission."
                ),
            ),
            tags=("conseil", "école"),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "seance-moins-4",
            "tenues",
            _title(when, -4),
            "Décision modificative n° 1, tarifs de la cantine, convention avec Les Aulnes.",
            (
                Change(age(-4, 3), "claire", "Décisions de la séance"),
                Change(138, "claire", "Convention signée", papers=("convention-aulnes",)),
                Change(137, "claire", pin=("convention-aulnes", 1)),
            ),
            (
                text(
                    "La décision modificative n° 1 est votée par 15 voix pour et 4 contre, les tarifs de la cantine par 19 voix. La convention avec le centre de loisirs est approuvée à l'unanimité : la version jointe est celle qui a été votée, elle ne change plus."
                ),
            ),
            tags=("conseil", "budget"),
            fields={"kind": "minutes"},
        ),
    )


def _secretary(when: When) -> tuple[Sheet, ...]:
    service = "secretariat"
    return (
        Sheet(
            service,
            "services",
            "Secrétariat du conseil",
            "Préparer les séances, tenir les registres, transmettre les actes.",
            (
                Change(364, "claire", "Page du service"),
                Change(
                    15,
                    "claire",
                    "Chiffres du mois",
                    fields={
                        "indicators": [
                            {
                                "label": "Prochaine séance",
                                "value": f"{when.sitting(0):%d/%m/%Y}",
                                "line": "18 h 30, salle du conseil",
                            },
                            {"label": "Délibérations de l’année", "value": "46", "line": "toutes exécutoires"},
                            {
                                "label": "Délai de transmission",
                                "value": "2,4 jours",
                                "line": "en moyenne, depuis le vote",
                            },
                        ]
                    },
                ),
            ),
            (
                text(
                    "Le secrétariat aide les rapporteurs à écrire, vérifie les délais, envoie les convocations et garde les registres.\n\n## Ce qu'on cherche souvent\n\n- [[Préparer une séance du conseil]]\n- [[Transmettre un acte au contrôle de légalité]]\n- [[Règlement intérieur du conseil]]\n- [[Tenir le registre des délibérations]]\n- [[Calendrier des projets et du conseil]]"
                ),
            ),
            model="ServicePage",
            fields={"trade": "Secrétariat", "contact": "Claire Valette, bureau 2, 04 65 71 20 18"},
        ),
        Sheet(
            "preparer-seance",
            service,
            "Préparer une séance du conseil",
            "De la date arrêtée au procès-verbal publié.",
            (
                Change(335, "claire", "Procédure écrite"),
                Change(190, "claire", "Dix jours au lieu de huit pour les notes"),
                Change(103, "claire", "Modèle de délibération à jour"),
            ),
            (
                text(
                    "## Quand s'en servir\n\nÀ chaque séance ordinaire. Pour une urgence, demander d'abord à la maire."
                ),
                since(
                    2, callout("watch", "Dix jours avant", "Toute note qui arrive plus tard attend la séance suivante.")
                ),
                steps(
                    "Pas à pas",
                    ("Arrêter la date avec la maire", "Cinq semaines avant, un mardi."),
                    (
                        "Demander les notes aux rapporteurs",
                        "Le <<modele-deliberation|modèle de délibération>> les aide.",
                    ),
                    ("Fixer l'ordre du jour", "La maire le signe."),
                    (
                        "Envoyer la convocation",
                        "Trois jours francs au moins, par voie électronique. M. Lantelme la reçoit sur papier.",
                    ),
                    ("Afficher", "Porte de la mairie et site de la commune."),
                    ("Tenir la séance", "Feuille de présence, pouvoirs, votes."),
                    ("Transmettre", "Voir [[Transmettre un acte au contrôle de légalité]]."),
                ),
                text(
                    "## En cas de problème\n\nPas de quorum : une seconde convocation, avec le même ordre du jour, à trois jours au moins d'intervalle."
                ),
            ),
            tags=("conseil", "procédure"),
            papers=("convocation", "modele-deliberation"),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "legalite",
            service,
            "Transmettre un acte au contrôle de légalité",
            "Ce qui se transmet, comment, et ce qu'on garde.",
            (Change(333, "claire", "Procédure écrite"), Change(57, "claire", "Que faire d'un rejet")),
            (
                steps(
                    "Pas à pas",
                    ("Relire l'acte signé", "Le numéro, la date, les votes, les pièces."),
                    ("L'envoyer par la plateforme", "Un acte par envoi, avec ses annexes."),
                    ("Classer l'accusé de réception", "Il prouve que l'acte est exécutoire."),
                    ("Publier", "En ligne, avec la date."),
                ),
                since(
                    2,
                    text(
                        "## Si l'envoi est rejeté\n\nLe plus souvent, la matière choisie est fausse. Corrigez et renvoyez le jour même."
                    ),
                ),
                text("Les marchés suivent une autre règle : voir [[Engager une dépense]]."),
            ),
            tags=("procédure",),
            fields={"kind": "procedure"},
        ),
        Sheet(
            "reglement",
            service,
            "Règlement intérieur du conseil",
            "Convocation, questions orales, temps de parole, expression des groupes.",
            (Change(328, "claire", "Règlement en vigueur"), Change(110, "ines", "Page du bulletin pour chaque groupe")),
            (
                document("reglement-interieur", "Le règlement en vigueur"),
                faq(
                    ("Quand déposer une question orale ?", "Deux jours avant la séance, par écrit."),
                    ("Combien de temps peut-on parler ?", "Cinq minutes par point. Le rapporteur conclut."),
                ),
                since(2, text("Chaque groupe dispose d'une demi-page dans le [[Bulletin municipal]].")),
            ),
            tags=("conseil",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "registre",
            service,
            "Tenir le registre des délibérations",
            "Numéroter, faire signer, relier.",
            (Change(290, "claire", "Procédure écrite"),),
            (
                text(
                    "## Numéroter\n\nL'année, un tiret, trois chiffres. Un numéro annulé reste au registre, barré.\n\n## Faire signer\n\nLa maire et le secrétaire de séance signent. Les feuillets sont reliés en fin d'année, puis versés aux archives : voir [[Tableau de tri des archives]]."
                ),
            ),
            tags=("procédure", "archives"),
            fields={"kind": "procedure"},
        ),
    )
