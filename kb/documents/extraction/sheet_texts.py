"""What the child runs for spreadsheets: their cells, sheet by sheet. Never imported by the server.

Only the cells that are written cost anything: a cell at XFD1048576 is one cell. Hidden sheets, rows and
columns, and comments, stay out. A sheet starts with its name; a row is a line.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from lxml import etree

from kb.documents.containers import open_zip, read_part
from kb.documents.extraction import word_cleaning_odt as writer
from kb.documents.extraction.child_answers import answered
from kb.documents.extraction.slide_texts import R_ID
from kb.documents.extraction.slide_texts import related as related_parts
from kb.documents.extraction.word_cleaning import PARSER_OPTIONS, Refused, parsed, remove_all
from kb.documents.extraction.word_cleaning_docx import STRICT, TRANSITIONAL
from kb.documents.extraction.word_texts import CELL, TABLE, odf_lines

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_CHARACTERS = 8_000_000
MOST_SHEETS = 500
MOST_COLUMNS = 16_384  # XFD
DATE_FORMATS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}  # ECMA-376, 18.8.30
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
LAST_DAY = 2_958_466  # 31 December 9999
ON = {"1", "true"}


def xlsx() -> bytes:
    """The .xlsx on standard input, a text for each sheet, hidden ones empty."""
    return answered(_xlsx)


def ods() -> bytes:
    """The .ods on standard input, likewise."""
    return answered(_ods)


def binary() -> bytes:
    """The .xls or .xlsb on standard input, likewise; their hidden rows are not told from the others."""
    return answered(_binary)


class _Room:
    """How much may still be kept of a workbook: what comes after is left."""

    def __init__(self) -> None:
        self.left = MOST_CHARACTERS

    def takes(self, line: str) -> bool:
        self.left -= len(line) + 1
        return self.left > 0


def _xlsx(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        book = _root(archive, "xl/workbook.xml")
        parts = related_parts(archive, "xl/workbook.xml")
        strings = _shared(archive, _of_kind(parts, "sharedStrings"))
        dates = _date_styles(archive, _of_kind(parts, "styles"))
        properties = book.find(f"{M}workbookPr")
        epoch = EPOCH_1904 if properties is not None and properties.get("date1904") in ON else EPOCH
        room, texts = _Room(), []
        for sheet in list(book.iter(f"{M}sheet"))[:MOST_SHEETS]:
            kind, part = parts.get(sheet.get(R_ID) or "", ("", ""))
            lines = [sheet.get("name") or ""]
            if sheet.get("state", "visible") != "visible" or kind != "worksheet":
                texts.append("")
                continue
            for line in _rows(read_part(archive, part), strings, dates, epoch):
                if not room.takes(line):
                    break
                lines.append(line)
            texts.append("\n".join(lines) if len(lines) > 1 else "")
        return texts, any(name.startswith("xl/media/") for name in archive.namelist())


def _root(archive: zipfile.ZipFile, name: str) -> etree._Element:
    data = read_part(archive, name)
    if not data:
        raise Refused("damaged")
    return parsed(STRICT.sub(TRANSITIONAL, data))


def _of_kind(parts: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for found, part in parts.values() if found == kind), "")


def _ended(data: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements with these names as they end, whatever the namespace; none that is past stays in memory."""
    if not data:
        return
    options = {name: value for name, value in PARSER_OPTIONS.items() if name != "resolve_entities"}
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), events=("end",), tag=[f"{{*}}{name}" for name in names], resolve_entities=False, **options
        ):
            if element.getroottree().docinfo.internalDTD is not None:
                raise Refused("trapped")
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise Refused("too_deep" if "depth" in str(error).lower() else "damaged") from error


def _shared(archive: zipfile.ZipFile, part: str) -> list[str]:
    """The texts that cells name by number, less their phonetic guides."""
    return [
        "".join(text.text or "" for text in element.iter("{*}t") if not text.getparent().tag.endswith("}rPh"))
        for element in _ended(read_part(archive, part) if part else b"", "si")
    ]


def _date_styles(archive: zipfile.ZipFile, part: str) -> set[int]:
    """The numbers of the cell styles that show a day."""
    data = read_part(archive, part) if part else b""
    if not data:
        return set()
    root = parsed(STRICT.sub(TRANSITIONAL, data))
    own = {_whole(found.get("numFmtId")): found.get("formatCode") or "" for found in root.iter(f"{M}numFmt")}
    dates = DATE_FORMATS | {number for number, code in own.items() if _shows_a_day(code)}
    styles = root.find(f"{M}cellXfs")
    return {
        place
        for place, style in enumerate(styles if styles is not None else ())
        if _whole(style.get("numFmtId")) in dates
    }


