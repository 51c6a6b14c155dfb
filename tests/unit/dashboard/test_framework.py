"""The framework file: the one that ships, what is refused, and its documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from dashboard import reference
from dashboard.errors import ConfigError
from dashboard.framework import (
    DEFAULT_FRAMEWORK,
    Framework,
    Head,
    fingerprint,
    parse_framework,
    read_framework,
)
from dashboard.incentive_rules import PillarIndicator, Ranking
from dashboard.warehouse.file_layouts import LAYOUTS
from dashboard.warehouse.key_results import check_bindings
from dashboard.warehouse.rules import rule_ids

PAGE = Path(__file__).resolve().parents[3] / "docs" / "framework.md"
STRATEGIES = ("1", "2", "3")


@pytest.fixture(scope="module")
def framework() -> Framework:
    return read_framework()[0]


def parts() -> dict[str, type[BaseModel]]:
    """Return the model of each section of the file, by its heading in the documentation."""
    found: dict[str, type[BaseModel]] = {"[framework]": Head}
    for name, field in Framework.model_fields.items():
        if name == "ranking":
            found["[ranking]"] = Ranking
        elif name != "framework":
            (model,) = field.annotation.__args__  # type: ignore[union-attr]
            found[f"[[{name}]]"] = model
    return found | {"[[pillars.indicators]]": PillarIndicator}


def sections() -> dict[str, str]:
    pieces = re.split(r"(?m)^## `(\[+[\w.]+\]+)`$", PAGE.read_text(encoding="utf-8"))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_every_section_of_the_file_is_described_and_no_other() -> None:
    assert set(sections()) == set(parts())


@pytest.mark.parametrize("heading", list(parts()))
def test_every_field_is_described_and_no_other(heading: str) -> None:
    described = set(re.findall(r"(?m)^\| `(\w+)` \| (?=.* \| .* \| )", sections()[heading]))
    assert described == set(parts()[heading].model_fields)


@pytest.mark.parametrize("heading", list(parts()))
def test_required_fields_are_called_required(heading: str) -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| .* \| ([^|]*) \| [^|]*\|$", sections()[heading])
    required = {name for name, default in rows if default == "required"}
    fields = parts()[heading].model_fields
    assert required == {name for name, field in fields.items() if field.is_required()}


def test_the_framework_that_ships_has_thirty_tactics_ten_each(framework: Framework) -> None:
    assert [one.id for one in framework.strategies] == list(STRATEGIES)
    assert [one.id for one in framework.tactics] == [
        f"{strategy}.{number}" for strategy in STRATEGIES for number in range(1, 11)
    ]
    assert all(one.strategy == one.id[0] for one in framework.tactics)


def test_every_tactic_has_a_key_result(framework: Framework) -> None:
    assert {one.tactic for one in framework.key_results} == {one.id for one in framework.tactics}


def test_every_binding_can_be_computed(framework: Framework) -> None:
    check_bindings(framework)


def test_every_computed_key_result_of_the_warehouse_names_the_view_that_explains_it(
    framework: Framework,
) -> None:
    views = {"timeliness", "quality", "flows", "incentives", "members", "data"}
    for one in framework.key_results:
        assert one.view is None or one.view in views
        assert (one.source == "warehouse") <= (one.view is not None), one.id


def test_both_languages_differ_in_every_sentence(framework: Framework) -> None:
    texts = [
        *(one.name for one in framework.strategies),
        *(one.name for one in framework.tactics),
        *(one.name for one in framework.key_results),
        *(one.title for one in framework.rules),
        *(one.remedy for one in framework.rules),
        *(one.name for one in framework.collections),
        *(one.name for one in framework.indicators),
    ]
    assert len(texts) > 120
    assert [text.en for text in texts if text.en == text.fr] == []
    # French typography: no straight quotes as guillemets, a blank before ; : ! and ?.
    assert [text.fr for text in texts if re.search(r"\w[;:!?](\s|$)", text.fr)] == []


def test_names_of_tactics_and_key_results_are_short_and_distinct(framework: Framework) -> None:
    for language in ("en", "fr"):
        names = [getattr(one.name, language) for one in framework.tactics]
        results = [getattr(one.name, language) for one in framework.key_results]
        assert len(set(names)) == len(names)
        assert len(set(results)) == len(results)
        assert max(len(name) for name in [*names, *results]) <= 60


def test_waivers_name_members(framework: Framework) -> None:
    members = set(reference.members()["iso3"])
    assert 3 <= len(framework.waivers) <= 10
    assert {one.member for one in framework.waivers} <= members
    assert all(one.first <= one.last for one in framework.waivers)


def test_rules_are_those_that_the_code_knows(framework: Framework) -> None:
    assert sorted(one.id for one in framework.rules) == sorted(rule_ids())


def test_layouts_are_those_that_the_loader_knows(framework: Framework) -> None:
    known = {layout.id for layout in LAYOUTS}
    assert {one for collection in framework.collections for one in collection.layouts} <= known


def test_tiers_stand_from_best_to_worst_and_end_at_zero(framework: Framework) -> None:
    thresholds = [tier.threshold for tier in framework.tiers]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[-1] == 0


# --- What is refused ---------------------------------------------------------------------------

SMALL = """
[framework]
id = "small"
version = "1"
name = { en = "Small", fr = "Petit" }
default_collection = "trade"
[[collections]]
id = "trade"
name = { en = "Trade", fr = "Commerce" }
domain = "trade"
frequency = "M"
due_days = 45
starts = "2020-01"
[[dimensions]]
id = "validity"
name = { en = "Validity", fr = "Validité" }
weight = 1
worst = 0.1
best = 0.0
[[pillars]]
id = "timeliness"
name = { en = "Timeliness", fr = "Ponctualité" }
weight = 1
worst = 0.0
best = 1.0
[[tiers]]
id = "all"
name = { en = "All", fr = "Tous" }
threshold = 0
"""
RULES = "\n[[rules]]\n" + "\n".join(
    [
        'id = "zero_value"',
        'dimension = "validity"',
        'severity = "note"',
        *(
            f'{name} = {{ en = "{name}", fr = "{name}" }}'
            for name in ("title", "counts", "rationale", "remedy")
        ),
    ]
)


def test_a_small_file_is_enough() -> None:
    small = parse_framework(SMALL + RULES)
    assert small.collection("trade").due_days == 45
    assert small.tactics == []


def test_all_problems_of_a_file_are_told_at_once_with_their_places() -> None:
    broken = (
        (SMALL + RULES)
        .replace("due_days = 45", 'due_days = "soon"')
        .replace('starts = "2020-01"', 'starts = "2020-13"')
        .replace("best = 0.0", "best = 0.1")
        .replace('fr = "Tous"', 'fr = ""')
        .replace('severity = "note"', 'severity = "fatal"\ncolour = "red"')
        .replace('version = "1"\n', "")
    )
    with pytest.raises(ConfigError) as caught:
        parse_framework(broken, source="mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml has 7 problem(s):")
    for place, found in (
        ("framework.version", "required"),
        ("collections[0].due_days", "'soon'"),
        ("collections[0].starts", "'2020-13'"),
        ("dimensions[0]", "worst and best are both 0.1"),
        ("tiers[0].name.fr", "''"),
        ("rules[0].severity", "'fatal'"),
        ("rules[0].colour", "'red'"),
    ):
        (line,) = [one for one in message.splitlines() if f"- {place}:" in one]
        assert found in line
    assert "docs/framework.md" in message


def test_all_references_that_lead_nowhere_are_told_at_once() -> None:
    waiver = """
    [[waivers]]
    member = "FRA"
    collection = "nothing"
    first = "2020-01"
    last = "2020-02"
    reason = "None"
    [[tactics]]
    id = "4.1"
    strategy = "4"
    name = { en = "Four", fr = "Quatre" }
    """
    broken = (SMALL + RULES).replace('collection = "trade"', 'collection = "other"', 1)
    with pytest.raises(ConfigError) as caught:
        parse_framework(broken + waiver)
    message = str(caught.value)
    assert "default_collection 'other' is none of ['trade']" in message
    assert "waivers: 'nothing' is none of the collections ['trade']" in message
    assert "tactics: '4' is none of the strategies []" in message


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ("target = 0.0", "baseline and target are both 0.0"),
        ("deadline_on = 2019-12-31", "deadline_on 2019-12-31 is not after 2020-01-01"),
        ('source = "warehouse"', "source 'warehouse' needs a binding"),
    ],
)
def test_a_key_result_that_cannot_progress_is_refused(changes: str, told: str) -> None:
    fields = {
        "id": '"kr"', "tactic": '"1.1"', "name": '{ en = "K", fr = "R" }',
        "source": '"check_in"', "unit": '"share"', "baseline": "0.0", "target": "1.0",
        "started_on": "2020-01-01", "deadline_on": "2025-12-31", "cadence_days": "91",
        "owner": '"Someone"',
    }  # fmt: skip
    name, value = changes.split(" = ")
    fields[name] = value
    text = "\n".join(f"{one} = {two}" for one, two in fields.items())
    strategy = """
    [[strategies]]
    id = "1"
    name = { en = "One", fr = "Un" }
    [[tactics]]
    id = "1.1"
    strategy = "1"
    name = { en = "One", fr = "Un" }
    [[key_results]]
    """
    with pytest.raises(ConfigError, match=re.escape(told)):
        parse_framework(SMALL + RULES + strategy + text)


def test_text_that_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match="line 2"):
        parse_framework("[framework]\nid = \n", source="mine.toml")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_framework(tmp_path / "missing.toml")


def test_an_extending_file_takes_what_it_leaves_out(tmp_path: Path, framework: Framework) -> None:
    path = tmp_path / "mine.toml"
    head = DEFAULT_FRAMEWORK.read_text(encoding="utf-8").split("# -- Collections")[0]
    path.write_text(
        head.replace('id = "default"', 'id = "mine"\nextends = "default"').replace(
            "[framework]", "waivers = []\n[framework]"
        ),
        encoding="utf-8",
    )
    mine, _ = read_framework(path)
    assert mine.framework.id == "mine"
    assert mine.waivers == []
    assert mine.tactics == framework.tactics


def test_a_collection_that_is_not_declared_is_refused_with_those_that_are(
    framework: Framework,
) -> None:
    with pytest.raises(ConfigError, match="trade_monthly"):
        framework.collection("weather")


def test_a_fingerprint_follows_the_text() -> None:
    assert fingerprint("one") == fingerprint("one")
    assert fingerprint("one") != fingerprint("two")
    assert re.fullmatch(r"[0-9a-f]{12}", fingerprint("one"))
