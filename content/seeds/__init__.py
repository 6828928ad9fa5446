"""The pages and the course a new installation starts with, in our own words. Editors change them in the CMS."""

from content.seeds.course import COURSE
from content.seeds.pages import PAGES

__all__ = ["COURSE", "PAGES"]
