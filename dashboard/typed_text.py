"""Texts that people type: what is trimmed of them, and which cannot be kept.

It must not know what a text is for, nor where it is kept.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Literal

Flaw = Literal["not_text", "long", "control"]

_UNSHOWN: Final = frozenset({"Cc", "Cs"})
"""Categories of control and half characters: they cannot be stored or shown everywhere."""


def typed_text(value: object, most: int, *, is_line: bool = False) -> tuple[str, Flaw | None]:
    r"""Return what was typed without the blanks around it, and what is wrong with it.

    Parameters
    ----------
    value : object
        As it came.
    most : int
        Characters at most.
    is_line : bool, default False
        Whether it is one line, such as a name: blanks within count once.

    Returns
    -------
    text : str
        Trimmed; empty if there is a flaw.
    flaw : {"not_text", "long", "control"} or None
        None if it can be kept.

    Examples
    --------
    >>> typed_text("  Ann \n Lee ", 80, is_line=True)
    ('Ann Lee', None)
    >>> typed_text("Ann", 2)
    ('', 'long')
    """
    if not isinstance(value, str):
        return "", "not_text"
    text = value.strip().replace("\r\n", "\n")
    if len(text) > most:
        return "", "long"
    if any(unicodedata.category(one) in _UNSHOWN and one != "\n" for one in text):
        return "", "control"
    return (" ".join(text.split()) if is_line else text), None
