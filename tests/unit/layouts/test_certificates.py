"""Certificates: one page of A4 landscape as PDF, every member's name, synthetic if it is."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
import typst

from dashboard import reference
from dashboard.framework import read_framework
from dashboard.recognition import Award
from dashboard.words import read_words
from layouts.certificates import STANDARD, Origin, certificate
from layouts.certificates import _fonts as fonts
from layouts.certificates import _texts as texts

ORIGIN = Origin(3, "ab" * 32, datetime.fromisoformat("2026-11-27 09:00"))


def _content(*, is_synthetic: bool = True, **changes: Any) -> dict[str, Any]:
    framework = read_framework()[0]
    result = {
        "incentive_score": 81.25,
        "rank": 12,
        "rank_low": 8,
        "rank_high": 19,
        "tier": "gold",
        "tier_probability": 0.88,
        "change": 4,
        "change_low": 1,
        "change_high": 7,
        **changes,
    }
    return {
        "generation": "20261127t114701x509031",
        "is_synthetic": is_synthetic,
        "framework": {"text": framework.model_dump_json(), "id": "default", "version": "4"},
        "method": "3",
        "selection": {"first": "2023-11", "last": "2026-10"},
        "results": {"KEN": result},
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_certificate_is_one_vector_page_of_a4_landscape(language: str) -> None:
    award = Award("KEN", "tier", "gold")
    page = certificate(award, "Kenya", _content(), ORIGIN, read_words(language))
    assert page.startswith(b"%PDF-")
    (box,) = re.findall(rb"/MediaBox ?\[([^]]*)\]", page)
    width, height = (float(one) for one in box.split()[2:])
    # ISO 216: 297 by 210 mm; a point is 1/72 of 25.4 mm.
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx((297, 210), abs=0.1)
    assert b"/FontFile" in page
    assert b"/Subtype/Image" not in page.replace(b" ", b"")
    assert page == certificate(award, "Kenya", _content(), ORIGIN, read_words(language))


def test_synthetic_data_makes_a_specimen_and_says_so() -> None:
    award = Award("KEN", "most_improved")
    for language, stamp in (("en", "SYNTHETIC"), ("fr", "SYNTHÉTIQUE")):
        words = read_words(language)
        assert texts(award, "Kenya", _content(), ORIGIN, words)["stamp"] == stamp
        real = texts(award, "Kenya", _content(is_synthetic=False), ORIGIN, words)
        assert (real["stamp"], real["synthetic"]) == ("", "")


def test_a_figure_comes_with_how_sure_it_is_and_a_decision_is_told() -> None:
    words = read_words("en")
    said = texts(Award("KEN", "tier", "gold"), "Kenya", _content(), ORIGIN, words)
    assert said["figures"] == (
        "score 81.2 of 100 · rank 12 of 1 (90 % of draws: 8 to 19) · probability of this tier 88 %"
    )
    assert said["decision"] == ""
    decided = texts(
        Award("KEN", "tier", "gold", override=4), "Kenya", _content(tier="bronze"), ORIGIN, words
    )
    assert "entry 4" in decided["decision"]
    assert "Bronze" in decided["decision"]
    assert "probability" not in decided["figures"]


def _compiled(text: str) -> bytes:
    source = '#set text(font: "Libertinus Serif", weight: "bold")\n#sys.inputs.names'
    page = typst.compile(
        source.encode(), sys_inputs={"names": text}, font_paths=fonts(), pdf_standards=STANDARD
    )
    assert isinstance(page, bytes)
    return page


def test_the_name_of_every_member_can_be_set() -> None:
    members = reference.members()
    names = [*members["name_en"], *members["name_fr"]]
    assert len(names) > 360
    assert _compiled("\n".join(names)).startswith(b"%PDF-")
    # The standard refuses what no font has: an empty box would pass unseen.
    with pytest.raises(typst.TypstError):
        _compiled("ประเทศไทย")


def test_texts_are_never_read_as_markup() -> None:
    award = Award("KEN", "tier", "gold")
    plain = certificate(award, "*A* #panic() $x$ <b>", _content(), ORIGIN, read_words("en"))
    assert plain.startswith(b"%PDF-")
