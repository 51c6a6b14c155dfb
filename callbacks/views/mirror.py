"""The view of mirror."""

from __future__ import annotations

from typing import Final

from callbacks.named import NamedFrame
from layouts.panels import View

FRAMES: Final[tuple[NamedFrame, ...]] = ()

VIEW: Final = View("mirror", (), parent="quality")
