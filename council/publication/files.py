"""The files of acts: judged from their bytes, hashed as they are stored, read once."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile

from council.acts.models import SignedCopy
from council.publication.models import Act, ActFile, FileRole, FileText
from kb.documents import file_types
from kb.documents.extraction import readers
from kb.documents.file_types import Kind
from kb.people.account import User
from kb.refusals import Refused
from kb.typography import size as weight

LARGEST = 150 * 1000 * 1000  # octets: what @CTES takes of one act
PDF_ALONE = frozenset({FileRole.SIGNED, FileRole.PUBLIC, FileRole.MASKED})
SIGNED_KINDS = frozenset({Kind.PDF})


@dataclass(frozen=True)
class Signed:
    """The signed act as it stands: where its bytes are, and their hash."""

    storage: Any
    name: str
    file_name: str
    sha256: str
    size: int
    mime: str
    at: Any

    def data(self) -> bytes:
        """The bytes. Raises Refused where the storage lost them."""
        try:
            with self.storage.open(self.name, "rb") as source:
                return bytes(source.read())
        except FileNotFoundError:
            raise Refused("Le fichier signé n’est plus dans le rangement : déposez-le de nouveau.") from None


def signed_of(act: Act) -> Signed | None:
    """The newest signed copy, dropped here or with the signature folder of the sitting."""
    found: list[ActFile | SignedCopy] = list(act.files.filter(role=FileRole.SIGNED))
    if act.deliberation_id:
        copies = SignedCopy.objects.filter(deliberation=act.deliberation_id, set_aside_at=None)
        found += [one for one in copies if one.mime == "application/pdf"]
    if not found:
        return None
    row = max(found, key=lambda one: one.at)
    return Signed(row.file.storage, str(row.file.name), row.file_name, row.sha256, row.size, row.mime, row.at)


def newest(act: Act, role: FileRole) -> ActFile | None:
    """The file that counts of a role."""
    return act.files.filter(role=role).order_by("at", "pk").last()


def is_examined(signed: Signed) -> bool:
    """Whether its text was looked at; a copy that came with the signature folder is not yet."""
    return FileText.objects.filter(sha256=signed.sha256).exists()


def store(act: Act, role: FileRole, data: bytes, file_name: str, *, by: User, masks: str = "") -> ActFile:
    """A file of an act, in the caller's transaction. Raises Refused."""
    name, found = check(role, data, file_name)
    row = ActFile(
        act=act,
        role=role,
        file_name=file_types.fitting_name(name, found),
        mime=found.mime,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        masks=masks,
        by=by,
    )
    row.file.save(row.file_name, ContentFile(data), save=False)
    row.save()
    return row


def check(role: FileRole, data: bytes, file_name: str) -> tuple[str, file_types.FileType]:
    """The name that a file may bear, and what its bytes are. Raises Refused."""
    if len(data) > LARGEST:
        raise Refused(f"« {file_name} » pèse {weight(len(data))} : la limite est de {weight(LARGEST)}. Allégez-le.")
    kinds = SIGNED_KINDS if role in PDF_ALONE else file_types.accepted_kinds()
    name = file_types.safe_name(file_name)
    try:
        return name, file_types.judge(data, name, accepted=kinds)
    except file_types.RefusedFile as refused:
        if kinds == SIGNED_KINDS:
            raise Refused(
                f"« {name} » n’est pas un PDF : un acte signé se dépose en PDF. Numérisez-le ainsi."
            ) from None
        raise Refused(str(refused)) from None


def text_in(sha256: str, data: Any) -> FileText:
    """The text of some bytes, read in a child the first time; `data()` gives them."""
    known = FileText.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    reading = readers.read(data(), "acte.pdf")
    text = "\n\n".join(page.text for page in reading.pages)
    readable = bool(text.strip()) and not any(page.waiting for page in reading.pages)
    return FileText.objects.get_or_create(sha256=sha256, defaults={"text": text, "readable": readable})[0]


def read_once(data: bytes) -> str:
    """The text of some bytes that are not kept yet, read in a child."""
    return "\n\n".join(page.text for page in readers.read(data, "accuse.pdf").pages)
