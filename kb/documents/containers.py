"""Looks inside the two containers of office files, zip and OLE, without unpacking what they hold."""

import io
import re
import struct
import zipfile
import zlib
from typing import BinaryIO

import olefile

MB = 1024 * 1024
MOST_RATIO = 200
RATIO_COUNTS_FROM = MB  # a small blank part compresses by a thousand without harm
MOST_PART = 80 * MB
MOST_UNPACKED = 500 * MB
MOST_PARTS = 20_000
MOST_MANIFEST = 4 * MB

WORD_ENCRYPTED = 0x0100  # FibBase.fEncrypted, [MS-DOC] 2.5.1
EXCEL_FILEPASS = 0x002F  # [MS-XLS] 2.4.117
POWERPOINT_ENCRYPTED = 0xF3D1C4DF  # CurrentUserAtom.headerToken, [MS-PPT] 2.3.2


class Damaged(Exception):
    """The container cannot be opened: cut short, or not what its first bytes say."""


class Bomb(Exception):
    """The container unpacks into far more than it weighs. The words say what, in French, for a person."""


def open_zip(file: bytes | BinaryIO) -> zipfile.ZipFile:
    """A zip that is safe to unpack: at most 20,000 parts, 80 MB a part, 500 MB in all, 200 times its size.

    The sizes are those the zip declares: `zipfile` never gives more of a part than it declares. Raises
    Damaged, Bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        struct.error,
    ) as error:
        raise Damaged(str(error)) from error
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Bomb(f"il contient {len(parts)} morceaux")
    for part in parts:
        if part.file_size > MOST_PART:
            raise Bomb(f"un de ses morceaux pèse {part.file_size // MB} Mo une fois décompressé")
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise Bomb("un de ses morceaux grossit plus de 200 fois à la décompression")
    total = sum(part.file_size for part in parts)
    if total > MOST_UNPACKED:
        raise Bomb(f"il pèse {total // MB} Mo une fois décompressé")
    return archive


def read_part(archive: zipfile.ZipFile, name: str, most: int = MOST_PART) -> bytes:
    """The bytes of one part, b"" when it is missing or heavier than `most`. Raises Damaged."""
    try:
        part = archive.getinfo(name)
        return archive.read(part) if part.file_size <= most else b""
    except KeyError:
        return b""
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise Damaged(str(error)) from error


def is_encrypted_zip(archive: zipfile.ZipFile) -> bool:
    """Whether the parts are encrypted, as zip does it or as OpenDocument does."""
    if any(part.flag_bits & 1 for part in archive.infolist()):
        return True
    return b"encryption-data" in read_part(archive, "META-INF/manifest.xml", MOST_MANIFEST)


def ole_family(file: bytes | BinaryIO) -> tuple[str, bool]:
    """What an OLE file holds ("doc", "xls", "ppt", "msg", "encrypted_ooxml" or "other"), and whether it is
    encrypted.

    Raises Damaged.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(file) if isinstance(file, bytes) else file) as ole:
            return _ole_family(ole)
    except Exception as error:  # olefile lets struct.error, IndexError and others out of a damaged file
        raise Damaged(str(error)) from error


def _ole_family(ole: olefile.OleFileIO) -> tuple[str, bool]:
    if ole.exists("EncryptedPackage"):
        return "encrypted_ooxml", True
    if ole.exists("WordDocument"):
        flags = struct.unpack("<H", _stream_start(ole, "WordDocument", 12)[10:12])[0]
        return "doc", bool(flags & WORD_ENCRYPTED)
    for name in ("Workbook", "Book"):
        if ole.exists(name):
            return "xls", _has_filepass(_stream_start(ole, name, 4096))
    if ole.exists("PowerPoint Document"):
        token = (
            struct.unpack("<I", _stream_start(ole, "Current User", 16)[12:16])[0] if ole.exists("Current User") else 0
        )
        return "ppt", token == POWERPOINT_ENCRYPTED
    if ole.exists("__properties_version1.0"):
        return "msg", False
    return "other", False


def _stream_start(ole: olefile.OleFileIO, name: str, length: int) -> bytes:
    return ole.openstream(name).read(length)


def _has_filepass(records: bytes) -> bool:
    """FILEPASS stands among the first records of the workbook, or nowhere."""
    position = 0
    for _ in range(8):
        if position + 4 > len(records):
            return False
        kind, length = struct.unpack("<HH", records[position : position + 4])
        if kind == EXCEL_FILEPASS:
            return True
        position += 4 + length
    return False


def ooxml_main_type(archive: zipfile.ZipFile) -> str:
    """The content type of the main part of an OOXML file, "" when there is none."""
    types = read_part(archive, "[Content_Types].xml", MOST_MANIFEST)
    found = re.search(rb'ContentType\s*=\s*["\']([^"\']*(?:\.main\+xml|binary\.macroEnabled\.main))["\']', types)
    return found[1].decode("ascii", errors="replace") if found else ""
