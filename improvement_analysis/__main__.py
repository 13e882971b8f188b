"""``python -m improvement_analysis`` is the command ``improvement-analysis``."""

import os
import sys

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path[0] == os.getcwd():  # noqa: PTH109
        del sys.path[0]  # nothing in the folder one stands in is taken for a module

from improvement_analysis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
