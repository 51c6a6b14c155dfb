"""What a figure needs besides its frame: selection, words, names, colours, occasion.

It carries no data that depends on the selection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dashboard.audience import Audience
from dashboard.disclosure import PSEUDONYM
from dashboard.framework import Framework
from dashboard.selection import Catalogue, Selection
from dashboard.words import Words
from layouts.palette import Palette


@dataclass(frozen=True)
class Names:
    """Names of everything that is coded, in one language.

    Mappings from iso3, ids and codes to names; :meth:`member` and the others
    give the code itself where a name is missing. For an audience that does not name everybody
    the names of the others are not there: ``pseudonym`` says the number that stands for one, and
    ``nameless`` stands for any other.
    """

    members: Mapping[str, str] = field(repr=False)
    partners: Mapping[str, str] = field(repr=False)
    regions: Mapping[str, str]
    short_regions: Mapping[str, str]
    collections: Mapping[str, str]
    sections: Mapping[int, str] = field(repr=False)
    chapters: Mapping[str, str] = field(repr=False)
    chapter_sections: Mapping[str, int] = field(repr=False)
    coordinates: Mapping[str, tuple[float, float]] = field(repr=False)
    pseudonym: Callable[[str], str] | None = field(default=None, repr=False)
    nameless: str | None = None

    def member(self, iso3: str) -> str:
        """Name of a member, or of any area."""
        name = self.members.get(iso3) or self.partners.get(iso3)
        if name is None and self.pseudonym is not None and str(iso3).startswith(PSEUDONYM):
            return self.pseudonym(iso3.removeprefix(PSEUDONYM))
        return name or (iso3 if self.nameless is None else self.nameless)

    def region(self, region_id: str, *, is_short: bool = True) -> str:
        """Name of a region."""
        names = self.short_regions if is_short else self.regions
        return names.get(region_id, region_id)


@dataclass(frozen=True)
class Scene:
    """Everything a drawing needs besides data.

    ``selection`` is resolved, ``chosen`` is as the user left it. ``info`` are
    the facts of the generation. ``can_write`` tells whether entries about cases
    can be made in this process.
    """

    selection: Selection
    chosen: Selection
    words: Words
    names: Names
    palette: Palette
    catalogue: Catalogue
    framework: Framework
    info: Mapping[str, str]
    is_present: bool = False
    path: str = "/"
    can_write: bool = True

    @property
    def audience(self) -> Audience:
        """Who looks on."""
        return self.catalogue.audience

    @property
    def audience_subject(self) -> str:
        """The region or member that is named to who looks on; empty if it is none in particular."""
        audience, names = self.audience, self.names
        if audience.mode == "region":
            return names.region(audience.subject)
        return names.member(audience.subject) if audience.mode == "member" else ""

    @property
    def audience_text(self) -> str:
        """Who looks on, in words; empty if nobody is kept back."""
        if self.audience.is_everything:
            return ""
        return self.words(f"audience.{self.audience.mode}", subject=self.audience_subject)

    @property
    def as_of(self) -> date:
        """The as-of day."""
        assert self.selection.as_of is not None
        return self.selection.as_of

    @property
    def is_synthetic(self) -> bool:
        """Whether the warehouse is a synthetic sample."""
        return self.info.get("is_synthetic") == "true"

    @property
    def font_size(self) -> int:
        """Base size of text in figures, px."""
        return 26 if self.is_present else 13

    @property
    def range_text(self) -> str:
        """The selected period range."""
        selection = self.selection
        assert selection.first and selection.last
        if self.catalogue.collections.get(selection.collection or "") == "A":
            first, last = selection.first[:4], selection.last[:4]
        else:
            first, last = self.words.month(selection.first), self.words.month(selection.last)
        return first if first == last else f"{first} – {last}"

    @property
    def scope_text(self) -> str:
        """Whom the figures are about: the members or regions chosen, or all."""
        chosen = self.chosen
        if chosen.members:
            names = [self.names.member(iso3) for iso3 in chosen.members]
        elif chosen.regions:
            names = [self.names.region(region) for region in chosen.regions]
        else:
            return self.words("common.all_members")
        if len(names) > 3:
            return self.words("common.and_more", names=", ".join(names[:2]), count=len(names) - 2)
        return ", ".join(names)

    @property
    def scope_within(self) -> str:
        """Whom the figures are about, as it stands inside a sentence."""
        is_all = not (self.chosen.members or self.chosen.regions)
        return self.words("common.all_members_within") if is_all else self.scope_text

    def subtitle(self, *parts: str) -> str:
        """Join what a subtitle says: the parts given, period, and the as-of day."""
        as_of = self.words("common.as_of", day=self.words.day(self.as_of))
        return " · ".join(part for part in (*parts, self.range_text, as_of) if part)

    def source_text(self) -> str:
        """The source note of a figure, which says so if the data is synthetic."""
        key = "source" if self.words.language == "en" else "source_fr"
        return self.info.get(key, "")
