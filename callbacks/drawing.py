"""Draws whatever panels are on the page: one handler for all views.

It parses, reads the panels' frames, calls their drawing functions and
answers in one response; a panel whose inputs did not change is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from dash import ALL, Dash, Input, Output, State, ctx, no_update
from plotly.utils import PlotlyJSONEncoder

from callbacks.disclosing import is_open
from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard import ids
from dashboard.audience import Audience
from dashboard.disclosure import Anonymous, Named
from dashboard.errors import ClosedError, DashboardError
from dashboard.selection import Selection
from layouts.palette import PALETTES
from layouts.panels import Drawing, Panel, View, caption_children, message_children
from layouts.scene import Scene

logger = logging.getLogger(__name__)

PARTS = ("chart", "size", "block", "caption", "message", "drawn")
"""Parts of a panel that are answered, in the order of the handler's outputs; ``size`` is the
style of the chart."""


class Gallery:
    """Knows every view and frame; turns a selection into drawings.

    Parameters
    ----------
    services : Services
        Warehouse, cache, words.
    views : sequence of View
        All views.
    frames : mapping of str to NamedFrame
        All named frames.
    """

    def __init__(
        self, services: Services, views: Sequence[View], frames: Mapping[str, NamedFrame]
    ) -> None:
        self.services = services
        self.views = {view.id: view for view in views}
        self.frames = frames
        self._panels = {(view.id, panel.id): panel for view in views for panel in view.panels}

    def scene(self, chosen: Selection, theme: str, *, path: str = "/") -> Scene:
        """Return the scene of a selection."""
        generation = self.services.generation
        audience = self.services.audience(chosen)
        catalogue = self.services.catalogue.seen_by(audience)
        return Scene(
            selection=chosen.resolve(catalogue),
            chosen=chosen,
            words=self.services.words(chosen.language),
            names=self.services.names(chosen.language, audience),
            palette=PALETTES.get(theme, PALETTES["light"]),
            catalogue=catalogue,
            framework=generation.framework,
            info=generation.info,
            is_present=path.startswith("/present/"),
            path=path,
            can_write=self.services.ledger.is_writable and audience.is_everything,
        )

    def panel(self, view: str, panel: str) -> Panel:
        """Return a panel by its view's id and its own."""
        return self._panels[view, panel]

    def is_open(self, view: str, panel: str, audience: Audience) -> bool:
        """Tell whether an audience can get what a panel is drawn from."""
        return all(
            is_open(frame.disclosure, audience.mode, [column.name for column in frame.columns])
            for frame in (self.frames[name] for name in self.panel(view, panel).frames)
        )

    def open_views(self, audience: Audience) -> frozenset[str]:
        """Return the views that have anything to show to an audience."""
        return frozenset(
            view.id
            for view in self.views.values()
            if any(self.is_open(view.id, one.id, audience) for one in view.panels if one.frames)
        )

    def key(self, view: str, panel: str, scene: Scene) -> str:
        """Return the key of what a panel shows: it changes when the panel must be redrawn."""
        spec = self.panel(view, panel)
        frames = [self.frames[name] for name in spec.frames]
        fields = spec.fields.union({"language"}, *(frame.fields for frame in frames))
        is_live = any(frame.is_live for frame in frames)
        return self.services.key(
            f"{view}/{panel}",
            scene.selection.only(fields),
            scene.chosen.only(fields),
            str(scene.audience),
            scene.palette.name,
            scene.is_present,
            self.services.ledger.stamp() if is_live else "",
        )

    def draw(self, view: str, panel: str, scene: Scene) -> Drawing:
        """Draw a panel; an error becomes a sentence in its place."""
        spec = self.panel(view, panel)
        try:
            with self.services.cache.sharing():
                frames = {
                    name: self.frames[name].read(self.services, scene.selection)
                    for name in spec.frames
                }
            return spec.draw(frames, scene)
        except ClosedError:
            sentence = scene.words("audience.closed", audience=scene.audience_text)
            return Drawing(empty=sentence, is_closed=True)
        except DashboardError as error:
            logger.warning("panel %s/%s: %s", view, panel, error)
            if scene.audience.is_everything:
                raise
            # What was found wrong may name a member.
            raise DashboardError(scene.words("common.error_generic")) from None
        except Exception:
            # The one boundary: whatever goes wrong, the page says so and goes on.
            logger.exception("panel %s/%s with %s", view, panel, scene.chosen)
            raise DashboardError(scene.words("common.error_generic")) from None

    def _audience_note(self, view: str, panel: str, scene: Scene) -> str:
        """Say whom a panel leaves out or numbers, for an audience that does not name everybody."""
        if scene.audience.is_everything or not self.is_open(view, panel, scene.audience):
            return ""
        told = [self.frames[name].disclosure for name in self.panel(view, panel).frames]
        if any(isinstance(one, Anonymous) for one in told):
            return scene.words("audience.numbered")
        if told and isinstance(told[0], Named):
            return scene.words(
                f"audience.only_{scene.audience.mode}", subject=scene.audience_subject
            )
        return ""

    def answer(self, view: str, panel: str, scene: Scene, key: str) -> dict[str, Any]:
        """Return the parts of a panel as plain JSON values, from the cache if there."""
        kept = self.services.cache.get(key)
        if kept is not None:
            return dict(orjson.loads(kept))
        words = scene.words
        is_error = False
        try:
            drawing = self.draw(view, panel, scene)
        except DashboardError as error:
            is_error = True
            drawing = Drawing(empty=error.found)
        message: Any = ""
        if drawing.empty is not None:
            message = message_children(
                words,
                drawing.empty,
                is_error=is_error,
                is_good=drawing.is_good,
                is_closed=drawing.is_closed,
            )
        parts = {
            "chart": drawing.figure,
            "size": {"height": f"{drawing.height}px" if drawing.height else "100%"},
            "block": drawing.children,
            "caption": caption_children(
                words, view, panel, drawing, audience_note=self._audience_note(view, panel, scene)
            ),
            "message": message,
            "drawn": "" if is_error else key,
        }
        # Arrays and timestamps of figures and Dash components, as Dash would write them.
        text = orjson.dumps(parts, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)
        if not is_error:
            self.services.cache.put(key, text)
        return dict(orjson.loads(text))


