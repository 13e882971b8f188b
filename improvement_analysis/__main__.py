"""``python -m improvement_analysis`` is the command ``improvement-analysis``."""

from improvement_analysis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
