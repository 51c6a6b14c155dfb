"""The small parts that every section of a framework file is built of.

It must not know a section.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PillarId = Literal["timeliness", "quality", "coverage", "improvement", "engagement"]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Part(BaseModel):
    """A part of the file; a field that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """A text in the product's two languages."""

    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)
