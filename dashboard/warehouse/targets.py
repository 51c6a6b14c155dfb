"""Where generations live: file names, schema names, and the pointer that names the current one.

It must not open a warehouse to read its data, nor change what a pointer says.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dashboard.errors import ConfigError, WarehouseError

DUCKDB: Final = "duckdb"
POSTGRESQL: Final = "postgresql"
POSTGRESQL_DRIVER: Final = "postgresql+psycopg"
VERSION: Final = re.compile(r"^\d{8}t\d{6}x[0-9a-f]{6}$")
SCHEMA_PREFIX: Final = "gen_"
POINTER_TABLE: Final = "wco_current"
"""One-row table of PostgreSQL's schema ``public``: version, published_at."""

OLD_GENERATIONS: Final = 3
"""How many generations are kept beside the one that is served."""

_ACCEPTED: Final = (
    "Accepted are 'duckdb:///FILE' and 'postgresql+psycopg://USER:PASSWORD@HOST/DATABASE'."
)


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed ``WAREHOUSE_URL``."""

    engine: str
    url: URL
    pointer: Path | None
    """DuckDB: the symbolic link that names the current generation's file."""

    def generation_path(self, version: str) -> Path:
        """Return the file of a generation (DuckDB).

        Parameters
        ----------
        version : str
            Version of the generation.

        Returns
        -------
        Path
            A file beside the pointer.
        """
        assert self.pointer is not None
        return self.pointer.with_name(f"{self.pointer.stem}-{version}{self.pointer.suffix}")

    def checksum_path(self, version: str) -> Path:
        """Return the file that holds the SHA-256 of a generation's file (DuckDB).

        Parameters
        ----------
        version : str
            Version of the generation.

        Returns
        -------
        Path
            A file beside the generation.
        """
        path = self.generation_path(version)
        return path.with_name(f"{path.name}.sha256")

    def delete_generation(self, version: str) -> None:
        """Delete a generation's files, as far as they are there (DuckDB).

        Parameters
        ----------
        version : str
            Version of the generation.
        """
        self.generation_path(version).unlink(missing_ok=True)
        self.checksum_path(version).unlink(missing_ok=True)

    def version_of(self, name: str) -> str | None:
        """Return the version that a file name carries (DuckDB).

        Parameters
        ----------
        name : str
            Name of a file beside the pointer.

        Returns
        -------
        str or None
            The version; None if the name is not that of a generation.
        """
        assert self.pointer is not None
        head, tail = f"{self.pointer.stem}-", self.pointer.suffix
        version = name[len(head) : len(name) - len(tail)]
        is_generation = name.startswith(head) and name.endswith(tail) and VERSION.match(version)
        return version if is_generation else None

    def generations(self) -> list[str]:
        """List the versions whose files lie beside the pointer (DuckDB), oldest first.

        Returns
        -------
        list of str
            Versions, whether they were ever served or not.
        """
        assert self.pointer is not None
        if not self.pointer.parent.is_dir():
            return []
        found = (self.version_of(path.name) for path in self.pointer.parent.iterdir())
        return sorted(version for version in found if version)


def parse_target(url: str) -> Target:
    """Read a ``WAREHOUSE_URL``.

    Parameters
    ----------
    url : str
        ``duckdb:///FILE`` or ``postgresql+psycopg://USER:PASSWORD@HOST/DATABASE``.

    Returns
    -------
    Target
        What it names. A relative file is made absolute against the working folder.

    Raises
    ------
    ConfigError
        If it is neither; the message never repeats the address, which may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError("The warehouse's address cannot be read.", _ACCEPTED) from None
    if parsed.drivername == DUCKDB:
        if not parsed.database or parsed.database == ":memory:" or parsed.host:
            raise ConfigError("The warehouse's address names no file.", _ACCEPTED)
        return Target(DUCKDB, parsed, Path(parsed.database).expanduser().absolute())
    if parsed.drivername in {POSTGRESQL_DRIVER, POSTGRESQL}:
        return Target(POSTGRESQL, parsed.set(drivername=POSTGRESQL_DRIVER), None)
    raise ConfigError(f"The warehouse's address begins with {parsed.drivername!r}.", _ACCEPTED)


def new_version(now: datetime) -> str:
    """Make the version of a generation: sortable by time to the microsecond, good in any name.

    Only one loader at a time makes one, so no two are made within a microsecond.

    Parameters
    ----------
    now : datetime
        The moment, UTC.

    Returns
    -------
    str
        Such as ``20240827t101500x0a1b2c``.
    """
    return f"{now:%Y%m%dt%H%M%S}x{now.microsecond * 16 + secrets.randbelow(16):06x}"


def schema_name(version: str) -> str:
    """Return PostgreSQL's schema of a generation.

    Parameters
    ----------
    version : str
        Version of the generation.

    Returns
    -------
    str
        The schema's name.

    Raises
    ------
    ConfigError
        If it is not a version: nothing else may reach a statement as a name.
    """
    if not VERSION.match(version):
        raise ConfigError(f"{version!r} is not the version of a generation.")
    return SCHEMA_PREFIX + version


def served_version(target: Target) -> str | None:
    """Return the version that a DuckDB target's pointer names.

    Parameters
    ----------
    target : Target
        A DuckDB target.

    Returns
    -------
    str or None
        The version; None if nothing was published yet.

    Raises
    ------
    WarehouseError
        If something else stands where the pointer belongs.
    """
    assert target.pointer is not None
    if not target.pointer.is_symlink():
        if target.pointer.exists():
            raise WarehouseError(
                f"{target.pointer.name!r} is there already and is no pointer of this product.",
                "A warehouse is a symbolic link to its current generation.",
                "Give another name in WAREHOUSE_URL, or move that file away.",
            )
        return None
    return target.version_of(target.pointer.readlink().name)
