"""The ranking outside of a page: the same frames, of any kept generation or framework.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

import flask
import pandas as pd

from callbacks.services import Services
from callbacks.views.incentives import RANKING_FRAME
from callbacks.views.incentives_pillars import PILLAR_FRAME
from dashboard.cache import ResultCache
from dashboard.config import Config
from dashboard.framework import Framework
from dashboard.score_record import Content
from dashboard.scoring_run import inputs_of, results_of, run_content
from dashboard.selection import Selection
from dashboard.warehouse.reading import Warehouse

DEADLINE_SECONDS: Final = 120.0
"""Nobody waits at a screen."""


@contextmanager
def opened(
    url: str, *, version: str | None = None, framework: Framework | None = None
) -> Iterator[Services]:
    """Yield services on a generation, with its own framework or another one.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``.
    version : str, optional
        A kept generation; by default the one that is served.
    framework : Framework, optional
        Taken in the place of the generation's own.

    Yields
    ------
    Services
        With a cache that keeps nothing.
    """
    warehouse = Warehouse(url, deadline_seconds=DEADLINE_SECONDS, version=version)
    cache = ResultCache(flask.Flask("wco-scores"), 0)
    services = Services(Config(warehouse_url=url), warehouse, cache, framework)
    try:
        yield services
    finally:
        services.close()


def official(
    services: Services,
    *,
    first: str | None = None,
    last: str | None = None,
    as_of: date | None = None,
) -> Selection:
    """Return what is ranked: a range, by the official scheme and no choice of a reader.

    Parameters
    ----------
    services : Services
        On the generation.
    first, last : str, optional
        Months such as ``2026-03``; by default those that the page begins with.
    as_of : date, optional
        By default the day up to which the generation knows.

    Returns
    -------
    Selection
        Resolved.
    """
    return Selection(first=first, last=last, as_of=as_of).resolve(services.catalogue)


def pillars_and_ranking(
    services: Services, selection: Selection
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frames ``pillars`` and ``ranking`` as the screen has them.

    Parameters
    ----------
    services : Services
        On the generation.
    selection : Selection
        Resolved.

    Returns
    -------
    pillars, ranking : DataFrame
        Of all members.
    """
    return PILLAR_FRAME.read(services, selection), RANKING_FRAME.read(services, selection)


def ranked(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the frame ``ranking`` as the screen has it.

    Parameters
    ----------
    services : Services
        On the generation.
    selection : Selection
        Resolved.

    Returns
    -------
    DataFrame
        Of all members, by rank.
    """
    return RANKING_FRAME.read(services, selection)


def computed_run(services: Services, selection: Selection) -> Content:
    """Return what a run of a selection keeps.

    Parameters
    ----------
    services : Services
        On the generation.
    selection : Selection
        Resolved.

    Returns
    -------
    mapping
        See `dashboard.scoring_run`.
    """
    pillars, ranking = pillars_and_ranking(services, selection)
    return run_content(pillars, ranking, selection, services.framework, services.generation.info)


def computed_again(url: str, content: Content) -> tuple[Content, Content]:
    """Compute a run again from its generation, with the framework that it keeps.

    Parameters
    ----------
    url : str
        ``WAREHOUSE_URL``.
    content : mapping
        Of the run; its generation is still there.

    Returns
    -------
    inputs, results : mapping
        As the run keeps them.
    """
    framework = Framework.model_validate_json(content["framework"]["text"])
    chosen = content["selection"]
    with opened(url, version=content["generation"], framework=framework) as services:
        selection = official(
            services,
            first=chosen["first"],
            last=chosen["last"],
            as_of=date.fromisoformat(chosen["as_of"]),
        )
        pillars, ranking = pillars_and_ranking(services, selection)
    return inputs_of(pillars), results_of(ranking)
