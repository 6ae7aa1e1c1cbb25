"""The seven other projects: running, late, to study, suspended, done, abandoned."""

from kb.demo.projects_school import line, member, phase, step
from kb.demo.when import When, long_day
from kb.demo.writing import Change, Sheet, callout, document, faq, files, image, since, table, text, until


def sheets(when: When) -> tuple[Sheet, ...]:
    """All of them, with the pages below."""
    return (
        *_road(when),
        *_yard(when),
        *_housing(when),
        *_roof(when),
        *_cameras(when),
        *_lighting(when),
        *_footbridge(when),
    )


def _road(when: When) -> tuple[Sheet, ...]:
    first = [
        phase("Étude", -330, -240, True),
        phase("Marché", -235, -150, True),
        phase("Tronçon 1", -140, -70),
        phase("Tronçon 2", -68, -20),
        phase("Tronçon 3", 30, 120),
    ]
    then = [
        *first[:2],
        phase("Tronçon 1", -140, -58, True),
        phase("Mur et tronçon 2", -68, -20),
        phase("Tronçon 3", 30, 120),
    ]
    return (
        Sheet(
            "lauzes",
            "projets",
            "Voirie du chemin des Lauzes",
            "Reprendre les 1 460 m du chemin, en trois tronçons. Un mur fissuré retarde le deuxième.",
            (
                Change(325, "patrick", "Fiche du projet"),
                Change(
                    148,
                    "patrick",
                    "Marché signé",
                    fields={
                        "state": "running",
                        "budget": 214_000,
                        "committed": 128_600,
                        "phases": first,
                        "funding": [
                            line("Département, voirie", 64_200, "granted"),
                            line("Commune", 149_800, "granted"),
                        ],
                    },
                ),
                Change(64, "julien", "Mur fissuré au tronçon 2 : chantier arrêté", fields={"phases": then}),
                Change(
                    -when.since_sitting(-1, 3),
                    "patrick",
                    "Avenant voté par le conseil",
                    fields={
                        "committed": 174_800,
                        "next_steps": [
                            step("Détourner l’eau du fossé amont", "julien", -3),
                            step("Commander le clouage du mur", "patrick", 9),
                            step("Prévenir les riverains de Combe-Noire", "ines", 16),
                        ],
                    },
                ),
            ),
            (
                text(
                    "## Pourquoi\n\nLe chemin dessert 41 foyers, la scierie et le hameau de Combe-Noire. Il a reçu la plus mauvaise note de l'[[Inventaire de la voirie]]."
                ),
                since(
                    2,
                    image(
                        "plan-lauzes",
                        "Plan du chemin : tronçon 1 repris, tronçon 2 arrêté par un mur fissuré, tronçon 3 à faire",
                        "Les trois tronçons, du pont au hameau",
                    ),
                ),
                since(
                    3,
                    callout(
                        "blocking",
                        "Le mur du tronçon 2 doit être consolidé d'abord",
                        "Aucun engin de plus de 3,5 t ne passe avant le clouage. Un passage piéton est maintenu.",
                    ),
                ),
                since(
                    3,
                    text(
                        "## Ce qu'on fait du mur\n\nTrois solutions ont été chiffrées. La commission retient le clouage, à 46 200 € HT : voir [[Mur de soutènement des Lauzes]]. Pour répondre au téléphone : [[Questions des riverains des Lauzes]]."
                    ),
                ),
                since(
                    4,
                    text(
                        f"Le conseil du {long_day(when.sitting(-1))} a voté l'avenant par 15 voix pour et 4 abstentions."
                    ),
                ),
            ),
            model="ProjectPage",
            papers=(),
            tags=("voirie", "travaux"),
            fields={
                "state": "idea",
                "team": [
                    member("patrick", "Porteur"),
                    member("jean-luc", "Élu référent"),
                    member("julien", "Suivi du chantier"),
                ],
            },
        ),
        Sheet(
            "lauzes-mur",
            "lauzes",
            "Mur de soutènement des Lauzes",
            "Trente-huit mètres à consolider ; le clouage est retenu.",
            (Change(61, "patrick", "Étude reçue"), Change(22, "patrick", "Choix de la commission")),
            (
                table(
                    "Trois solutions",
                    "Solution | Coût HT | Durée",
                    "Clouage et drainage | 46 200 € | 5 semaines",
                    "Gabions | 61 900 € | 7 semaines",
                    "Reprise en sous-œuvre | 83 500 € | 11 semaines",
                ),
                text("L'eau du fossé amont doit être détournée avant l'hiver, quelle que soit la solution."),
                since(
                    2,
                    callout(
                        "info",
                        "Clouage retenu",
                        "C'est le moins cher et le plus rapide. La garantie de l'entreprise est de dix ans.",
                    ),
                ),
                document("devis-mur", "L'étude du mur"),
            ),
            tags=("voirie",),
            fields={"kind": "sheet"},
        ),
        Sheet(
            "lauzes-riverains",
            "lauzes",
            "Questions des riverains des Lauzes",
            "Ce qu'on répond au téléphone et au guichet.",
            (Change(59, "ines", "Après la réunion publique"), Change(11, "laure", "Ramassage des ordures")),
            (
                faq(
                    (
                        "Puis-je passer en voiture ?",
                        "Oui jusqu'au mur. Au-delà, passez par la route des Aires : 4 km de plus.",
                    ),
                    ("Le car scolaire passe-t-il ?", "Non. L'arrêt est déplacé au pont jusqu'à la fin du tronçon 2."),
                    ("Combien de temps encore ?", "Cinq semaines après la commande du clouage, si le temps le permet."),
                ),
                since(
                    2,
                    text(
                        "**Ordures :** les bacs sont regroupés au pont le mardi soir. Pour une personne qui ne peut pas marcher, l'accueil prévient l'[[Astreinte technique]]."
                    ),
                ),
            ),
            tags=("voirie", "accueil"),
            fields={"kind": "sheet"},
        ),
    )


