"""An environment of its own for the pages, in a cache folder outside the checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
DONE = ".installed"


def cache_folder() -> Path:
    """Return the folder that keeps environments, the user's own cache folder by default."""
    kept = os.environ.get("XDG_CACHE_HOME", "").strip()
    return (Path(kept) if kept else Path.home() / ".cache") / "statistics-dashboard-benchmarks"


def environment_python(folder: Path | None = None) -> Path:
    """Return the interpreter of the pages' environment; install it where it is missing.

    Its name tells the exact versions that it holds: other requirements, another environment.
    """
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    home = (folder or cache_folder()) / f"peers-{digest}"
    python = home / "bin" / "python"
    if (home / DONE).exists() and python.exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"installing the pages' environment into {home} ...\n")
    sys.stdout.flush()
    settings = dict(os.environ)
    if settings.get("PIP_INDEX_URL"):  # uv reads none of pip's settings
        settings.setdefault("UV_DEFAULT_INDEX", settings["PIP_INDEX_URL"])
    uv = [sys.executable, "-m", "uv"]
    install = ["pip", "sync", "--quiet", "--require-hashes", "--python", str(python)]
    subprocess.run([*uv, "venv", "--quiet", str(home)], check=True, env=settings)
    subprocess.run([*uv, *install, str(REQUIREMENTS)], check=True, env=settings)
    (home / DONE).touch()
    return python


def versions(names: tuple[str, ...]) -> str:
    """Return the exact versions of libraries, as ``requirements.txt`` pins them.

    Examples
    --------
    >>> versions(("pandas",)).startswith("pandas ")
    True
    """
    pins = dict(
        line.split(" ")[0].split("==")
        for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines()
        if line[:1].isalnum() and "==" in line
    )
    return ", ".join(f"{name} {pins[name]}" for name in names)
