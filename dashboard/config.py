"""Settings of the process, read once from the environment.

Nothing here opens or creates anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.audience import EVERYTHING, Audience
from dashboard.errors import ConfigError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEFAULT_WAREHOUSE = PROJECT_ROOT / "data" / "warehouse.duckdb"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one process; see ``docs/configuration.md``."""

    warehouse_url: str
    query_deadline_seconds: float = 5.0
    query_limit: int = 4
    cache_megabytes: int = 64
    is_casework_writable: bool = True
    audience: Audience = EVERYTHING
    proposed_framework: Path | None = None
    release: str = "0.1.0"
    pseudonym_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Draws the numbers of nameless members; made anew at each start, told to nobody."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Read the settings.

        Parameters
        ----------
        environment : mapping of str to str
            Usually ``os.environ``.

        Returns
        -------
        Config
            The settings, defaults filled in.

        Raises
        ------
        ConfigError
            If a setting is not understood; every problem is named at once.
        """
        problems: list[str] = []

        def number(name: str, default: float, low: float, high: float) -> float:
            text = environment.get(name, "").strip()
            if not text:
                return default
            try:
                value = float(text)
            except ValueError:
                value = float("nan")
            if not low <= value <= high:
                problems.append(f"{name}={text!r} is not a number from {low:g} to {high:g}")
                return default
            return value

        writing = environment.get("CASEWORK_WRITING", "").strip() or "on"
        if writing not in {"on", "off"}:
            problems.append(f"CASEWORK_WRITING={writing!r} is neither 'on' nor 'off'")
        text = environment.get("AUDIENCE", "").strip() or str(EVERYTHING)
        audience = Audience.parse(text)
        if audience is None:
            problems.append(
                f"AUDIENCE={text!r} is none of 'everything', 'region:<id>', 'member:<iso3>' "
                "and 'tiers'"
            )
        proposed = environment.get("PROPOSED_FRAMEWORK", "").strip()
        url = environment.get("WAREHOUSE_URL", "").strip() or f"duckdb:///{DEFAULT_WAREHOUSE}"
        if not url.startswith(("duckdb:///", "postgresql+psycopg://")):
            scheme = url.split("://", 1)[0]
            problems.append(
                f"WAREHOUSE_URL begins with {scheme!r}; accepted are 'duckdb:///FILE' and "
                "'postgresql+psycopg://USER:PASSWORD@HOST/DATABASE'"
            )
        config = cls(
            warehouse_url=url,
            query_deadline_seconds=number("WAREHOUSE_DEADLINE_SECONDS", 5.0, 0.1, 600),
            query_limit=int(number("WAREHOUSE_QUERY_LIMIT", 4, 1, 64)),
            cache_megabytes=int(number("CACHE_MEGABYTES", 64, 0, 4096)),
            is_casework_writable=writing == "on",
            audience=audience or EVERYTHING,
            proposed_framework=Path(proposed).absolute() if proposed else None,
        )
        if problems:
            raise ConfigError("; ".join(problems) + ".", remedy="Mend the environment.")
        return config