def _yard(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "cour",
            "projets",
            "Cour de l'école : ombre et sols",
            "Une cour plus fraîche : arbres, prairie, copeaux, eau de pluie gardée sur place.",
            (
                Change(126, "emilie", "Idée du conseil des élèves"),
                Change(
                    116,
                    "emilie",
                    "Esquisse de l'atelier",
                    fields={"budget": 92_000, "funding": [line("Agence de l’eau", 46_000, "asked")]},
                ),
            ),
            (
                text(
                    "## D'où vient l'idée\n\nEn juin, le goudron de la cour a dépassé 52 °C. Les élèves de CE2 ont dessiné la cour qu'ils voudraient."
                ),
                since(
                    2,
                    image(
                        "cour",
                        "Dessin de la cour : six arbres, une prairie, une aire de copeaux et une noue qui recueille la pluie",
                        "L'esquisse de l'atelier",
                    ),
                ),
                text(
                    "## Ce qu'il faut savoir avant de décider\n\n- la [[Rénovation énergétique de l'école des Tilleuls]] refait déjà 240 m² ;\n- l'entretien d'une prairie demande deux passages par an ;\n- l'[[Avis de la médecine scolaire]] est attendu."
                ),
            ),
            model="ProjectPage",
            tags=("école", "arbres"),
            fields={
                "state": "idea",
                "team": [member("emilie", "Porteuse"), member("nadia", "Élue référente")],
                "phases": [phase("Idées", -126, 20), phase("Étude", 21, 110), phase("Décision", 130, 130)],
                "next_steps": [
                    step("Réunir le conseil d’école", "emilie", 20),
                    step("Chiffrer l’entretien des arbres", "julien", 45),
                ],
            },
        ),
    )


