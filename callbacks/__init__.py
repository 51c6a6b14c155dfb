"""Wiring: views, their named frames, and the handlers that join them.

The only package that knows queries and layouts at once.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import flask
from dash import Dash

from callbacks import (
    calendar_routes,
    casework_routes,
    certificate_routes,
    chase_export,
    check_in_routes,
    data_routes,
    guarding,
    listening,
    static_files,
    tables,
)
from callbacks import drawing as drawing_handlers
from callbacks.drawing import Gallery
from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views import (
    brief,
    changes,
    chase,
    check_in,
    cross_check,
    data_held,
    delays,
    due_dates,
    evidence,
    explore,
    flows,
    forecast,
    incentives,
    incentives_outside,
    members,
    mirror,
    network,
    outliers,
    overview,
    pace,
    quality,
    record,
    revisions,
    rules,
    sensitivity,
    standing,
    strategy,
    strategy_map,
    timeliness,
    training,
    year,
)
from dashboard.cache import ResultCache
from dashboard.config import PROJECT_ROOT, Config
from dashboard.errors import WarehouseError
from dashboard.selection import Selection
from dashboard.warehouse.reading import Warehouse
from layouts.panels import View
from layouts.shell import page, trouble_page

VIEWS: tuple[View, ...] = (
    overview.VIEW,
    timeliness.VIEW,
    delays.VIEW,
    forecast.VIEW,
    revisions.VIEW,
    chase.VIEW,
    due_dates.VIEW,
    quality.VIEW,
    rules.VIEW,
    outliers.VIEW,
    mirror.VIEW,
    cross_check.VIEW,
    flows.VIEW,
    explore.VIEW,
    network.VIEW,
    changes.VIEW,
    incentives.VIEW,
    sensitivity.VIEW,
    standing.VIEW,
    record.VIEW,
    members.VIEW,
    strategy.VIEW,
    strategy_map.VIEW,
    pace.VIEW,
    brief.VIEW,
    check_in.VIEW,
    evidence.VIEW,
    training.VIEW,
    year.VIEW,
    data_held.VIEW,
)
"""All views, in the order of the top bar, each before those under it; the first is the start
page."""

FRAMES: dict[str, NamedFrame] = {
    frame.name: frame
    for module in (
        overview,
        timeliness,
        delays,
        forecast,
        revisions,
        chase,
        due_dates,
        quality,
        rules,
        outliers,
        mirror,
        cross_check,
        flows,
        explore,
        network,
        changes,
        incentives,
        sensitivity,
        standing,
        incentives_outside,
        record,
        members,
        strategy,
        strategy_map,
        pace,
        brief,
        check_in,
        evidence,
        training,
        year,
        data_held,
    )
    for frame in module.FRAMES
}
"""All named frames."""


def build_app(config: Config, *, assets: Path = PROJECT_ROOT / "assets") -> Dash:
    """Return the app, wired and guarded; it opens the warehouse at its first request.

    Parameters
    ----------
    config : Config
        Settings of the process.
    assets : Path
        Folder of stylesheets, scripts and outlines.

    Returns
    -------
    Dash
        The app; ``.server`` is the WSGI application.
    """
    server = flask.Flask("wco-statistics-dashboard")
    app = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]  # Dash types it as bool | Callable
        title="WCO statistics",
        update_title="",
        assets_folder=str(assets),
        assets_ignore=r"outlines/.*",
        external_stylesheets=[static_files.BOOTSTRAP_PATH],
        suppress_callback_exceptions=True,
        serve_locally=True,
    )
    static_files.register(server)
    warehouse = Warehouse(
        config.warehouse_url,
        deadline_seconds=config.query_deadline_seconds,
        query_limit=config.query_limit,
    )
    services = Services(config, warehouse, ResultCache(server, config.cache_megabytes))
    server.config["WCO_SERVICES"] = services
    gallery = Gallery(services, VIEWS, FRAMES)
    app.layout = lambda: _layout(gallery)
    listening.register(app, gallery)
    drawing_handlers.register(app, gallery)
    tables.register(app, gallery)
    data_routes.register(server, services, FRAMES)
    calendar_routes.register(server, services)
    casework_routes.register(server, services)
    check_in_routes.register(server, services)
    certificate_routes.register(server, services)
    chase_export.register(server, services)
    guarding.register(app)
    return app


def _layout(gallery: Gallery) -> object:
    services = gallery.services
    # The address of the page is known here only as the referrer of Dash's own request.
    search = urlsplit(flask.request.referrer or "").query if flask.has_request_context() else ""
    try:
        catalogue = services.catalogue
    except WarehouseError as error:
        language = "fr" if "lang=fr" in search else "en"
        given = dict(parse_qsl(search)).get("audience")
        kept = f"?{urlencode({'audience': given}, safe=':')}" if given else ""
        return trouble_page(services.words(language), error.found, error.remedy, kept)
    chosen, _ = Selection.from_search(search, catalogue)
    audience = services.audience(chosen)
    return page(
        VIEWS,
        catalogue.seen_by(audience),
        services.names(chosen.language, audience),
        services.words(chosen.language),
        services.generation.info,
        open_views=gallery.open_views(audience),
        kept=chosen.only(frozenset({"language"})).search(),
    )
