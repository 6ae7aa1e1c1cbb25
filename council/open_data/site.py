"""The archive for the site that the town already has: a page, the acts, their hashes. What is public, and nothing more."""

import io
import zipfile
from collections.abc import Iterable

from django.template.loader import render_to_string

from council.open_data import scdl
from council.publication.models import Publication
from kb.documents import storage
from kb.people.models import Town
from kb.typography import day

COLUMNS = ("NUMERO", "DATE", "OBJET", "AUTEUR", "MIS_EN_LIGNE", "SHA256", "FICHIER")


def archive(publications: Iterable[Publication]) -> bytes:
    """A ZIP: index.html, actes.csv, empreintes-sha256.txt (as sha256sum writes it), actes/."""
    found = list(publications)
    out, rows = io.BytesIO(), [_row(one) for one in found]
    context = {
        "town": Town.current(),
        "rows": [{**row, "when": day(one.act.decided_on)} for row, one in zip(rows, found, strict=True)],
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("index.html", render_to_string("council/open_data/site.html", context))
        archived.writestr("actes.csv", "\ufeff" + scdl.as_csv(rows, COLUMNS))
        archived.writestr("empreintes-sha256.txt", "".join(f"{row['SHA256']}  {row['FICHIER']}\n" for row in rows))
        for row, one in zip(rows, found, strict=True):
            with storage.documents().open(one.file_name, "rb") as source:
                archived.writestr(row["FICHIER"], source.read())
    return out.getvalue()


def _row(one: Publication) -> dict[str, str]:
    return {
        "NUMERO": one.act.written,
        "DATE": one.act.decided_on.isoformat(),
        "OBJET": one.subject,
        "AUTEUR": one.author,
        "MIS_EN_LIGNE": one.up_on.isoformat(),
        "SHA256": one.sha256,
        "FICHIER": f"actes/{one.act.number}.pdf",
    }
