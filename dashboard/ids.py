"""Every component id, in one place; styles and browser tests read it too.

It must not import Dash: ids are plain text or the dicts of pattern-matching.
"""

from __future__ import annotations

from typing import Final

URL: Final = "url"
SELECTION: Final = "selection"
EVENT: Final = "event"
THEME: Final = "theme"
PAGE: Final = "page"
TOP_BAR: Final = "top-bar"
SELECTION_BAR: Final = "selection-bar"
CHIPS: Final = "chips"
NOTICES: Final = "notices"
LANGUAGE_LINK: Final = "language-link"
PRESENT_LINK: Final = "present-link"
THEME_BUTTON: Final = "theme-button"
BADGE: Final = "connection-badge"
FOOTER: Final = "footer"
ANNOUNCER: Final = "announcer"

FIRST: Final = "control-first"
LAST: Final = "control-last"
AS_OF: Final = "control-as-of"
PAST: Final = "control-past"
TIME: Final = "control-time"
COLLECTION: Final = "control-collection"
REGION: Final = "control-region"
MEMBER: Final = "control-member"
MEMBER_NAMES: Final = "member-names"
FOLD: Final = "selection-fold"
FOLD_BUTTON: Final = "selection-fold-button"


def navigation(view: str) -> str:
    """Return the id of a link to a view in the bars above it.

    Parameters
    ----------
    view : str
        The view's id, or a name of ``layouts.navigation.navigation_paths``.

    Returns
    -------
    str
        The component id.
    """
    return f"go-{view}"


def _panel(part: str, view: str, panel: str) -> dict[str, str]:
    return {"part": part, "view": view, "panel": panel}


def chart(view: str, panel: str) -> dict[str, str]:
    """Return the id of a panel's graph.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id; so for the other parts of a panel below.
    """
    return _panel("chart", view, panel)


def block(view: str, panel: str) -> dict[str, str]:
    """Return the id of a panel's block of components.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("block", view, panel)


def caption(view: str, panel: str) -> dict[str, str]:
    """Return the id of a panel's title and subtitle.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("caption", view, panel)


def message(view: str, panel: str) -> dict[str, str]:
    """Return the id of the place where a panel says why it is empty.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("message", view, panel)


def drawn(view: str, panel: str) -> dict[str, str]:
    """Return the id of the store that holds the key of what a panel shows.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("drawn", view, panel)


def table(view: str, panel: str) -> dict[str, str]:
    """Return the id of the place of a panel's table.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("table", view, panel)


def table_button(view: str, panel: str) -> dict[str, str]:
    """Return the id of the menu entry that shows a panel as a table.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("table-button", view, panel)


def receipt(view: str, panel: str) -> dict[str, str]:
    """Return the id of the place of a panel's receipt.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("receipt", view, panel)


def receipt_button(view: str, panel: str) -> dict[str, str]:
    """Return the id of the menu entry that shows a panel's receipt.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    dict
        A pattern-matching id.
    """
    return _panel("receipt-button", view, panel)


def pattern(part: str, wildcard: object) -> dict[str, object]:
    """Return the pattern that matches a part of panels.

    Parameters
    ----------
    part : {"chart", "block", "caption", "message", "drawn", "table", "table-button"}
        The part; or ``receipt`` or ``receipt-button``.
    wildcard : object
        Dash's ``ALL`` or ``MATCH``.

    Returns
    -------
    dict
        For an Input, Output or State.
    """
    return {"part": part, "view": wildcard, "panel": wildcard}


def note(language: str) -> str:
    """Return the id of a note's text, which its button copies.

    Parameters
    ----------
    language : str
        ``en`` or ``fr``.

    Returns
    -------
    str
        The component id.
    """
    return f"note-{language}"


def css_id(view: str, panel: str) -> str:
    """Return the plain HTML id of a panel, for styles, anchors and tests.

    Parameters
    ----------
    view, panel : str
        Ids of the view and of its panel.

    Returns
    -------
    str
        The id of the panel's outermost element.
    """
    return f"panel-{view}-{panel}"


def check_in_field(name: str) -> str:
    """Return the id of a field of the form that checks in on a key result.

    Parameters
    ----------
    name : str
        One of ``dashboard.check_ins.FIELDS``.

    Returns
    -------
    str
        The component id.
    """
    return f"check-in-{name.replace('_', '-')}"


def check_in_error(name: str) -> str:
    """Return the id of the place beside a field that says why it is not accepted.

    Parameters
    ----------
    name : str
        One of ``dashboard.check_ins.FIELDS``.

    Returns
    -------
    str
        The component id: that of the field and ``-error``, which the page's script relies on.
    """
    return f"{check_in_field(name)}-error"


def reminder(number: int, language: str) -> str:
    """Return the id of a reminder's text, which its button copies.

    Parameters
    ----------
    number : int
        Place of the owner in the list.
    language : str
        ``en`` or ``fr``.

    Returns
    -------
    str
        The component id.
    """
    return f"reminder-{number}-{language}"
