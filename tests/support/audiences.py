"""Walks every route of the app and finds the members that its answers name.

Names are looked for as whole words, longest first, so that Guinea-Bissau does not name Guinea;
codes as whole words in capitals; iso2 and numbers only where they stand alone as a value.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import pandas as pd

from callbacks import FRAMES, VIEWS
from dashboard import ids
from tests.support.app import panels_call

LANGUAGES: Final = ("en", "fr")

KEYS_OF_PLACES: Final = ("lon", "lat", "longitude", "latitude")
KEYS_OF_NUMBERS: Final = ("m49", "member_id", "reporter_id", "partner_id")
KEYS: Final = frozenset(KEYS_OF_PLACES + KEYS_OF_NUMBERS)

_WORD: Final = re.compile(r"\w+")
_STATEMENT: Final = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)
_CONJUNCTION: Final = re.compile(r"(?<=\s)AND(?=\s)")


@dataclass(frozen=True)
class Answer:
    """What a route gave: each text in it, and the numbers under the keys that tell a member."""

    where: str
    status: int
    texts: tuple[str, ...]
    numbers: Mapping[str, tuple[float, ...]]


class Finder:
    """Finds who is named in an answer.

    Parameters
    ----------
    members : DataFrame
        ``dim_member``.
    static : str
        The product's own texts, which hold words such as PNG that are codes too.
    """

    def __init__(self, members: pd.DataFrame, static: str) -> None:
        self.iso3 = members["iso3"].tolist()
        self.iso2 = dict(zip(members["iso2"], members["iso3"], strict=True))
        own_words = set(_WORD.findall(static))
        self.codes = {code: code for code in self.iso3 if code not in own_words}
        names: dict[str, str] = {}
        for column in ("name_en", "name_fr"):
            names |= dict(zip(members[column], members["iso3"], strict=True))
        self.names = names
        longest = sorted(names, key=len, reverse=True)
        self._pattern = re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(name) for name in longest) + r")(?!\w)"
        )
        self._first_words = {_WORD.findall(name)[0] for name in names}
        self.numbers = dict(zip(members["member_id"].astype(float), self.iso3, strict=True))
        placed = members.dropna(subset=["longitude", "latitude"])
        places = zip(placed["longitude"].tolist(), placed["latitude"].tolist(), strict=True)
        self.places = dict(zip(places, placed["iso3"].tolist(), strict=True))

    def found(self, answer: Answer) -> dict[str, set[str]]:
        """Return iso3 codes by the way in which an answer tells them."""
        told: dict[str, set[str]] = {"name": set(), "iso3": set(), "iso2": set()}
        # In the text of a statement AND is not Andorra's code; a code in quotes would still be.
        whole = "\n".join(
            _CONJUNCTION.sub(" ", text) if _STATEMENT.search(text) else text
            for text in answer.texts
        )
        words = set(_WORD.findall(whole))
        told["iso3"] = {self.codes[word] for word in words & set(self.codes)}
        if words & self._first_words:
            told["name"] = {self.names[name] for name in self._pattern.findall(whole)}
        told["iso2"] = {self.iso2[text] for text in answer.texts if text in self.iso2}
        told["number"] = {
            self.numbers[value]
            for key in KEYS_OF_NUMBERS
            for value in answer.numbers.get(key, ())
            if value in self.numbers
        }
        pairs = zip(answer.numbers.get("lon", ()), answer.numbers.get("lat", ()), strict=False)
        told["place"] = {self.places[pair] for pair in pairs if pair in self.places}
        return told


class Walker:
    """Asks an app for everything that it gives.

    Parameters
    ----------
    app : Dash
        The app.
    audience : str or None
        Part of the address; None for an app that was started for its audience.
    """

    def __init__(self, app: Any, audience: str | None) -> None:
        self.app, self.client = app, app.server.test_client()
        self.audience = audience

    def search(self, **parts: str) -> str:
        """Return a search string, with the audience if it is in the address."""
        given = {**parts, **({"audience": self.audience} if self.audience else {})}
        return "?" + urlencode(sorted(given.items()), safe=":,") if given else ""

    def get(self, path: str, **parts: str) -> Answer:
        """Return what an address gives, headers and all."""
        search = self.search(**parts)
        response = self.client.get(path + search)
        return _answer(f"GET {path}{search}", response)

    def post(self, where: str, body: Mapping[str, Any]) -> Answer:
        """Return what a callback gives."""
        response = self.client.post("/_dash-update-component", json=body)
        return _answer(where, response)

    def frames(self, **parts: str) -> Iterator[Answer]:
        """Every frame in both forms, and their list."""
        yield self.get("/data/", **parts)
        for name in FRAMES:
            yield self.get(f"/data/{name}.csv", **parts)
            yield self.get(f"/data/{name}.json", **parts)

    def panels(self, view: str, stage: bool = False, /, **parts: str) -> Iterator[Answer]:
        """Every panel of a view: figures, hover texts, marks, captions, messages."""
        search = self.search(**parts)
        body = panels_call(self.app, view, search)
        if stage:
            body["state"][-1]["value"] = f"/present/{view}"
        yield self.post(f"panels of {view}{search}{' staged' if stage else ''}", body)

    def tables(self, view: str, **parts: str) -> Iterator[Answer]:
        """The tables of a view's panels, and one of their receipts, which say no data."""
        spec = next(one for one in VIEWS if one.id == view)
        panels = [panel.id for panel in spec.panels if panel.frames]
        key = next(name for name in self.app.callback_map if '"part":"table"' in name)
        search = self.search(**parts)
        for pressed, opened in [*((one, "table") for one in panels), (panels[0], "receipt")]:
            at = {
                part: [{"part": part, "view": view, "panel": one} for one in panels]
                for part in ("table", "receipt", "table-button", "receipt-button")
            }
            clicks = [
                [
                    {
                        "id": one,
                        "property": "n_clicks",
                        "value": int((one["panel"], part) == (pressed, f"{opened}-button")),
                    }
                    for one in at[part]
                ]
                for part in ("table-button", "receipt-button")
            ]
            fired = {"panel": pressed, "part": f"{opened}-button", "view": view}
            body = {
                "output": key,
                "outputs": [
                    [{"id": one, "property": "children"} for one in at[part]]
                    for part in ("table", "receipt")
                ],
                "inputs": [*clicks, {"id": ids.SELECTION, "property": "data", "value": search}],
                "state": [{"id": ids.URL, "property": "pathname", "value": spec.path}],
                "changedPropIds": [
                    orjson.dumps(fired, option=orjson.OPT_SORT_KEYS).decode() + ".n_clicks"
                ],
            }
            yield self.post(f"{opened} of {view}/{pressed}{search}", body)

    def page(self, path: str, event: Any = None, /, **parts: str) -> Iterator[Answer]:
        """The view or stage of a path, and the bars around it: chips, notices, links."""
        search = self.search(**parts)
        for name, call in self._page_calls(path, search, event):
            yield self.post(f"{name} of {path}{search} {event or ''}", call)

    def _page_calls(
        self, path: str, search: str, event: Any
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        values: dict[tuple[str, str], Any] = {
            (ids.URL, "search"): search,
            (ids.URL, "pathname"): path,
            (ids.EVENT, "data"): event,
        }
        for output, declared in self.app.callback_map.items():
            is_selection = f"{ids.CHIPS}.children" in output
            if not is_selection and f"{ids.PAGE}.children" not in output:
                continue
            fired = f"{ids.EVENT}.data" if event and is_selection else f"{ids.URL}.search"
            yield (
                "bars" if is_selection else "page",
                {
                    "output": output,
                    "outputs": _outputs(output),
                    "inputs": _filled(declared["inputs"], values),
                    "state": _filled(declared["state"], values),
                    "changedPropIds": [fired if is_selection else f"{ids.URL}.pathname"],
                },
            )

    def layout(self, path: str = "/", **parts: str) -> Answer:
        """The first layout of a page."""
        search = self.search(**parts)
        referrer = f"http://localhost{path}{search}"
        response = self.client.get("/_dash-layout", headers={"Referer": referrer})
        return _answer(f"layout of {path}{search}", response)

    def files(self, *, hidden: str, region: str, **parts: str) -> Iterator[Answer]:
        """Exports, calendars and what writes: of everything, of a region, of a hidden member."""
        yield self.get("/data/chase.xlsx", **parts)
        yield self.get(f"/calendar/region/{region}.ics", **parts)
        yield self.get(f"/calendar/member/{hidden}.ics", **parts)
        yield self.get("/calendar/check-ins.ics", **parts)
        yield self.get(f"/certificate/1/{hidden}/gold.pdf", **parts)
        yield self.get("/healthz")
        yield self.get("/data/nothing.csv", **parts)
        yield self.get("/", **parts)
        yield self.get("/_dash-dependencies")
        response = self.client.post("/check-in/nothing", json={}, headers={"X-Casework": "1"})
        yield _answer("POST check-in", response)
        case = f"/casework/trade_monthly/{hidden}.X.27.202403"
        body = {
            "seen": 0,
            "request": "0123456789abcdef",
            "state": "asked",
            "note": "x",
            "author": "y",
        }
        response = self.client.post(case, json=body, headers={"X-Casework": "1"})
        yield _answer("POST casework", response)


def _outputs(output: str) -> list[dict[str, str]]:
    named = output.strip(".").split("...")
    pairs = [one.rpartition(".") for one in named]
    return [{"id": found.split("@")[0], "property": prop.split("@")[0]} for found, _, prop in pairs]


def _filled(
    declared: list[dict[str, str]], values: Mapping[tuple[str, str], Any]
) -> list[dict[str, Any]]:
    return [{**one, "value": values.get((one["id"], one["property"]))} for one in declared]


def _answer(where: str, response: Any) -> Answer:
    texts = dict.fromkeys(f"{name}: {value}" for name, value in response.headers.items())
    numbers: dict[str, list[float]] = {}
    body = response.get_data()
    kind = response.mimetype or ""
    if kind == "application/json" and body:
        _collect([orjson.loads(body)], "", texts, numbers)
    elif kind == "text/csv":
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        texts |= dict.fromkeys(chain.from_iterable(rows))
        for place, name in enumerate(rows[0]):
            if name in KEYS:
                numbers[name] = [float(row[place]) for row in rows[1:] if row[place]]
    elif body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                sheet = book.read(name).decode("utf-8", "replace")
                texts |= dict.fromkeys(re.split(r"<[^>]*>", sheet))
    else:
        # A calendar folds its long lines.
        texts[body.decode("utf-8", "replace").replace("\r\n ", "")] = None
    return Answer(
        where,
        response.status_code,
        tuple(texts),
        {key: tuple(found) for key, found in numbers.items()},
    )


def _collect(
    values: Iterable[Any], key: str, texts: dict[str, None], numbers: dict[str, list[float]]
) -> None:
    """Note the texts in values that stand under a key, each once, and the numbers looked for."""
    for value in values:
        if isinstance(value, str):
            texts[value] = None
        elif isinstance(value, dict):
            texts |= dict.fromkeys(value)
            for name, inner in value.items():
                # The button that saves a picture as PNG is not about Papua New Guinea.
                if not (name == "children" and "data-image" in value):
                    _collect(inner if isinstance(inner, list) else [inner], name, texts, numbers)
        elif isinstance(value, list):
            _collect(value, key, texts, numbers)
        elif key in KEYS and isinstance(value, int | float) and not isinstance(value, bool):
            numbers.setdefault(key, []).append(float(value))
