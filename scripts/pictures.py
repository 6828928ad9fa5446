#!/usr/bin/env python
"""`python scripts/pictures.py`: takes the chosen pictures of the last browser run into docs/images, small.

Run tests/functional/test_walk.py first; it leaves one picture of each step in test-results/.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
#: Picture of the walk → its name here, and the tallest it may be.
CHOSEN = {"walk-27-emergency": ("emergency-view", 640)}


def main() -> int:
    for source, (name, height) in CHOSEN.items():
        path = RESULTS / f"{source}.png"
        if not path.exists():
            print(f"{path} is missing: run the browser tests first", file=sys.stderr)
            return 1
        picture = Image.open(path).convert("RGB")
        picture = picture.crop((0, 0, picture.width, min(picture.height, height)))
        picture.quantize(128).save(ROOT / "docs" / "images" / f"{name}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
