"""What the council adds to Wagtail's admin: the words of its log entries."""

from typing import Any

from wagtail import hooks

WORDS = (
    ("council.instance.settle", "Régler le conseil", "Règles du conseil écrites"),
    ("council.mandate.begin", "Ajouter un membre", "Membre ajouté au tableau"),
    ("council.mandate.end", "Noter un départ", "Fin de mandat notée"),
    ("council.agenda.order", "Ordonner l’ordre du jour", "Ordre du jour réordonné"),
    ("council.agenda.withdraw", "Retirer un point", "Point retiré de l’ordre du jour"),
    ("council.agenda.postpone", "Renvoyer un point", "Point renvoyé à une autre séance"),
    ("council.sitting.convene", "Noter la convocation", "Convocation notée"),
    ("council.agenda.sign", "Signer l’ordre du jour", "Ordre du jour arrêté et signé"),
    ("council.convocation.delivered", "Noter une remise", "Convocation remise en main propre"),
    ("council.convocation.bounced", "Noter un courriel revenu", "Convocation revenue"),
    ("council.convocation.acknowledge", "Accuser réception", "Convocation reçue"),
    ("council.convocation.answer", "Répondre", "Présence annoncée"),
    ("council.mandate.sending", "Choisir ses envois", "Façon d’être convoqué notée"),
    ("council.question.ask", "Poser une question", "Question posée au rapporteur"),
    ("council.question.answer", "Répondre à une question", "Réponse donnée"),
    ("council.withdrawal.declare", "Ne pas prendre part", "Ne prend pas part à l’affaire"),
    ("council.withdrawal.end", "Prendre part", "Prend part à l’affaire"),
    ("council.pouvoir.give", "Donner pouvoir", "Pouvoir donné"),
    ("council.pouvoir.revoke", "Retirer un pouvoir", "Pouvoir retiré"),
    ("council.paper.replaced", "Remplacer une pièce", "Pièce remplacée après la convocation"),
    ("council.paper.correct", "Ouvrir une correction", "Correction ouverte sur un point convoqué"),
    ("council.paper.corrected", "Envoyer une correction", "Texte corrigé après la convocation"),
    ("council.agenda.complete", "Compléter l’ordre du jour", "Ordre du jour complémentaire ouvert"),
    ("council.paper.added", "Envoyer un complément", "Ordre du jour complémentaire envoyé"),
    ("council.sitting.urgency", "Motiver l’urgence", "Urgence motivée"),
    ("council.sitting.held", "Noter la séance tenue", "Séance tenue"),
    ("council.floor.open", "Ouvrir la séance", "Séance ouverte"),
    ("council.floor.undo", "Annuler une saisie", "Saisie de séance annulée"),
    ("council.floor.close", "Lever la séance", "Séance levée"),
    ("council.floor.correct", "Corriger une saisie", "Saisie de séance corrigée après la clôture"),
    ("council.acts.number", "Numéroter les délibérations", "Délibérations numérotées"),
    ("council.acts.correct", "Corriger une délibération", "Délibération corrigée"),
    ("council.delegation.note", "Noter une délégation", "Délégation au maire notée"),
    ("council.decision.take", "Prendre une décision du maire", "Décision du maire prise"),
    ("council.act.signed", "Déposer un acte signé", "Acte signé déposé"),
    ("council.act.masked", "Déposer une version masquée", "Version publique déposée"),
    ("council.act.personal", "Choisir ce qui est masqué", "Donnée personnelle masquée ou gardée"),
    ("council.act.publish", "Publier un acte", "Acte publié"),
    ("council.act.down", "Retirer un acte", "Acte retiré de la publication"),
    ("council.act.send", "Noter un envoi au préfet", "Envoi au préfet noté"),
    ("council.act.received", "Noter un accusé de réception", "Acte reçu par le préfet"),
    ("council.act.follow", "Suivre un acte", "Suivi d’un acte changé"),
    ("council.publication.way", "Choisir le mode de publication", "Mode de publication choisi"),
    ("council.publication.identity", "Noter le SIRET", "SIRET et préfecture notés"),
    ("council.acts.signed", "Déposer un papier signé", "Papier signé déposé"),
    ("council.acts.set_aside", "Écarter un fichier déposé", "Fichier déposé écarté"),
    ("council.acts.scheme", "Choisir le modèle des numéros", "Modèle des numéros choisi"),
    ("council.minutes.send", "Envoyer le procès-verbal", "Procès-verbal envoyé aux membres"),
    ("council.minutes.approve", "Arrêter le procès-verbal", "Procès-verbal arrêté"),
    ("council.step.done", "Noter une échéance", "Échéance notée"),
    ("council.sitting.cancel", "Annuler une séance", "Séance annulée"),
    ("council.calendar.address", "Créer une adresse de calendrier", "Adresse de calendrier créée"),
    ("council.calendar.end", "Arrêter une adresse de calendrier", "Adresse de calendrier arrêtée"),
    ("council.delegation.give", "Noter une délégation", "Délégation notée"),
    ("council.delegation.end", "Mettre fin à une délégation", "Fin de délégation notée"),
    ("council.instance.outside", "Noter une instance extérieure", "Instance extérieure notée"),
    ("council.proposal.make", "Proposer au conseil", "Point proposé au conseil"),
    ("council.proposal.accept", "Inscrire une proposition", "Proposition inscrite"),
    ("council.proposal.refuse", "Écarter une proposition", "Proposition écartée"),
    ("council.item.resume", "Reprendre une délibération", "Délibération reprise d’une séance plus ancienne"),
    ("council.item.annex", "Régler une annexe", "Annexe d’un point repris réglée"),
    ("council.sitting.duplicate", "Dupliquer la séance", "Séance créée d’après une autre"),
    ("council.plan.use", "Inscrire un point du plan", "Point du plan annuel inscrit"),
    ("council.plan.keep", "Écrire le plan annuel", "Point du plan annuel écrit"),
)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Our entries of the one audit log."""
    for code, label, message in WORDS:
        actions.register_action(code, label, message)
