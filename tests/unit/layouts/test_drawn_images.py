"""Addresses that hold a picture give the picture back."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.drawn_images import svg_address


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_an_address_holds_the_whole_picture(picture: str) -> None:
    head, _, held = svg_address(picture).partition(",")
    assert head == "data:image/svg+xml"
    assert unquote(held) == picture
    assert not set("\"#<>'") & set(held)


def test_letters_beyond_ascii_are_refused() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        svg_address("<text>é</text>")
