"""The synonyms that every town hall starts with; the town edits them."""

from django.db import migrations

STARTING = (
    "PLU, plan local d’urbanisme",
    "PLUi, plan local d’urbanisme intercommunal",
    "DETR, dotation d’équipement des territoires ruraux",
    "DSIL, dotation de soutien à l’investissement local",
    "DGF, dotation globale de fonctionnement",
    "voirie, route, chaussée",
    "élu, élue",
    "PV, procès-verbal",
    "CM, conseil municipal",
    "CCAS, centre communal d’action sociale",
    "RPQS, rapport sur le prix et la qualité du service",
    "EPCI, communauté de communes, intercommunalité",
    "SG, secrétaire générale, secrétaire général",
    "CAO, commission d’appel d’offres",
    "DICT, déclaration d’intention de commencement de travaux",
    "PC, permis de construire",
    "DP, déclaration préalable",
    "CU, certificat d’urbanisme",
    "ERP, établissement recevant du public",
    "ADS, autorisation du droit des sols",
    "cantine, restaurant scolaire, restauration scolaire",
    "garderie, périscolaire",
    "déchets, ordures ménagères, poubelles",
    "subvention, aide financière",
)


def add(apps, schema_editor):
    apps.get_model("search", "Synonym").objects.bulk_create(
        apps.get_model("search", "Synonym")(words=words) for words in STARTING
    )


def remove(apps, schema_editor):
    apps.get_model("search", "Synonym").objects.filter(words__in=STARTING).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_memory")]
    operations = [migrations.RunPython(add, remove)]
