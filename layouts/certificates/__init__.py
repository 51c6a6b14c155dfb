"""Certificates: one award of one member as a page to print.

The page is set by Typst from a template beside this module, with the fonts that Typst carries; no
text of data is ever read as markup. It must not decide who is recognised.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from dashboard.framework import Framework
from dashboard.recognition import BEST_NEWCOMER, TIER, Award
from dashboard.score_record import Content
from dashboard.tiers import rising_tiers
from dashboard.words import Words

TEMPLATE: Final = Path(__file__).with_name("certificate.typ")

ACCENTS: Final = ("#b08d2e", "#7d8794", "#a0623a")
"""Of the first, second and third tier; any other award has the product's own."""

OWN_ACCENT: Final = "#1f5f8b"

STANDARD: Final = "a-2b"


@dataclass(frozen=True, slots=True)
class Origin:
    """What proves a certificate: the run that it is of, and when it was given."""

    run: int
    hash: str
    given_at: datetime


def certificate(award: Award, member: str, content: Content, origin: Origin, words: Words) -> bytes:
    """Return a certificate.

    Parameters
    ----------
    award : Award
        What for.
    member : str
        The member's name in the language of `words`.
    content : mapping
        Of the run.
    origin : Origin
        Of the award.
    words : Words
        Of the certificate's language.

    Returns
    -------
    bytes
        PDF, one page of A4 landscape; the same for the same arguments. It is PDF/A: every font is
        in it, and a letter that no font has is an error rather than an empty box.
    """
    data = _texts(award, member, content, origin, words)
    page = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        font_paths=_fonts(),
        pdf_standards=STANDARD,
        timestamp=int(origin.given_at.replace(tzinfo=UTC).timestamp()),
    )
    assert isinstance(page, bytes)
    return page


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Return the fonts that come with Typst, and none of the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _texts(
    award: Award, member: str, content: Content, origin: Origin, words: Words
) -> dict[str, Any]:
    framework = Framework.model_validate_json(content["framework"]["text"])
    tiers = rising_tiers(framework.tiers)[::-1]
    names = {tier.id: getattr(tier.name, words.language) for tier in tiers}
    place = next((i for i, tier in enumerate(tiers) if tier.id == award.tier), len(ACCENTS))
    result = content["results"][award.member]
    tier = names.get(award.tier or "", "")
    stretch = words(
        "certificate.range",
        first=words.month(content["selection"]["first"]),
        last=words.month(content["selection"]["last"]),
    )
    is_synthetic = bool(content["is_synthetic"])
    decision = ""
    if award.override is not None:
        computed = names.get(str(result.get("tier")), words("certificate.no_tier"))
        decision = words("certificate.decision", number=award.override, tier=computed)
    given = origin.given_at
    return {
        "language": words.language,
        "accent": ACCENTS[place] if award.kind == TIER and place < len(ACCENTS) else OWN_ACCENT,
        "title": words("certificate.title"),
        "issuer": words("certificate.issuer"),
        "awarded_to": words("certificate.awarded_to"),
        "member": member,
        "grounds": words(f"certificate.grounds_{award.kind}", tier=tier, range=stretch),
        "figures": _figures(award, result, len(content["results"]), words),
        "decision": decision,
        "signatures": [words("certificate.signature_left"), words("certificate.signature_right")],
        "origin": words(
            "certificate.origin",
            run=origin.run,
            day=words.day(given.date()),
            generation=content["generation"],
            framework=f"{content['framework']['id']} {content['framework']['version']}",
            method=content["method"],
        ),
        "hash": f"SHA-256 {origin.hash}",
        "stamp": words("certificate.stamp") if is_synthetic else "",
        "synthetic": words("certificate.synthetic") if is_synthetic else "",
        "year": given.year,
        "month": given.month,
        "day": given.day,
    }


def _figures(award: Award, result: dict[str, Any], members: int, words: Words) -> str:
    """Say the figures that the award rests on, each with how sure it is."""
    score, rank = result.get("incentive_score"), result.get("rank")
    if score is None or rank is None:
        return ""
    said = [
        words("certificate.score", score=words.number(score, 1)),
        words(
            "certificate.rank",
            rank=words.number(rank),
            low=words.number(result["rank_low"]),
            high=words.number(result["rank_high"]),
            members=words.number(members),
        ),
    ]
    chance = result.get("tier_probability")
    if award.kind == TIER and award.override is None and chance is not None:
        said.append(words("certificate.chance", chance=words.value(chance, "share")))
    if award.kind not in {TIER, BEST_NEWCOMER} and result.get("change") is not None:
        bounds = {one: words.number(result[f"change_{one}"]) for one in ("low", "high")}
        said.append(words("certificate.gain", change=words.number(result["change"]), **bounds))
    return " · ".join(said)
