"""Find a Chromium for the browser tests and screenshots, or install Debian's.

It never downloads a browser build by itself: only the system's package manager does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of ``$CHROMIUM`` or of the first Chromium on the path, if any."""
    named = os.environ.get("CHROMIUM", "").strip()
    for name in (named,) if named else NAMES:
        if path := shutil.which(name):
            return path
    return None


def install_chromium() -> str:
    """Return the path of a Chromium, installed from Debian's packages where there is none.

    Raises
    ------
    SystemExit
        If there is none and none can be installed; the message says what to do.
    """
    if path := find_chromium():
        return path
    if named := os.environ.get("CHROMIUM", "").strip():
        raise SystemExit(f"CHROMIUM={named!r} is no program; give its path, or unset it.")
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (sudo and shutil.which("sudo") is None):
        raise SystemExit(
            "No Chromium found, and it cannot be installed from here (that takes apt-get, and root "
            "or sudo). Install it, or set CHROMIUM to the path of one, and run this again."
        )
    system_path = f"PATH={os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # dpkg insists on both
    prefix = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", system_path, apt, "-qq"]
    print("Installing Debian's chromium ...", file=sys.stderr, flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            [*prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(
                f"{done.stdout}\n'apt-get {' '.join(command)}' failed with code {done.returncode}. "
                "Install chromium yourself, or set CHROMIUM to the path of one."
            )
    if path := find_chromium():
        return path
    raise SystemExit("apt-get installed chromium, but it is not on the path; set CHROMIUM to it.")


def main(arguments: list[str]) -> int:
    """Make sure that there is a Chromium, and print its path."""
    if arguments:
        print("tools.run chromium takes no arguments.", file=sys.stderr)
        return 2
    print(install_chromium())
    return 0
