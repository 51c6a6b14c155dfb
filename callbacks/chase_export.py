"""The chase list and its notes as one workbook: ``/data/chase.xlsx``.

Texts are written as texts, so that no spreadsheet runs one as a formula.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any, Final

import flask
import pandas as pd
import xlsxwriter

from callbacks.data_routes import add_origin, audience_word, chosen_selection, closed, origin
from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.chase_frames import CHASE_NOTES, CHASE_OBLIGATIONS
from dashboard.errors import ClosedError
from dashboard.frames import Column
from dashboard.selection import Selection
from layouts.scene import Names

WIDTHS: Final = {"text": 96, "title": 40, "member_iso3": 28, "collection_id": 32}
"""Widths of columns in characters, where 16 is not enough."""

CODES: Final = {
    "reason": "chase.reason",
    "latest_bound": "chase.bound",
    "language": "common.language",
}
"""Columns of codes to the words that say them."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(server: flask.Flask, services: Services) -> None:
    """Attach the address."""

    @server.get("/data/chase.xlsx")
    def give_workbook() -> flask.Response:
        selection, _ = chosen_selection(services)
        try:
            response = flask.Response(workbook(services, selection), mimetype=XLSX)
        except ClosedError:
            return closed(services, selection)
        facts = origin(services, selection)
        word = "-synthetic" if facts["is_synthetic"] else ""
        response.headers["Content-Disposition"] = (
            f'attachment; filename="chase{word}{audience_word(facts)}-{facts["version"]}.xlsx"'
        )
        add_origin(response, facts)
        return response


def workbook(services: Services, selection: Selection) -> bytes:
    """Return the workbook of a selection: a sheet of obligations, a sheet of notes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for frame in (CHASE_OBLIGATIONS, CHASE_NOTES):
            _Sheet(book, services, selection).write(frame)
    return buffer.getvalue()


class _Sheet:
    """Writes one frame under the facts of its origin."""

    def __init__(self, book: xlsxwriter.Workbook, services: Services, chosen: Selection) -> None:
        self.services, self.selection, self.book = services, chosen, book
        self.words = services.words(chosen.language)
        self.names: Names = services.names(chosen.language, services.audience(chosen))
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "ratio": book.add_format({"num_format": "0.000", "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "plain": book.add_format({"valign": "top"}),
        }

    def write(self, frame: NamedFrame) -> None:
        data = frame.read(self.services, self.selection)
        words = self.words
        sheet = self.book.add_worksheet(words(f"chase.sheet_{frame.name}"))
        facts = self._facts(frame)
        for place, text in enumerate(facts):
            sheet.write_string(place, 0, text, self.bold if place == 0 else None)
        top = len(facts) + 1
        for place, column in enumerate(frame.columns):
            sheet.write_string(top, place, words(column.label_key), self.head)
            sheet.set_column(place, place, WIDTHS.get(column.name, 16))
        for line, row in enumerate(data.itertuples(index=False, name=None), start=top + 1):
            for place, (column, value) in enumerate(zip(frame.columns, row, strict=True)):
                self._cell(sheet, line, place, column, value)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + max(len(data), 1), len(frame.columns) - 1)

    def _facts(self, frame: NamedFrame) -> list[str]:
        words, facts = self.words, origin(self.services, self.selection)
        scope = ", ".join(map(self.names.region, self.selection.regions))
        lines = [
            words(f"frame.{frame.name}"),
            words("common.source", source=facts["source"]),
            words("common.as_of", day=words.day(date.fromisoformat(str(facts["as_of"])))),
            f"{words('common.region')}: {scope or words('common.all_regions')}",
            f"{words.month(self.selection.first or '')} – {words.month(self.selection.last or '')}",
            words("common.version", version=facts["version"])
            + f" · {facts['framework']} · {words('chase.method', version=facts['method_version'])}",
        ]
        if facts["is_synthetic"]:
            lines.insert(1, words("chase.note.synthetic"))
        return lines

    def _cell(self, sheet: Any, line: int, place: int, column: Column, value: Any) -> None:
        """Write one cell; whatever is no number or day is a text, never a formula."""
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            return
        unit = column.unit_name
        if column.name.endswith("_on"):
            sheet.write_datetime(line, place, pd.Timestamp(value), self.formats["day"])
        elif unit is not None:
            style = self.formats[unit if unit in {"share", "ratio"} else "plain"]
            sheet.write_number(line, place, float(value), style)
        else:
            sheet.write_string(line, place, self._text(column.name, value), self.formats["text"])

    def _text(self, name: str, value: Any) -> str:
        if name == "member_iso3":
            return self.names.member(str(value))
        if name == "region_id":
            return self.names.region(str(value))
        if name == "collection_id":
            return self.names.collections.get(str(value), str(value))
        if name.endswith("period_id"):
            return self.words.period(int(value))
        key = f"{CODES.get(name, name)}_{value}"
        return self.words(key) if self.words.has(key) else str(value)
