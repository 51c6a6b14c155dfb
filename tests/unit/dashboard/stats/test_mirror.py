"""The mirror ratio against hand-worked cases and its invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.mirror import mirror_ratio

amounts = st.floats(min_value=1.0, max_value=1e12)
margins = st.floats(min_value=0.0, max_value=1.0)


def test_imports_are_brought_to_fob_on_whichever_side_they_are() -> None:
    # Exports of 100 FOB arrive as imports of 110 CIF: with a margin of 10 % both agree.
    assert mirror_ratio(100.0, 110.0, flow="X", cif_fob_margin=0.1) == pytest.approx(1.0)
    assert mirror_ratio(110.0, 100.0, flow="M", cif_fob_margin=0.1) == pytest.approx(1.0)
    assert mirror_ratio(50.0, 110.0, flow="X", cif_fob_margin=0.1) == pytest.approx(0.5)


@given(amounts, amounts, margins)
def test_the_partner_sees_the_inverse(ours: float, theirs: float, margin: float) -> None:
    seen = mirror_ratio(ours, theirs, flow="X", cif_fob_margin=margin)
    back = mirror_ratio(theirs, ours, flow="M", cif_fob_margin=margin)
    assert float(seen) * float(back) == pytest.approx(1.0)


@given(amounts, amounts, st.floats(min_value=0.01, max_value=100.0))
def test_the_currency_does_not_matter(ours: float, theirs: float, rate: float) -> None:
    plain = mirror_ratio(ours, theirs, flow="X", cif_fob_margin=0.06)
    scaled = mirror_ratio(ours * rate, theirs * rate, flow="X", cif_fob_margin=0.06)
    assert float(scaled) == pytest.approx(float(plain))


def test_without_a_partners_record_there_is_no_ratio() -> None:
    found = mirror_ratio([1.0, 1.0, np.nan], [0.0, np.nan, 1.0], flow="X", cif_fob_margin=0.06)
    assert np.isnan(found).all()


def test_a_flow_without_mirror_and_a_negative_margin_are_refused() -> None:
    with pytest.raises(ValueError, match="RX"):
        mirror_ratio(1.0, 1.0, flow="RX", cif_fob_margin=0.06)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="margin"):
        mirror_ratio(1.0, 1.0, flow="X", cif_fob_margin=-0.1)
