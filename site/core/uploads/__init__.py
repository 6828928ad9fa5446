"""Files that people bring: what they are by their content, made harmless or refused.

`judge` asks a process of its own, which may be killed; nothing of a file is opened in the one that serves pages.
"""

from core.uploads.apart import judge
from core.uploads.judged import Judged, Refusal
from core.uploads.names import clean_name, shown_name

__all__ = ["Judged", "Refusal", "clean_name", "judge", "shown_name"]
