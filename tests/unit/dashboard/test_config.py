"""Settings: defaults, and every problem told at once."""

from __future__ import annotations

import pytest

from dashboard.config import Config
from dashboard.errors import ConfigError


def test_without_settings_the_embedded_warehouse_is_read() -> None:
    config = Config.from_environment({})
    assert config.warehouse_url.startswith("duckdb:///")
    assert config.warehouse_url.endswith("data/warehouse.duckdb")


def test_settings_are_read() -> None:
    config = Config.from_environment(
        {
            "WAREHOUSE_URL": "postgresql+psycopg://reader@localhost/wco",
            "WAREHOUSE_DEADLINE_SECONDS": "2.5",
            "WAREHOUSE_QUERY_LIMIT": "8",
            "CACHE_MEGABYTES": "0",
            "PROPOSED_FRAMEWORK": "proposed.toml",
        }
    )
    assert config.proposed_framework is not None
    assert config.proposed_framework.is_absolute()
    assert config.query_deadline_seconds == 2.5
    assert config.query_limit == 8
    assert config.cache_megabytes == 0


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_environment(
            {
                "WAREHOUSE_URL": "mysql://root:secret@host/db",
                "WAREHOUSE_DEADLINE_SECONDS": "soon",
                "CACHE_MEGABYTES": "-1",
            }
        )
    message = str(caught.value)
    for part in ("'mysql'", "WAREHOUSE_DEADLINE_SECONDS='soon'", "CACHE_MEGABYTES='-1'"):
        assert part in message
    assert "secret" not in message


@pytest.mark.parametrize("text", ["nan", "inf", "1e9", ""])
def test_a_number_out_of_bounds_is_refused_and_an_empty_one_is_the_default(text: str) -> None:
    settings = {"WAREHOUSE_DEADLINE_SECONDS": text}
    if text:
        with pytest.raises(ConfigError):
            Config.from_environment(settings)
    else:
        assert Config.from_environment(settings).query_deadline_seconds == 5.0


def test_writing_about_cases_is_on_unless_it_is_turned_off() -> None:
    assert Config.from_environment({}).is_casework_writable
    assert Config.from_environment({"CASEWORK_WRITING": "on"}).is_casework_writable
    assert not Config.from_environment({"CASEWORK_WRITING": "off"}).is_casework_writable
    with pytest.raises(ConfigError, match="CASEWORK_WRITING='no' is neither"):
        Config.from_environment({"CASEWORK_WRITING": "no"})