def _plain(value: Any) -> Any:
    if hasattr(value, "to_plotly_json"):
        return value.to_plotly_json()
    return PlotlyJSONEncoder().default(value)


def draw_panels(
    gallery: Gallery,
    search: str,
    theme: str,
    path: str,
    outputs: Mapping[str, list[dict[str, str]]],
    shown: Mapping[tuple[str, str], str],
) -> list[list[Any]]:
    """Answer for all panels on the page.

    Parameters
    ----------
    gallery : Gallery
        Views and frames.
    search : str
        The selection's URL form.
    theme, path : str
        Theme's name and the page's path.
    outputs : mapping
        Part to the ids on the page, in order.
    shown : mapping
        (view, panel) to the key of what it shows now.

    Returns
    -------
    list of list
        One value or ``no_update`` per id of each part of ``PARTS``.
    """
    chosen, _ = Selection.from_search(search, gallery.services.catalogue)
    scene = gallery.scene(chosen, theme, path=path)
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    with gallery.services.cache.sharing():
        for target in outputs["drawn"]:
            place = (target["view"], target["panel"])
            key = gallery.key(*place, scene)
            if shown.get(place) != key:
                answers[place] = gallery.answer(*place, scene, key)
    result: list[list[Any]] = []
    for part in PARTS:
        values: list[Any] = []
        for target in outputs[part]:
            answer = answers.get((target["view"], target["panel"]))
            value = no_update if answer is None else answer[part]
            if value is None:
                value = no_update
            values.append(value)
        result.append(values)
    return result


def register(app: Dash, gallery: Gallery) -> None:
    """Attach the handler."""
    places = {
        "chart": ("chart", "figure"),
        "size": ("chart", "style"),
        "block": ("block", "children"),
        "caption": ("caption", "children"),
        "message": ("message", "children"),
        "drawn": ("drawn", "data"),
    }

    @app.callback(
        [Output(ids.pattern(places[part][0], ALL), places[part][1]) for part in PARTS],
        Input(ids.SELECTION, "data"),
        Input(ids.THEME, "data"),
        Input(ids.pattern("drawn", ALL), "id"),
        State(ids.pattern("drawn", ALL), "data"),
        State(ids.URL, "pathname"),
    )
    def show_panels(
        search: str | None,
        theme: str | None,
        panels: list[dict[str, str]],
        keys: list[str | None],
        path: str | None,
    ) -> list[list[Any]]:
        outputs = {
            part: [item["id"] for item in listed]
            for part, listed in zip(PARTS, ctx.outputs_list, strict=True)
        }
        shown = {
            (place["view"], place["panel"]): key or ""
            for place, key in zip(panels, keys, strict=True)
        }
        return draw_panels(gallery, search or "", theme or "light", path or "/", outputs, shown)
