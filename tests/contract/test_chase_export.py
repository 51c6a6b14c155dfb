"""The workbook of the chase list, read back; and the list against what is overdue."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from callbacks import chase_export
from tests.support.app import test_app

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SEARCH = "?region=west_central_africa&asof=2026-06-30"


@pytest.fixture(scope="module")
def app(warehouse_url: str) -> Iterator[Any]:
    found = test_app(warehouse_url, query_deadline_seconds=60)
    yield found
    found.server.config["WCO_SERVICES"].close()


@pytest.fixture
def client(app: Any) -> Iterator[Any]:
    with app.server.test_client() as client:
        yield client


def _tables(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of each sheet of a workbook, as texts; a formula anywhere is an error."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = [
            "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = [
            str(sheet.get("name"))
            for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        tables = {}
        for number, name in enumerate(names, start=1):
            root = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert list(root.iter(f"{SHEET}f")) == []
            tables[name] = [_row(row, texts) for row in root.iter(f"{SHEET}row")]
    return tables


def _row(row: ET.Element, texts: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        letters = str(cell.get("r")).rstrip("0123456789")
        place = ord(letters) - ord("A")
        value = cell.findtext(f"{SHEET}v") or ""
        cells += [""] * (place - len(cells))
        cells.append(texts[int(value)] if cell.get("t") == "s" else value)
    return cells


def test_the_workbook_has_a_row_per_obligation_and_a_note_per_member_and_language(
    client: Any,
) -> None:
    answer = client.get(f"/data/chase.xlsx{SEARCH}")
    assert answer.status_code == 200
    assert "synthetic" in answer.headers["Content-Disposition"]
    tables = _tables(answer.get_data())
    assert list(tables) == ["List", "Notes"]
    owed = client.get(f"/data/chase_obligations.json{SEARCH}").get_json()
    notes = client.get(f"/data/chase_notes.json{SEARCH}").get_json()
    assert len(owed["rows"]) > 20
    for name, body in (("List", owed), ("Notes", notes)):
        facts = [row[0] for row in tables[name] if len(row) == 1]
        assert any("SYNTHETIC DATA" in fact for fact in facts)
        assert any("30 Jun 2026" in fact for fact in facts)
        assert any(body["warehouse"]["version"] in fact for fact in facts)
        table = [row for row in tables[name] if len(row) > 1]
        assert table[0] == [column["label"] for column in body["columns"]]
        assert len(table) - 1 == len(body["rows"])
    days = [row["days_late"] for row in owed["rows"]]
    at = [column["name"] for column in owed["columns"]].index("days_late")
    written = [row[at] for row in tables["List"][-len(days) :]]
    assert [float(text) if text else None for text in written] == days
    texts = [row["text"] for row in notes["rows"]]
    at = [column["name"] for column in notes["columns"]].index("text")
    assert [row[at] for row in tables["Notes"][-len(texts) :]] == texts


def test_a_text_that_looks_like_a_formula_stays_a_text(
    app: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = '=HYPERLINK("http://example.org")'
    frame = chase_export.CHASE_NOTES

    def compute(services: Any, selection: Any) -> pd.DataFrame:
        return frame.compute(services, selection).head(2).assign(title=evil)

    monkeypatch.setattr(chase_export, "CHASE_NOTES", replace(frame, compute=compute))
    tables = _tables(client.get("/data/chase.xlsx?from=2025-02").get_data())
    assert all(evil in row for row in tables["Notes"][-2:])


def test_the_list_is_what_is_overdue_and_none_of_it_is_waived(client: Any) -> None:
    owed = pd.DataFrame(client.get("/data/chase_obligations.json").get_json()["rows"])
    overdue = pd.DataFrame(client.get("/data/overdue.json").get_json()["rows"])
    keys = ["member_iso3", "collection_id", "period_id"]
    ours = owed[owed["reason"] == "overdue"]
    assert set(ours[keys].itertuples(index=False, name=None)) == set(
        overdue[keys].itertuples(index=False, name=None)
    )
    # Haiti's monthly trade is waived since March 2024, and nothing of it has come.
    trade = owed[(owed["member_iso3"] == "HTI") & (owed["collection_id"] == "trade_monthly")]
    assert not (trade["period_id"] >= 202403).any()
    listed = client.get("/data/chase_list.json").get_json()["rows"]
    assert [row["rank"] for row in listed] == list(range(1, len(listed) + 1))
    known = [row["held_back"] for row in listed if row["held_back"] is not None]
    assert known == sorted(known, reverse=True)


def test_a_chosen_member_narrows_the_note_and_not_the_list(client: Any) -> None:
    everybody = client.get("/data/chase_list.json").get_json()["rows"]
    last = everybody[-1]["member_iso3"]
    chosen = client.get(f"/data/chase_list.json?member={last}").get_json()["rows"]
    assert chosen == everybody
    notes = client.get(f"/data/chase_note.json?member={last}").get_json()["rows"]
    assert [(row["member_iso3"], row["language"]) for row in notes] == [(last, "en"), (last, "fr")]


def test_the_list_as_csv_has_the_same_rows(client: Any) -> None:
    text = client.get("/data/chase_obligations.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    body = client.get("/data/chase_obligations.json").get_json()
    assert len(rows) - 1 == len(body["rows"])
