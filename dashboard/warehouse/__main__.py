"""``python -m dashboard.warehouse``."""

import signal
import sys

from dashboard.warehouse.cli import main

if __name__ == "__main__":
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is done is done; its code is to be told
    sys.exit(code)