def _housing(when: When) -> tuple[Sheet, ...]:
    phases = [
        phase("Faisabilité", -390, -245, True),
        phase("Achat du terrain", -240, 90),
        phase("Permis d’aménager", 100, 260),
        phase("Viabilisation", 270, 480),
    ]
    return (
        Sheet(
            "aires",
            "projets",
            "Lotissement des Aires",
            "Douze lots pour de jeunes ménages. Suspendu tant qu'un propriétaire refuse de vendre.",
            (
                Change(345, "yann", "Fiche du projet"),
                Change(
                    248,
                    "yann",
                    "Estimation et esquisse",
                    fields={
                        "state": "running",
                        "budget": 780_000,
                        "committed": 24_300,
                        "phases": phases,
                        "funding": [line("Vente des lots", 720_000, "asked")],
                    },
                ),
                Change(
                    82,
                    "yann",
                    "Suspendu : un des deux propriétaires ne vend plus",
                    fields={
                        "state": "suspended",
                        "next_steps": [step("Revoir les propriétaires avec le notaire", "didier", 34)],
                    },
                ),
            ),
            (
                text(
                    "## Pourquoi\n\nL'école perd une classe si la commune ne gagne pas trente habitants en cinq ans. Le terrain des Aires est le seul d'un seul tenant, voir [[Plan local d'urbanisme]]."
                ),
                since(
                    2,
                    image(
                        "plan-aires",
                        "Esquisse de douze lots de part et d'autre d'une voie partagée ; un lot hachuré n'est pas maîtrisé",
                        "Esquisse, sans valeur contractuelle",
                    ),
                ),
                since(
                    3,
                    callout(
                        "watch",
                        "Projet suspendu",
                        "La commune n'exproprie pas pour ce projet. Elle attend la succession, sans engager de dépense nouvelle. Voir [[Négociation foncière des Aires]].",
                    ),
                ),
                text("## Ce qui n'est pas prévu\n\nPas de logements collectifs, pas de voie traversante."),
            ),
            model="ProjectPage",
            tags=("urbanisme", "logement"),
            fields={"state": "idea", "team": [member("yann", "Porteur"), member("didier", "Élu référent")]},
        ),
        Sheet(
            "aires-foncier",
            "aires",
            "Négociation foncière des Aires",
            "Où en sont les échanges avec les deux propriétaires.",
            (
                Change(246, "yann", "Estimation reçue"),
                Change(160, "yann", "Première offre"),
                Change(83, "yann", "Refus d'un des propriétaires"),
            ),
            (
                text("La parcelle mesure 8 640 m². Elle est estimée entre 267 840 € et 311 040 €."),
                since(
                    2,
                    text(
                        "## Offre de la commune\n\n280 000 €, frais de notaire en plus. Le premier propriétaire est d'accord."
                    ),
                ),
                since(
                    3,
                    text(
                        "## Refus\n\nLe second veut attendre la fin de la succession. La [[Déclaration d'intention d'aliéner]] reste surveillée."
                    ),
                ),
                document("estimation-aires"),
            ),
            tags=("urbanisme", "foncier"),
        ),
    )


def _roof(when: When) -> tuple[Sheet, ...]:
    started = [phase("Étude", -420, -330, True), phase("Travaux", -300, -120), phase("Réception", -110, -100)]
    done = [phase("Étude", -420, -330, True), phase("Travaux", -300, -104, True), phase("Réception", -90, -90, True)]
    return (
        Sheet(
            "toiture",
            "projets",
            "Toiture de la salle des Aulnes",
            "Couverture refaite et isolée ; réception sans réserve.",
            (
                Change(355, "patrick", "Reprise du dossier papier", fields={"phases": started}),
                Change(205, "patrick", "Charpente saine, pas d'avenant"),
                Change(
                    86,
                    "patrick",
                    "Réception sans réserve",
                    papers=("reception-aulnes",),
                    fields={
                        "state": "done",
                        "phases": done,
                        "committed": 148_300,
                        "next_steps": [step("Classer les notices", "julien", -80, True)],
                    },
                ),
            ),
            (
                text("## Ce qui a été fait\n\n410 m² d'ardoise, 300 mm d'isolant, deux sorties de secours reprises."),
                since(
                    2,
                    text(
                        "La charpente a été sondée pièce par pièce : aucune n'a dû être remplacée, ce qui a évité un avenant de 12 000 €."
                    ),
                ),
                since(
                    3,
                    text(
                        "## Ce qu'on a appris\n\n- prévoir la location d'un barnum : trois mariages ont dû être déplacés ;\n- photographier les combles avant de fermer.\n\nLa salle accueillera deux classes pendant la [[Rénovation énergétique de l'école des Tilleuls]]."
                    ),
                ),
            ),
            model="ProjectPage",
            tags=("bâtiment", "travaux"),
            fields={
                "state": "running",
                "budget": 152_000,
                "committed": 40_000,
                "funding": [line("Département", 45_600, "received"), line("Commune", 106_400, "received")],
                "team": [member("patrick", "Porteur"), member("sylvie", "Élue référente")],
            },
        ),
    )


