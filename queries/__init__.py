"""Statement builders: a resolved selection in, a SQLAlchemy Core select out.

Nothing is executed here, and nothing here knows how a result is shown.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

Statement = Select[Any]
"""What every builder returns."""
