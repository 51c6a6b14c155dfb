"""Who looks on: which members an audience sees by name.

An audience is only ever narrowed. It must not know a frame, a selection or a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

Mode = Literal["everything", "region", "member", "tiers"]

MODES: Final[tuple[Mode, ...]] = ("everything", "region", "member", "tiers")
"""From the widest to the narrowest."""

_SUBJECT: Final[Mapping[str, re.Pattern[str]]] = {
    "region": re.compile(r"[a-z][a-z_]{0,60}"),
    "member": re.compile(r"[A-Z][A-Z0-9_]{1,5}"),
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who looks on.

    ``mode`` is ``everything`` (all members by name), ``region`` (those of one region, the
    others without a name), ``member`` (one member, its peers without a name) or ``tiers``
    (counts and shares, no member at all). ``subject`` is the region's id or the member's iso3.
    """

    mode: Mode = "everything"
    subject: str = ""

    @classmethod
    def parse(cls, text: str) -> Audience | None:
        """Read an audience.

        Parameters
        ----------
        text : str
            ``everything``, ``tiers``, ``region:<id>`` or ``member:<iso3>``.

        Returns
        -------
        Audience or None
            None if it is written in no such way.

        Examples
        --------
        >>> Audience.parse("member:KEN")
        Audience(mode='member', subject='KEN')
        >>> Audience.parse("region:") is None
        True
        """
        mode, colon, subject = text.partition(":")
        if mode in _SUBJECT and _SUBJECT[mode].fullmatch(subject):
            return cls(cast("Mode", mode), subject)
        if mode in ("everything", "tiers") and not colon:
            return cls(cast("Mode", mode))
        return None

    def __str__(self) -> str:
        return f"{self.mode}:{self.subject}" if self.subject else self.mode

    @property
    def is_everything(self) -> bool:
        """Whether nobody is kept from it."""
        return self.mode == "everything"

    def is_known(self, members: Mapping[str, str]) -> bool:
        """Tell whether its region or member exists.

        Parameters
        ----------
        members : mapping of str to str
            Iso3 of every member to its region.

        Returns
        -------
        bool
            True for an audience without a subject.
        """
        if self.mode == "region":
            return self.subject in members.values()
        return self.mode != "member" or self.subject in members

    def holds(self, other: Audience, members: Mapping[str, str]) -> bool:
        """Tell whether another audience sees nothing that this one does not.

        Parameters
        ----------
        other : Audience
            One that is known.
        members : mapping of str to str
            Iso3 of every member to its region.

        Returns
        -------
        bool
            True for itself.

        Examples
        --------
        >>> members = {"KEN": "east", "FRA": "europe"}
        >>> europe = Audience("region", "europe")
        >>> europe.holds(Audience("member", "FRA"), members)
        True
        >>> europe.holds(Audience("member", "KEN"), members)
        False
        """
        if other == self or self.is_everything or other.mode == "tiers":
            return True
        return (
            self.mode == "region"
            and other.mode == "member"
            and members.get(other.subject) == self.subject
        )

    def named(self, members: Mapping[str, str]) -> frozenset[str]:
        """Return the members that it sees by name.

        Parameters
        ----------
        members : mapping of str to str
            Iso3 of every member to its region.

        Returns
        -------
        frozenset of str
            Iso3 codes; empty for ``tiers``.

        Examples
        --------
        >>> sorted(Audience("region", "east").named({"KEN": "east", "FRA": "europe"}))
        ['KEN']
        """
        if self.is_everything:
            return frozenset(members)
        if self.mode == "region":
            return frozenset(iso3 for iso3, region in members.items() if region == self.subject)
        return frozenset({self.subject} & set(members)) if self.mode == "member" else frozenset()


EVERYTHING: Final = Audience()
TIERS: Final = Audience("tiers")