def _cameras(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "video",
            "projets",
            "Vidéoprotection de la place du Marché",
            "Quatre caméras envisagées, puis abandonnées faute de subvention.",
            (
                Change(300, "patrick", "Demande des commerçants"),
                Change(
                    185,
                    "sandrine",
                    "Chiffrage",
                    fields={"budget": 46_000, "funding": [line("État, prévention", 18_400, "asked")]},
                ),
                Change(
                    -when.since_sitting(-2, 2),
                    "claire",
                    "Abandon voté",
                    fields={"state": "abandoned", "funding": [line("État, prévention", 18_400, "refused")]},
                ),
            ),
            (
                text(
                    "## La demande\n\nTrois vitrines ont été cassées en un hiver. Les commerçants demandent des caméras."
                ),
                since(
                    2,
                    table(
                        "Ce que cela coûte",
                        "Dépense | La première année | Ensuite, par an",
                        "Caméras et pose | 38 500 € | –",
                        "Enregistreur | 7 500 € | –",
                        "Entretien | – | 3 900 €",
                    ),
                ),
                since(
                    3,
                    callout(
                        "info",
                        "Projet abandonné",
                        f"Le conseil du {long_day(when.sitting(-2))} y renonce par 14 voix pour, 4 contre et 1 abstention. La place sera mieux éclairée : voir [[Éclairage public en LED]].",
                    ),
                ),
            ),
            model="ProjectPage",
            tags=("sécurité",),
            fields={"state": "idea", "team": [member("patrick", "Porteur"), member("bernard", "Élu référent")]},
        ),
    )


def _lighting(when: When) -> tuple[Sheet, ...]:
    first = [
        phase("Relevé des points", -280, -200, True),
        phase("Bourg", -190, -60),
        phase("Hameaux", -40, 80),
        phase("Bilan", 95, 95),
    ]
    then = [
        phase("Relevé des points", -280, -200, True),
        phase("Bourg", -190, -66, True),
        phase("Hameaux", -40, 80),
        phase("Bilan", 95, 95),
    ]
    return (
        Sheet(
            "led",
            "projets",
            "Éclairage public en LED",
            "312 points lumineux remplacés, extinction de 23 h à 5 h : 61 % d'électricité en moins.",
            (
                Change(278, "julien", "Relevé lancé"),
                Change(
                    132,
                    "sandrine",
                    "Marché signé",
                    papers=("marche-eclairage",),
                    fields={
                        "state": "running",
                        "budget": 161_000,
                        "committed": 84_200,
                        "phases": first,
                        "funding": [
                            line("Syndicat d’énergie", 64_400, "granted"),
                            line("Certificats d’économie", 9_800, "asked"),
                            line("Commune", 86_800, "granted"),
                        ],
                    },
                ),
                Change(66, "julien", "Bourg terminé", fields={"phases": then}),
                Change(
                    -when.since_sitting(-1, 2),
                    "julien",
                    "Deuxième tranche votée",
                    fields={
                        "committed": 96_500,
                        "next_steps": [
                            step("Poser les 40 premiers points des hameaux", "julien", 22),
                            step("Écrire l’arrêté d’extinction", "claire", 30),
                        ],
                    },
                ),
            ),
            (
                text(
                    "## Pourquoi\n\nL'éclairage pèse 38 % de l'électricité de la commune. Les lampes à sodium ne se fabriquent plus."
                ),
                since(
                    3,
                    image(
                        "lampes",
                        "Carte des points lumineux : ceux du bourg sont remplacés, ceux des hameaux à venir",
                        "Où en sont les remplacements",
                    ),
                ),
                since(
                    2,
                    table(
                        "Deux tranches",
                        "Tranche | Points | Marché HT",
                        "1. Bourg | 168 | 84 200 €",
                        "2. Hameaux | 144 | 76 800 €",
                    ),
                ),
                since(
                    4,
                    text(
                        "La place du Marché restera éclairée jusqu'à 1 h, le samedi : c'est une demande faite lors de l'abandon de la [[Vidéoprotection de la place du Marché]]."
                    ),
                ),
            ),
            model="ProjectPage",
            tags=("énergie", "voirie"),
            fields={
                "state": "idea",
                "team": [
                    member("julien", "Porteur"),
                    member("jean-luc", "Élu référent"),
                    member("sandrine", "Suivi financier"),
                ],
            },
        ),
        Sheet(
            "led-extinction",
            "led",
            "Extinction nocturne",
            "Pourquoi, où, à partir de quelle heure.",
            (
                Change(64, "julien", "Essai de trois mois"),
                Change(5, "julien", "Bilan de l'essai, à relire avant le conseil", published=False),
            ),
            (
                text("L'essai porte sur le bourg, de 23 h à 5 h, sauf la route départementale."),
                since(
                    2,
                    text(
                        "## Bilan\n\nAucun accident, quatre appels à l'accueil, 2 940 € économisés. Deux lampes restent allumées devant la [[Maison de santé]]."
                    ),
                ),
            ),
            tags=("énergie",),
        ),
    )


