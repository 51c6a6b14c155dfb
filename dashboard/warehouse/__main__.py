"""``python -m dashboard.warehouse``."""

import sys

from dashboard.warehouse.cli import main

if __name__ == "__main__":
    sys.exit(main())
