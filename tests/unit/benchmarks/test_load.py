from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.load import (
    Load,
    Memory,
    head_of,
    load_lines,
    members_in_ranges,
    memory_told,
    request,
    workers,
)


def test_head_tells_status_length_and_whether_the_connection_is_kept() -> None:
    head = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 7\r\nConnection: close\r\n\r\n"
    assert head_of(head) == (503, 7, False)
    assert head_of(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") == (200, 0, True)


def test_answer_without_a_length_is_refused() -> None:
    with pytest.raises(RuntimeError, match="length"):
        head_of(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def test_request_holds_the_length_of_its_body() -> None:
    head, _, body = request(8050, "é".encode()).partition(b"\r\n\r\n")
    assert b"Content-Length: 2" in head
    assert body == "é".encode()


def test_members_in_ranges_never_repeat_a_pair() -> None:
    found = list(members_in_ranges(["A", "B"], "2023-11", "2025-02"))
    assert len(found) == len(set(found)) == 2 * 5
    assert "?member=A&from=2023-11&to=2024-10" in found
    assert "?member=B&from=2024-03&to=2025-02" in found


def test_memory_is_in_megabytes_of_a_million_bytes() -> None:
    status = "Name:\tgunicorn\nVmHWM:\t  250000 kB\nVmRSS:\t  200000 kB\nThreads:\t6\n"
    told = memory_told(status, "Rss: 200000 kB\nPss: 125000 kB\n")
    assert told == Memory(resident=204.8, proportional=128.0, most=256.0)


def test_workers_are_the_children_of_a_process() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in workers(os.getpid())
        assert os.getpid() not in workers(os.getpid())
    finally:
        child.communicate(b"\n")


def test_lines_tell_rates_and_the_memory_of_each_worker() -> None:
    loads = [Load("cached", [2.0, 4.0, 6.0, 8.0], 0.01, "400")]
    lines = load_lines(loads, {"cached": [Memory(201.4, 150.0, 220.6)]}, ["2 cores"])
    assert "| cached | 400.0 | 400 | 5.0 | 8.0 | 4 |" in lines
    assert "| cached | 1 | 201 | 150 | 221 |" in lines
