"""Listens to the address, the shared controls and clicks; keeps them one selection.

One handler has the address and all shared controls as inputs and outputs at
once: two handlers would be a circle. It never writes to the control that fired.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, ctx, no_update

from callbacks.drawing import Gallery
from dashboard import ids
from dashboard.selection import Catalogue, Event, Notice, Selection, reduce
from layouts.chips import chips
from layouts.navigation import navigation_paths
from layouts.panels import Panel, View
from layouts.scene import Names, Scene
from layouts.shell import (
    ALL_REGIONS,
    notice_children,
    stage_page,
    view_page,
)

CONTROLS = (ids.FIRST, ids.LAST, ids.REGION, ids.AS_OF, ids.COLLECTION, ids.MEMBER)
MEMBER_TEXT_AT_MOST = 120


def read_event(data: Any) -> Event | None:
    """Return the event that the browser put into the event store.

    Parameters
    ----------
    data : object
        ``{"mark": "kind:value|value", "additive": bool, "removal": bool}``;
        anything else is refused.

    Returns
    -------
    Event or None
        None if it is no event.
    """
    if not isinstance(data, dict):
        return None
    marks = data.get("mark")
    if isinstance(marks, str):
        marks = [marks]
    if not isinstance(marks, list) or not marks:
        return None
    pairs = [text[:2000].partition(":") for text in marks[:400] if isinstance(text, str)]
    if not pairs:
        return None
    kind = pairs[0][0]
    values = [
        value for found, _, rest in pairs if found == kind for value in rest.split("|") if value
    ]
    # A pair may name the same region twice: trade inside it.
    values = values[:2] if kind == "pair" else list(dict.fromkeys(values))
    return Event(
        kind,
        tuple(values),
        is_additive=bool(data.get("additive")),
        is_removal=bool(data.get("removal")),
    )


def member_named(text: str, names: Names) -> str | None:
    """Return the member that a typed text means.

    Parameters
    ----------
    text : str
        A name in the page's language or an ISO code.
    names : Names
        Of that language.

    Returns
    -------
    str or None
        Its iso3, or None if no member or several begin like that.
    """
    wanted = text.strip().casefold()[:MEMBER_TEXT_AT_MOST]
    if not wanted:
        return None
    if wanted.upper() in names.members:
        return wanted.upper()
    exact = [iso3 for iso3, name in names.members.items() if name.casefold() == wanted]
    if exact:
        return exact[0]
    near = [iso3 for iso3, name in names.members.items() if name.casefold().startswith(wanted)]
    return near[0] if len(near) == 1 else None


def change(
    selection: Selection, control: str, value: Any, catalogue: Catalogue, names: Names
) -> Selection:
    """Return the selection after a shared control changed.

    Parameters
    ----------
    selection : Selection
        Before.
    control : str
        The control's id.
    value : object
        Its new value; a cleared one sends None.
    catalogue : Catalogue
        What can be selected.
    names : Names
        For typed names.

    Returns
    -------
    Selection
        After.
    """
    text = value if isinstance(value, str) else ""
    kinds = {ids.FIRST: "first", ids.LAST: "last", ids.COLLECTION: "collection"}
    if control in kinds:
        after = reduce(selection, Event(kinds[control], (text,)), catalogue)
        return (
            replace(after, first=None, last=None, base=None) if control == ids.COLLECTION else after
        )
    if control == ids.AS_OF:
        return reduce(selection, Event("as_of", (text,)), catalogue)
    if control == ids.REGION:
        return replace(selection, regions=(text,) if text in catalogue.regions else ())
    if control == ids.MEMBER:
        iso3 = member_named(text, names)
        if iso3 is not None and iso3 not in selection.members:
            return reduce(selection, Event("member", (iso3,), is_additive=True), catalogue)
    return selection


def refused_day(value: Any, catalogue: Catalogue) -> tuple[Notice, ...]:
    """Return what is to be said of an as-of day that was typed: nothing if it is one.

    Parameters
    ----------
    value : object
        What the control sent; None and the empty text clear it.
    catalogue : Catalogue
        What the warehouse knows.

    Returns
    -------
    tuple of Notice
        At most one.
    """
    if not isinstance(value, str) or not value:
        return ()
    _, notices = Selection.from_search(f"?{urlencode({'asof': value})}", catalogue)
    return notices


def measure_notices(view: View, scene: Scene) -> tuple[Notice, ...]:
    """Return what is to be said where a view cannot show the measure that is chosen.

    Parameters
    ----------
    view : View
        The view of the page.
    scene : Scene
        With the selection.

    Returns
    -------
    tuple of Notice
        At most one.
    """
    measure = scene.chosen.measure
    if not measure or not view.measures or measure in view.measures:
        return ()
    words = scene.words
    return (Notice("measure_elsewhere", words.label(measure), words("explore.name")),)


def control_values(selection: Selection) -> dict[str, Any]:
    """Return what the shared controls show for a resolved selection."""
    return {
        ids.FIRST: selection.first,
        ids.LAST: selection.last,
        ids.REGION: selection.regions[0] if len(selection.regions) == 1 else ALL_REGIONS,
        ids.AS_OF: selection.as_of.isoformat() if isinstance(selection.as_of, date) else None,
        ids.COLLECTION: selection.collection,
        ids.MEMBER: "",
    }


def register(app: Dash, gallery: Gallery) -> None:
    """Attach the handlers of address, controls, marks and pages."""
    views = list(gallery.views.values())
    services = gallery.services
    links = navigation_paths(views)

    @app.callback(
        output={
            "search": Output(ids.URL, "search"),
            "selection": Output(ids.SELECTION, "data"),
            "chips": Output(ids.CHIPS, "children"),
            "notices": Output(ids.NOTICES, "children"),
            "language": Output(ids.LANGUAGE_LINK, "href"),
            "controls": [Output(control, "value") for control in CONTROLS],
            "links": [Output(ids.navigation(name), "href") for name in links],
            "present": Output(ids.PRESENT_LINK, "href"),
        },
        inputs={
            "search": Input(ids.URL, "search"),
            "path": Input(ids.URL, "pathname"),
            "event": Input(ids.EVENT, "data"),
            "controls": [Input(control, "value") for control in CONTROLS],
        },
        state={"kept": State(ids.SELECTION, "data")},
    )
    def keep_selection(
        search: str | None, path: str | None, event: Any, controls: list[Any], kept: str | None
    ) -> dict[str, Any]:
        catalogue = services.catalogue
        before, notices = Selection.from_search(search or "", catalogue)
        names = services.names(before.language, services.audience(before))
        fired = ctx.triggered_id
        after = before
        if fired == ids.AS_OF:
            notices = refused_day(controls[CONTROLS.index(ids.AS_OF)], catalogue)
        if fired == ids.EVENT:
            heard = read_event(event)
            after = reduce(before, heard, catalogue) if heard else before
        elif fired in CONTROLS:
            after = change(
                before, str(fired), controls[CONTROLS.index(str(fired))], catalogue, names
            )
        scene = gallery.scene(after, "light", path=path or "/")
        fresh = after.search()
        shown = control_values(scene.selection)
        values = [
            no_update if control == fired and control != ids.MEMBER else shown[control]
            for control in CONTROLS
        ]
        other = "fr" if after.language == "en" else "en"
        view = next((one.id for one in views if one.path == (path or "/")), views[0].id)
        return {
            "search": no_update if fresh == (search or "") else fresh,
            "selection": no_update if fresh == kept else fresh,
            "chips": chips(scene, services.config.audience),
            "notices": notice_children(
                scene.words,
                [
                    *(notices if fired in (None, ids.URL, ids.AS_OF) else ()),
                    *measure_notices(gallery.views[view], scene),
                ],
            ),
            "language": (path or "/") + replace(after, language=other).search(),
            "controls": values,
            "links": [path + fresh for path in links.values()],
            "present": f"/present/{view}{fresh}",
        }

    @app.callback(
        Output(ids.PAGE, "children"),
        Output(ids.PAGE, "className"),
        Input(ids.URL, "pathname"),
        State(ids.URL, "search"),
    )
    def show_page(path: str | None, search: str | None) -> tuple[Any, str]:
        chosen, _ = Selection.from_search(search or "", services.catalogue)
        scene = gallery.scene(chosen, "light", path=path or "/")
        return page_of(gallery, scene, path or "/"), (
            "page page--stage" if scene.is_present else "page"
        )


def _staged(gallery: Gallery, view: View, scene: Scene) -> list[Panel]:
    """Return the panels of a view that the stage shows to who looks on."""
    return [
        panel
        for panel in view.panels
        if panel.is_staged and gallery.is_open(view.id, panel.id, scene.audience)
    ]


def page_of(gallery: Gallery, scene: Any, path: str) -> Any:
    """Return the view or the stage of a path; an unknown path gives the overview."""
    views = list(gallery.views.values())
    search = scene.chosen.search()
    if scene.is_present:
        parts = [part for part in path.split("/") if part][1:]
        view = gallery.views.get(parts[0] if parts else "", views[0])
        staged = _staged(gallery, view, scene)
        if not staged:
            # Nothing of it is open to who looks on: the first view that has anything stands in.
            view = next((one for one in views if _staged(gallery, one, scene)), views[0])
            staged = _staged(gallery, view, scene) or [view.panels[0]]
        index = next((i for i, p in enumerate(staged) if len(parts) > 1 and p.id == parts[1]), 0)
        stops = [
            f"/present/{one.id}/{panel.id}"
            for one in views
            for panel in _staged(gallery, one, scene)
        ] or [f"/present/{view.id}/{staged[index].id}"]
        here = stops.index(f"/present/{view.id}/{staged[index].id}")
        before, after = stops[here - 1], stops[(here + 1) % len(stops)]
        return stage_page(view, index, scene, before, after, search, staged)
    view = next((one for one in views if one.path == path.rstrip("/")), views[0])
    return view_page(view, scene)