def _shows_a_day(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower()
    return bool(re.search("[dy]|mmm", bare)) and not re.search("[#0]", bare)


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else -1


def _rows(data: bytes, strings: list[str], dates: set[int], epoch: datetime) -> Iterator[str]:
    hidden: set[int] = set()
    for element in _ended(data, "col", "row"):
        if element.tag.endswith("}col"):
            if element.get("hidden") in ON:
                hidden.update(range(_whole(element.get("min")), min(_whole(element.get("max")), MOST_COLUMNS) + 1))
            continue
        if element.get("hidden") in ON:
            continue
        shown = (
            _cell(cell, strings, dates, epoch)
            for place, cell in enumerate(element.iterchildren("{*}c"), 1)
            if _column(cell, place) not in hidden
        )
        line = CELL.join(text for text in shown if text)
        if line:
            yield line


def _column(cell: etree._Element, place: int) -> int:
    """« BC12 » → 55; the place in the row where the cell does not say."""
    letters = re.match(r"[A-Z]{1,3}", cell.get("r") or "")
    if letters is None:
        return place
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number


def _cell(cell: etree._Element, strings: list[str], dates: set[int], epoch: datetime) -> str:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "s":
        place = _whole(value.strip())
        return _line(strings[place]) if 0 <= place < len(strings) else ""
    if kind == "inlineStr":
        return _line("".join(text.text or "" for text in cell.iter("{*}t")))
    if kind == "b":
        return "VRAI" if value.strip() == "1" else "FAUX"
    if kind in {"str", "d"}:
        return _line(value)
    return "" if kind == "e" else _number(value, _whole(cell.get("s")) in dates, epoch)


def _number(value: str, is_date: bool, epoch: datetime) -> str:
    try:
        number = float(value)
    except ValueError:
        return ""
    if is_date and 0 < number < LAST_DAY:
        return _shown(epoch + timedelta(days=number))
    return _shown(number)


def _shown(value: object) -> str:
    """A value as a French sheet shows it: « 12/03/2026 », « 1500,5 »."""
    if isinstance(value, datetime):
        at = "" if value.time() == time() else f" {value:%H:%M}"
        return f"{value.day:02}/{value.month:02}/{value.year}{at}"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return _line(str(value))


def _line(text: str) -> str:
    return " ".join(text.split())


def _ods(data: bytes) -> tuple[list[str], bool]:
    with open_zip(data) as archive:
        content = parsed(read_part(archive, "content.xml"))
        remove_all(content.iter(f"{writer.OFFICE}annotation"), writer.Found(), "")
        unseen = {
            style.getparent().get(f"{writer.STYLE}name")
            for style in content.iter(f"{writer.STYLE}table-properties")
            if style.get(f"{TABLE}display") == "false"
        }
        room, texts = _Room(), []
        for sheet in list(content.iter(f"{TABLE}table"))[:MOST_SHEETS]:
            if sheet.get(f"{TABLE}style-name") in unseen:
                texts.append("")
                continue
            lines = [line for line in _ods_rows(sheet) if room.takes(line)]
            texts.append("\n".join([sheet.get(f"{TABLE}name") or "", *lines]) if lines else "")
        return texts, any(name.startswith("Pictures/") for name in archive.namelist())


def _ods_rows(sheet: etree._Element) -> Iterator[str]:
    """The rows that hold something; a row or a cell repeated a million times is said once."""
    unseen: set[int] = set()
    place = 0
    for column in sheet.iter(f"{TABLE}table-column"):
        after = place + max(_whole(column.get(f"{TABLE}number-columns-repeated")), 1)
        if column.get(f"{TABLE}visibility") in {"collapse", "filter"}:
            unseen.update(range(place, min(after, MOST_COLUMNS)))
        place = after
    for element in sheet.iter(f"{TABLE}table-row"):
        if element.get(f"{TABLE}visibility") not in {"collapse", "filter"}:
            line = CELL.join(text for text in _ods_cells(element, unseen) if text)
            if line:
                yield line


def _ods_cells(element: etree._Element, unseen: set[int]) -> Iterator[str]:
    place = 0
    for cell in element.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        if place not in unseen:
            yield _line(" ".join(odf_lines(cell)))
        place += max(_whole(cell.get(f"{TABLE}number-columns-repeated")), 1)


def _binary(data: bytes) -> tuple[list[str], bool]:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(data))
        room, texts = _Room(), []
        for sheet in book.sheets_metadata[:MOST_SHEETS]:
            if sheet.visible != calamine.SheetVisibleEnum.Visible or sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                texts.append("")
                continue
            lines = []
            for row in book.get_sheet_by_name(sheet.name).iter_rows():
                line = CELL.join(text for value in row if (text := _shown(value)))
                if line and not room.takes(line):
                    break
                lines += [line] if line else []
            texts.append("\n".join([sheet.name, *lines]) if lines else "")
    except calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except calamine.CalamineError as error:
        raise Refused("damaged") from error
    except BaseException as error:  # a panic in Rust is no Exception; the sandbox's own refusals go on
        if type(error).__name__ != "PanicException":
            raise
        raise Refused("damaged") from error
    return texts, False
