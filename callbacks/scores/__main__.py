"""``python -m callbacks.scores``."""

import sys

from callbacks.scores.command import main

if __name__ == "__main__":
    sys.exit(main())