def _footbridge(when: When) -> tuple[Sheet, ...]:
    return (
        Sheet(
            "passerelle",
            "projets",
            "Passerelle de la Drise",
            "Relier à pied le bourg et le stade. Les études ont pris du retard.",
            (
                Change(198, "patrick", "Fiche du projet"),
                Change(
                    74,
                    "patrick",
                    "Esquisse",
                    fields={
                        "budget": 268_000,
                        "committed": 11_400,
                        "phases": [
                            phase("Étude hydraulique", -190, -12),
                            phase("Dossier loi sur l’eau", 10, 160),
                            phase("Décision", 175, 175),
                        ],
                        "funding": [line("Région, mobilités", 107_200, "asked")],
                    },
                ),
                Change(
                    8,
                    "patrick",
                    "L'étude hydraulique n'est pas rendue",
                    fields={
                        "next_steps": [
                            step("Relancer le bureau d’études", "patrick", -2),
                            step("Voir l’office de la biodiversité sur place", "didier", 18),
                        ]
                    },
                ),
            ),
            (
                text(
                    "## Pourquoi\n\nLes collégiens longent la départementale sans trottoir sur 600 m. Un gué sert l'été, il est noyé l'hiver."
                ),
                since(
                    2,
                    image(
                        "passerelle",
                        "Esquisse d'une passerelle de bois à arc, d'une seule portée au-dessus de la rivière",
                        "Une seule portée, sans pile dans l'eau",
                    ),
                ),
                since(
                    3,
                    callout(
                        "watch",
                        "Étude en retard",
                        "Les relevés de crue manquent. Sans eux, le dossier loi sur l'eau ne peut pas être déposé. Voir la [[Visite des berges]].",
                    ),
                ),
                until(2, text("Le [[Dossier loi sur l'eau de la passerelle]] sera déposé après l'étude.")),
            ),
            model="ProjectPage",
            tags=("voirie", "rivière"),
            fields={"state": "idea", "team": [member("patrick", "Porteur"), member("didier", "Élu référent")]},
        ),
        Sheet(
            "passerelle-visite",
            "passerelle",
            "Visite des berges",
            "Compte rendu de la visite avec le syndicat de rivière.",
            (Change(44, "patrick", "Compte rendu"),),
            (
                text(
                    "## Présents\n\nDidier Fauresse, Patrick Brun, deux techniciens du syndicat de rivière.\n\n## Ce qui s'est dit\n\nLa berge du stade recule de 15 cm par an. L'appui devra être reculé de 3 m. La [[Passerelle de la Drise]] ne peut pas avoir de pile dans le lit.\n\n## Qui fait quoi\n\n- Le syndicat envoie les relevés de crue de 1999.\n- Patrick Brun relance le bureau d'études."
                ),
            ),
            tags=("rivière",),
            fields={"kind": "minutes"},
        ),
        Sheet(
            "projets-calendrier",
            "projets",
            "Calendrier des projets et du conseil",
            "Quel dossier passe à quelle séance.",
            (
                Change(115, "claire", "Première version"),
                Change(58, "claire", "Lauzes et éclairage"),
                Change(10, "claire", "Prochaines séances"),
            ),
            (
                table(
                    "Les prochaines décisions",
                    "Séance | Dossier | Rapporteur",
                    f"{long_day(when.sitting(0))} | École, lot 2 | Sylvie Roussillon",
                    f"{long_day(when.sitting(0))} | Tarifs de la cantine | Nadia Benkacem",
                    f"{long_day(when.sitting(1))} | École, lot 3 | Sylvie Roussillon",
                    f"{long_day(when.sitting(1))} | Cour de l'école | Nadia Benkacem",
                ),
                text(
                    "Un dossier est complet dix jours avant la séance : c'est la règle de [[Préparer une séance du conseil]]."
                ),
                since(2, files("Pour mémoire", "delib-financement", "marche-eclairage")),
            ),
            tags=("conseil",),
            fields={"kind": "note"},
        ),
    )
