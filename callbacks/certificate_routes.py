"""``GET /certificate/<run>/<member>/<award>.pdf``: a certificate that was given.

Only what the record says was given is made; the audience of the request decides whose.
"""

from __future__ import annotations

from dataclasses import replace

import flask

from callbacks.data_routes import add_origin, chosen_selection, closed, origin, problem
from callbacks.services import Services
from callbacks.views.record_frames import GIVEN
from dashboard.errors import ClosedError
from dashboard.recognition import given
from dashboard.warehouse.ledger import LedgerError
from layouts.certificates import Origin, certificate


def register(server: flask.Flask, services: Services) -> None:
    """Attach the address."""

    @server.get("/certificate/<int:run>/<member>/<award>.pdf")
    def give_certificate(run: int, member: str, award: str) -> flask.Response:
        selection, _ = chosen_selection(services)
        try:
            told = GIVEN.read(services, replace(selection, members=(), regions=()))
            entries = services.score_log.entries()
        except ClosedError:
            return closed(services, selection)
        except LedgerError as error:
            return problem(503, error.found, error.remedy)
        is_told = bool(((told["run"] == run) & (told["member_iso3"] == member)).any())
        found = [
            one
            for one in given(entries)
            if is_told and (one.run, one.award.member, one.award.id) == (run, member, award)
        ]
        runs = {entry.number: entry for entry in entries}
        if not found or run not in runs:
            return problem(
                404,
                f"No award {award[:40]!r} of run {run} was given to {member[:10]!r}."
                if services.audience(selection).is_everything
                else "There is no such certificate.",
                "Choose one of /data/recognition_given.json.",
            )
        words = services.words(selection.language)
        name = services.names(selection.language, services.audience(selection)).member(member)
        page = certificate(
            found[0].award,
            name,
            runs[run].read(),
            Origin(run, runs[run].hash, found[0].given_at),
            words,
        )
        facts = origin(services, selection)
        response = flask.Response(page, mimetype="application/pdf")
        synthetic = "-synthetic" if facts["is_synthetic"] else ""
        response.headers["Content-Disposition"] = (
            f'attachment; filename="run{run}-{member}-{award}{synthetic}-{words.language}.pdf"'
        )
        add_origin(response, facts)
        return response
