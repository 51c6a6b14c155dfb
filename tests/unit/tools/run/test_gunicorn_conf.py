"""A worker asks itself for one page before it serves."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from tools.run.gunicorn_conf import WARM_UP, post_worker_init


def worker(asked: list[str], broken: str = "", age: int = 1) -> SimpleNamespace:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked.append(f"{environ['HTTP_HOST']}{environ['PATH_INFO']}")
        status = "500 Broken" if environ["PATH_INFO"] == broken else "200 OK"
        start(status, [("Content-Type", "text/plain")])
        return [b"page"]

    listener = SimpleNamespace(getsockname=lambda: ("127.0.0.1", 8050))
    return SimpleNamespace(wsgi=answer, sockets=[listener], age=age)


def test_worker_asks_itself_for_each_page_and_says_where_it_serves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[str] = []
    post_worker_init(worker(asked))
    assert asked == [f"127.0.0.1:8050{path}" for path in WARM_UP]
    assert capsys.readouterr().out.startswith("Dashboard ready at http://127.0.0.1:8050 ")


def test_what_is_there_before_the_first_answer_is_not_looked_through_again() -> None:
    gc.unfreeze()
    post_worker_init(worker([]))
    try:
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_only_the_first_worker_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    post_worker_init(worker([], age=2))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("path", WARM_UP)
def test_worker_that_cannot_answer_itself_does_not_start(path: str) -> None:
    with pytest.raises(RuntimeError, match=f"^{path} answered 500"):
        post_worker_init(worker([], broken=path))
