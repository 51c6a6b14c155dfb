"""Publication to a DuckDB file: what is served is whole at every moment."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dashboard.errors import ConfigError, WarehouseError
from dashboard.framework import parse_framework
from dashboard.warehouse import publishing
from dashboard.warehouse.targets import OLD_GENERATIONS, VERSION, parse_target
from dashboard.warehouse.verifying import file_checksum, verify
from dashboard.warehouse.workshop import begin, discard
from tests.support.publisher import publish_marked, running_publisher
from tests.support.workshops import (
    ALBANIA,
    FRAMEWORK,
    FRANCE,
    finish_by_hand,
    framework,
    open_workshop,
    publish_drawn,
)

ServeDrawn = Callable[..., str]

CALLS_OF_A_PUBLICATION = 6
"""Three steps, each begun and done."""

MOMENTS = 10
"""Of a publication, at which one is killed."""


@pytest.fixture
def pointer(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "warehouse.duckdb"


@pytest.fixture
def url(pointer: Path) -> str:
    return f"duckdb:///{pointer}"


def names(pointer: Path) -> list[str]:
    return sorted(path.name for path in pointer.parent.iterdir() if path.name[0] != ".")


def served_files(versions: list[str]) -> list[str]:
    """The names of generations, of their checksums, and of the pointer."""
    files = [f"warehouse-{version}.duckdb" for version in versions]
    return sorted([*files, *(f"{name}.sha256" for name in files), "warehouse.duckdb"])


def hidden(pointer: Path) -> list[str]:
    lock = f".{pointer.name}.lock"
    return sorted(
        path.name for path in pointer.parent.iterdir() if path.name[0] == "." and path.name != lock
    )


def marks(pointer: Path) -> set[int]:
    """The marks that stand in the generation now served: one if it is whole."""
    with duckdb.connect(pointer.resolve(), read_only=True) as connection:
        rows = connection.execute(
            "SELECT rows_read FROM load_log UNION SELECT row_count FROM fct_submission"
        ).fetchall()
    return {mark for (mark,) in rows}


def test_first_publication_makes_folder_generation_and_pointer(url: str, pointer: Path) -> None:
    version = publish_drawn(url, 1)
    assert VERSION.match(version)
    assert pointer.is_symlink()
    assert pointer.readlink() == Path(f"warehouse-{version}.duckdb")
    assert names(pointer) == served_files([version])
    assert hidden(pointer) == []


def test_workshop_starts_as_a_copy_of_what_is_served(url: str, serve_drawn: ServeDrawn) -> None:
    serve_drawn(url, 1, rows=500)
    workshop = begin(url)
    try:
        (rows,) = workshop.connection.execute("SELECT count(*) FROM fct_trade").fetchone() or (0,)
        assert rows == 500
        assert workshop.framework == framework()
    finally:
        discard(workshop)


def test_publishing_a_copy_keeps_every_row(url: str, serve_drawn: ServeDrawn) -> None:
    serve_drawn(url, 1)
    before = verify(url).row_counts
    workshop = begin(url)
    finish_by_hand(workshop)
    publishing.publish(workshop, url)
    report = verify(url)
    assert report.is_ok
    assert report.row_counts == before


def test_discarded_workshop_leaves_nothing(
    url: str, pointer: Path, serve_drawn: ServeDrawn
) -> None:
    version = serve_drawn(url, 1)
    workshop = begin(url)
    workshop.connection.execute("DELETE FROM fct_trade")
    discard(workshop)
    discard(workshop)
    assert hidden(pointer) == []
    assert verify(url).version == version


def test_three_old_generations_are_kept(url: str, pointer: Path, serve_drawn: ServeDrawn) -> None:
    versions = [serve_drawn(url, 1, rows=50), *(publish_marked(url, mark) for mark in range(5))]
    kept = versions[-(OLD_GENERATIONS + 1) :]
    assert names(pointer) == served_files(kept)
    assert verify(url).version == versions[-1]


def test_second_loader_is_refused_while_the_first_works(url: str) -> None:
    first = begin(url, framework())
    with pytest.raises(WarehouseError, match="Another loader is at work"):
        begin(url, framework())
    discard(first)
    discard(begin(url, framework()))


def test_new_framework_replaces_the_stored_one(url: str, serve_drawn: ServeDrawn) -> None:
    serve_drawn(url, 1, rows=50)
    changed = parse_framework(FRAMEWORK.replace("due_days = 45", "due_days = 60"))
    workshop = begin(url, changed)
    finish_by_hand(workshop)
    publishing.publish(workshop, url)
    again = begin(url)
    due = again.connection.execute(
        "SELECT due_days FROM dim_collection WHERE collection_id = 'monthly'"
    ).fetchone()
    discard(again)
    assert again.framework == changed
    assert due == (60,)


def test_framework_without_a_collection_that_has_data_is_refused(
    url: str, serve_drawn: ServeDrawn
) -> None:
    serve_drawn(url, 1, rows=50)
    other = parse_framework(FRAMEWORK.replace('"annual"', '"yearly"'))
    with pytest.raises(ConfigError, match="annual"):
        begin(url, other)
    discard(begin(url))  # the refusal let go of the lock


def test_generation_with_an_orphan_is_not_published(
    url: str, pointer: Path, serve_drawn: ServeDrawn
) -> None:
    old = serve_drawn(url, 1, rows=50)
    workshop = begin(url)
    workshop.connection.execute("UPDATE fct_trade SET partner_id = 31999 WHERE flow_code = 'M'")
    finish_by_hand(workshop)
    with pytest.raises(WarehouseError, match=r"fct_trade: partner_id .*31999"):
        publishing.publish(workshop, url)
    assert verify(url).version == old
    assert names(pointer) == served_files([old])
    assert hidden(pointer) == []


def test_generation_that_reads_back_otherwise_is_not_published(
    url: str, monkeypatch: pytest.MonkeyPatch, serve_drawn: ServeDrawn
) -> None:
    """The file is changed between writing and reading back, as a failing disk would."""
    old = serve_drawn(url, 1, rows=50)
    workshop = begin(url)
    finish_by_hand(workshop)
    genuine = publishing.file_checksum

    def change(path: Path) -> str:
        with duckdb.connect(path) as connection:
            connection.execute("UPDATE fct_trade SET mass_kg = 1 WHERE partner_id = 251")
        return genuine(path)

    monkeypatch.setattr(publishing, "file_checksum", change)
    with pytest.raises(WarehouseError, match="fct_trade: reads back otherwise"):
        publishing.publish(workshop, url)
    assert verify(url).version == old


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9999])
def test_one_changed_byte_anywhere_is_found(
    url: str, pointer: Path, share: float, serve_drawn: ServeDrawn
) -> None:
    serve_drawn(url, 1)
    path = pointer.resolve()
    place = int(share * path.stat().st_size)
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1]))
    report = verify(url)
    assert [problem.table for problem in report.problems] == [path.name]


def test_missing_generation_cannot_be_verified(
    url: str, pointer: Path, serve_drawn: ServeDrawn
) -> None:
    serve_drawn(url, 1, rows=50)
    pointer.resolve().unlink()
    with pytest.raises(WarehouseError, match="cannot be read"):
        verify(url)


def test_workshop_is_published_only_to_where_it_came_from(url: str, tmp_path: Path) -> None:
    workshop = begin(url, framework())
    with pytest.raises(WarehouseError, match="goes back where it came from"):
        publishing.publish(workshop, f"duckdb:///{tmp_path / 'other.duckdb'}")
    discard(workshop)


def test_file_in_the_pointers_place_is_never_overwritten(url: str, pointer: Path) -> None:
    pointer.parent.mkdir()
    pointer.write_text("my notes")
    with pytest.raises(WarehouseError, match="no pointer of this product"):
        begin(url)
    assert pointer.read_text() == "my notes"


def test_much_unused_space_is_given_back(url: str, pointer: Path) -> None:
    filler = open_workshop(url)
    filler.submission(ALBANIA, 202301, "2023-03-01", rows=[("M", FRANCE, "010121", 5)])
    connection = filler.workshop.connection
    rng = np.random.default_rng(5)
    noise = rng.random(2_000_000)  # noqa: F841 -- DuckDB finds it by its name
    connection.execute("CREATE TABLE bulk AS SELECT column0 FROM noise")
    connection.execute("CHECKPOINT")
    connection.execute("DROP TABLE bulk")
    finish_by_hand(filler.workshop)
    publishing.publish(filler.workshop, url)
    assert pointer.resolve().stat().st_size < 12_000_000  # the noise alone has 16 MB


def test_address_of_neither_engine_is_refused_without_repeating_it() -> None:
    for url in ("mysql://user:hunter2@host/db", "postgresql+psycopg://u:hunter2@host:port/db"):
        with pytest.raises(ConfigError) as told:
            parse_target(url)
        assert "hunter2" not in str(told.value)


def test_publisher_killed_at_any_moment_leaves_a_whole_generation(
    url: str, pointer: Path, serve_drawn: ServeDrawn
) -> None:
    """Killed at each call of the progress, and at moments spread evenly over a publication.

    The calls stand where one step ends and the next begins; the moments lie within the steps, and
    in what comes before them: the copy, the dimensions and the marks.
    """
    serve_drawn(url, 1, rows=300)
    with running_publisher() as publisher:
        began = time.monotonic()
        assert publisher.publish(url, 1) == 0
        duration = time.monotonic() - began
        served, number = 1, 1
        last_calls = list(range(CALLS_OF_A_PUBLICATION, 0, -1))
        shares = [(place + 0.5) / MOMENTS for place in range(MOMENTS)]
        while last_calls or shares:
            number += 1
            assert number < 4 * MOMENTS, "the children end before their moment comes"
            before, checksum = pointer.readlink(), file_checksum(pointer)
            began = time.monotonic()
            if last_calls:
                ended = publisher.publish(url, number, last_call=last_calls.pop())
                assert ended == -signal.SIGKILL
            else:
                ended = publisher.publish(url, number, seconds=shares[-1] * duration)
                if ended == -signal.SIGKILL:
                    shares.pop()
                else:  # it was there too soon: the same moment again, of a shorter duration
                    assert ended == 0
                    assert pointer.readlink() != before
                    duration = time.monotonic() - began
            if pointer.readlink() == before:
                assert file_checksum(pointer) == checksum
            else:
                served = number
                assert verify(url).is_ok
            assert marks(pointer) == {served}
    discard(begin(url))
    assert hidden(pointer) == []
    assert verify(url).is_ok
    target = parse_target(url)
    assert target.generations()[-1] == target.version_of(pointer.readlink().name)


def test_kill_before_the_last_step_keeps_the_old_and_after_it_the_new(
    url: str, pointer: Path, serve_drawn: ServeDrawn
) -> None:
    serve_drawn(url, 1, rows=50)
    old = pointer.readlink()
    with running_publisher() as publisher:
        # The new file is there, the pointer not.
        assert publisher.publish(url, 7, last_call=CALLS_OF_A_PUBLICATION - 1) == -signal.SIGKILL
        assert pointer.readlink() == old
        assert len(parse_target(url).generations()) == 2
        # The pointer was swapped just before.
        assert publisher.publish(url, 8, last_call=CALLS_OF_A_PUBLICATION) == -signal.SIGKILL
        assert pointer.readlink() != old
        assert marks(pointer) == {8}
    assert len(parse_target(url).generations()) == 2  # the one never served is gone
