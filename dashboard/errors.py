"""The project's one exception tree.

It must not know any other module: every layer raises from here.
"""

from __future__ import annotations


class DashboardError(Exception):
    """Base of every error this project raises on purpose.

    Parameters
    ----------
    found : str
        What was found, with the offending value shown by ``!r``.
    accepted : str, optional
        What is accepted instead.
    remedy : str, optional
        What the reader can do about it.
    """

    def __init__(self, found: str, accepted: str = "", remedy: str = "") -> None:
        self.found = found
        self.accepted = accepted
        self.remedy = remedy
        super().__init__(" ".join(part for part in (found, accepted, remedy) if part))


class ConfigError(DashboardError):
    """A setting or a framework file is wrong."""


class SelectionError(DashboardError):
    """A request names something that the selection does not allow."""


class WarehouseError(DashboardError):
    """The warehouse cannot be opened, read or published."""


class WarehouseBusyError(WarehouseError):
    """Too many queries are running at once, or one ran past its deadline."""


class DataContractError(DashboardError):
    """An input file does not keep to what it must look like."""


class ClosedError(DashboardError):
    """What is asked for is not shown to the audience that looks on."""
