"""The documentation keeps its promises: its links resolve and its code blocks run.

A fenced block of Python or shell is checked for syntax. With the word ``run`` after its language
(```` ```bash run ````) it is also executed, in an empty folder, against the sample warehouse.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL = {"bash", "sh", "shell", "console"}
PYTHON = {"python", "py"}
SECONDS_TO_RUN = 300
FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<info>[^`]*)$")
LINK = re.compile(r"!?\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
IMAGE = re.compile(r"<img[^>]*\ssrc=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, the words after that, its text."""

    path: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """README.md and every page below docs, sorted."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def split_page(path: Path) -> tuple[list[Block], list[tuple[int, str]]]:
    """Return the fenced blocks of a page and its other lines, both with line numbers."""
    blocks: list[Block] = []
    prose: list[tuple[int, str]] = []
    opened: re.Match[str] | None = None
    body: list[str] = []
    start = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        found = FENCE.match(line)
        if opened is None and found:
            opened, body, start = found, [], number
        elif opened is not None and line.strip().startswith(opened["fence"]) and not found["info"]:
            language, *words = [*opened["info"].split(), ""][:3]
            text = "\n".join(body) + "\n"
            blocks.append(Block(path, start, language.lower(), tuple(filter(None, words)), text))
            opened = None
        elif opened is not None:
            body.append(line[len(opened["indent"]) :])
        else:
            prose.append((number, line))
    assert opened is None, f"{path}:{start}: the block is not closed"
    return blocks, prose


def all_blocks() -> Iterator[Block]:
    for page in pages():
        yield from split_page(page)[0]


def anchors(path: Path) -> set[str]:
    """The names that a page's headings can be linked by, numbered where one repeats."""
    names: list[str] = []
    for _, line in split_page(path)[1]:
        if heading := HEADING.match(line):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            repeats = sum(name == slug for name in names)
            names.append(slug)
            if repeats:
                names.append(f"{slug}-{repeats}")
        names += re.findall(r"<a (?:id|name)=\"([^\"]+)\"", line)
    return set(names)


def broken_links(page: Path) -> list[str]:
    """Links of a page to a file or heading that is not there; other hosts are not asked."""
    broken = []
    for number, line in split_page(page)[1]:
        plain = re.sub(r"`[^`]*`", "", line)
        for address in [*LINK.findall(plain), *IMAGE.findall(plain)]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            is_page = target.suffix == ".md"
            if not target.exists() or ROOT not in [target, *target.parents]:
                broken.append(f"{page.name}:{number}: no file {address!r}")
            elif parts.fragment and is_page and parts.fragment not in anchors(target):
                broken.append(f"{page.name}:{number}: no heading {address!r}")
    return broken


def shell_text(block: Block) -> str:
    """The commands of a block; in a ``console`` block, only what follows the prompts."""
    if block.language != "console":
        return block.text
    commands = (line[2:] for line in block.text.splitlines() if line.startswith("$ "))
    return "\n".join(commands) + "\n"


def run_in(folder: Path, command: list[str], text: str, warehouse_url: str) -> None:
    done = subprocess.run(
        command,
        input=text,
        cwd=folder,
        env={
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}:{ROOT}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            "WAREHOUSE_URL": warehouse_url,
        },
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_RUN,
        check=False,
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_images_of_the_page_resolve(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("block", [b for b in all_blocks() if b.language in SHELL], ids=str)
def test_shell_block_is_shell(block: Block) -> None:
    checked = subprocess.run(
        ["bash", "-n"], input=shell_text(block), capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("block", [b for b in all_blocks() if b.language in PYTHON], ids=str)
def test_python_block_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec", dont_inherit=True)


@pytest.mark.parametrize("block", [b for b in all_blocks() if "run" in b.words], ids=str)
def test_block_marked_for_running_runs(
    block: Block, tmp_path: Path, sample_warehouse_url: str
) -> None:
    if block.language in PYTHON:
        run_in(tmp_path, [sys.executable, "-"], block.text, sample_warehouse_url)
    else:
        assert block.language in SHELL, f"{block}: {block.language!r} cannot be run"
        (tmp_path / "run").symlink_to(ROOT / "run")  # pages say ./run, as a reader would
        run_in(tmp_path, ["bash", "-euo", "pipefail"], shell_text(block), sample_warehouse_url)


def test_there_is_a_page_that_says_how_to_run_the_program() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "./run" in text


def test_a_broken_link_a_missing_heading_and_a_missing_image_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "# One *two*\n[a](#one-two) [b](#three) [c](none.md)\n![d](none.png)\n"
        "```text\n[e](in-a-block.md)\n```\n`[f](in-code.md)`\n",
        encoding="utf-8",
    )
    assert broken_links(page) == [
        "page.md:2: no heading '#three'",
        "page.md:2: no file 'none.md'",
        "page.md:3: no file 'none.png'",
    ]
