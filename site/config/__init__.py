"""Settings, URLs and entry points. Importing it makes the five apps beside `site/` importable."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent

if str(REPOSITORY) not in sys.path:
    sys.path.append(str(REPOSITORY))
