"""What is selected, said in chips that can be taken away, and the names in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.audience import Audience
from layouts.attributes import attributes
from layouts.audiences import audience_menu
from layouts.past import past_text
from layouts.scene import Scene


def chips(scene: Scene, widest: Audience | None = None) -> list[Any]:
    """Return the removable chips of what is selected, and a button that clears all.

    With ``widest``, the audience that the process serves, who looks on is said after them, and
    can be narrowed.
    """
    words = scene.words
    items = _chosen_items(scene)
    children: list[Any] = [
        html.Button(
            [
                html.Span(label),
                html.Span("×", className="chip__cross", **attributes(aria_hidden="true")),
            ],
            type="button",
            className="chip chip--past" if kind == "as_of" else "chip",
            title=words("chip.remove", name=label),
            **attributes(data_event=f"{kind}:{value}", data_removal="1"),
        )
        for kind, value, label in items
    ]
    if items:
        children.append(
            html.Button(
                words("common.clear_all"),
                type="button",
                className="chip chip--clear",
                **attributes(data_event="clear:"),
            )
        )
    children.append(html.Span(scene.scope_text, className="chips__scope"))
    return [*children, audience_menu(scene, widest)] if widest is not None else children


def _chosen_items(scene: Scene) -> list[tuple[str, str, str]]:
    chosen, words, names = scene.chosen, scene.words, scene.names
    written: dict[str, Callable[[str], str]] = {
        "region": names.region,
        "member": names.member,
        "partner_region": lambda value: words("chip.towards", name=names.region(value)),
        "partner": lambda value: words("chip.partner", name=names.member(value)),
        "compared": lambda value: words("chip.compared", name=names.member(value)),
    }
    lists = {
        "region": chosen.regions,
        "member": chosen.members,
        "partner_region": chosen.partner_regions,
        "partner": chosen.partners,
        "compared": chosen.compared,
    }
    items = [
        (kind, value, written[kind](value)) for kind, values in lists.items() for value in values
    ]
    if chosen.first or chosen.last:
        items.append(("month", f"{scene.selection.first}|{scene.selection.last}", scene.range_text))
    if chosen.base:
        items.append(("base", chosen.base, words("chip.base", month=words.month(chosen.base))))
    if chosen.as_of:
        items.append(("as_of", "", past_text(words, chosen.as_of)))
    if chosen.since:
        items.append(("since", "", words("chip.since", day=words.day(chosen.since))))
    if chosen.commodity:
        items.append(("commodity", chosen.commodity, commodity_name(scene, chosen.commodity)))
    for kind in (
        "flow",
        "measure",
        "source",
        "status",
        "dimension",
        "scheme",
        "normalisation",
        "aggregation",
        "peers",
        "scale",
        "rule",
        "tactic",
        "result",
        "indicator",
    ):
        value = getattr(chosen, kind)
        if value:
            items.append((kind, value, _value_label(scene, kind, value)))
    if chosen.weights:
        items.append(("weights", "", words("chip.weights")))
    return items


def _value_label(scene: Scene, kind: str, value: str) -> str:
    words = scene.words
    if kind == "measure":
        return words.label(value)
    if kind == "rule":
        titles = {rule.id: getattr(rule.title, words.language) for rule in scene.framework.rules}
        return words("chip.rule", name=titles.get(value, value))
    if kind == "indicator":
        titles = {one.id: getattr(one.name, words.language) for one in scene.framework.indicators}
        return str(titles.get(value, value))
    if kind == "result":
        titles = {one.id: getattr(one.name, words.language) for one in scene.framework.key_results}
        return words("chip.result", name=titles.get(value, value))
    if kind == "scheme":
        titles = {one.id: getattr(one.name, words.language) for one in scene.framework.schemes}
        return words("chip.scheme", name=titles.get(value, value))
    if kind in {"tactic", "normalisation", "peers"}:
        name = value if kind == "tactic" else words(f"{kind}.{value}")
        return words(f"chip.{kind}", name=name)
    return words(f"{kind}.{value}")


def commodity_name(scene: Scene, code: str) -> str:
    """Return the name of an HS section (``S1``), chapter, heading or subheading."""
    names = scene.names
    if code.startswith("S"):
        return names.sections.get(int(code[1:]), code)
    chapter = names.chapters.get(code[:2], "")
    return f"{code} {chapter}".strip()
