"""Pictures, drawn anew: what a camera noted (place, time, owner) and whatever hides behind the picture is left out."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps

from core.uploads.judged import Judged, Refusal

#: A sheet of A3 at 600 dots an inch has 70 million; a telephone's camera makes 12 to 50.
MOST_PIXELS = 50_000_000
_QUALITY = 88
_KEPT = {"jpeg": ("L", "RGB"), "png": ("1", "L", "LA", "P", "RGB", "RGBA")}
_FALLBACK = {"jpeg": "RGB", "png": "RGBA"}


def judge_picture(content: bytes, kind: str) -> Judged:
    """A JPEG or PNG drawn anew, upright. Raises Refusal."""
    # The size is looked at before anything is unpacked; Pillow's own alarm would only say the same later.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(content, kind)
    except Refusal:
        raise
    except Exception as error:
        # Whatever a picture does to the library that opens it, the answer is the same.
        raise Refusal("unreadable") from error


def _drawn(content: bytes, kind: str) -> Judged:
    with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise Refusal("pixels")
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if upright.mode not in _KEPT[kind]:
            upright = upright.convert(_FALLBACK[kind])
        for noted in upright.info.keys() - {"transparency"}:
            del upright.info[noted]
        out = io.BytesIO()
        options: dict[str, Any] = {"quality": _QUALITY, "optimize": True} if kind == "jpeg" else {}
        upright.save(out, format=kind.upper(), **options)
    return Judged(kind, out.getvalue())
