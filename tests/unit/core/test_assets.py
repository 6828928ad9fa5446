"""What the front-end build leaves behind: our own look, no marks, no outside addresses, fonts for paper."""

import json
import re
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
ASSETS = REPOSITORY / "site" / "assets"
BUILD = REPOSITORY / "site" / "static" / "build"
sys.path.insert(0, str(REPOSITORY / "scripts"))

import build_assets  # noqa: E402

TEXT = {".css", ".js", ".svg", ".jinja", ".html", ".scss"}


@pytest.fixture(scope="module", autouse=True)
def built():
    assert build_assets.build().startswith("Front end:")


def written(folder):
    return [path for path in folder.rglob("*") if path.suffix in TEXT and "node_modules" not in path.parts]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_second_build_does_nothing():
    before = (BUILD / "stamp.txt").stat().st_mtime_ns
    assert build_assets.build() == "Front end: up to date."
    assert (BUILD / "stamp.txt").stat().st_mtime_ns == before


def test_a_changed_input_calls_for_a_build(monkeypatch):
    digest = build_assets.input_digest()
    assert build_assets.is_current(digest)
    assert not build_assets.is_current(digest.replace(digest[0], "0" if digest[0] != "0" else "1"))


@pytest.mark.parametrize("mark", ["frutiger", "assets.nhs.uk", "nhsuk-header__logo", "M200 0v80H0V0h200"])
def test_no_mark_or_font_of_the_nhs_is_shipped(mark):
    folders = [BUILD, REPOSITORY / "site" / "static" / "img", REPOSITORY / "site" / "templates"]
    guilty = [path for folder in folders for path in written(folder) if mark.lower() in path.read_text().lower()]
    assert guilty == []


def test_nothing_built_points_outside():
    addresses = {
        address
        for path in written(BUILD)
        for address in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", path.read_text())
        if "www.w3.org" not in address
    }
    assert not {a for a in addresses if "url(" in a}
    for path in (BUILD / "css").glob("*.css"):
        assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", path.read_text())


def test_every_picture_the_style_sheet_names_is_there():
    css = (BUILD / "css" / "main.css").read_text()
    for name in re.findall(r"url\(\"?\.\./([\w./-]+)", css):
        assert (BUILD / name).exists(), name


def test_scripts_import_only_what_is_shipped():
    for script in (BUILD / "js").glob("*.js"):
        for name in re.findall(r"from \"\./([\w.-]+)\"", script.read_text()):
            assert (BUILD / "js" / name).exists(), f"{script.name} wants {name}"
        assert "sourceMappingURL" not in script.read_text()


def test_the_design_system_has_one_version_everywhere():
    pinned = json.loads((ASSETS / "package.json").read_text())["dependencies"]["nhsuk-frontend"]
    assert f"nhsuk-frontend-{pinned}.js" in (ASSETS / "js" / "main.js").read_text()


def test_the_lock_file_names_no_download_address():
    assert "resolved" not in (ASSETS / "package-lock.json").read_text()


def test_fonts_for_paper_are_real_and_carry_their_licence():
    names = [name for family in build_assets.FONTS.values() for name in family]
    for name in names:
        assert (BUILD / "fonts" / f"{name}.ttf").read_bytes()[:4] == b"\x00\x01\x00\x00"
    for package in build_assets.FONTS:
        assert "SIL Open Font License" in (BUILD / "fonts" / f"{package}-OFL.txt").read_text()
    assert "MIT License" in (BUILD / "nhsuk-frontend-LICENCE.txt").read_text()


def test_the_header_is_readable_and_not_nhs_blue():
    settings = (ASSETS / "scss" / "_settings.scss").read_text()
    brand = re.search(r"\$fw-brand: (#\w{6})", settings).group(1)
    contrast = 1.05 / (luminance(brand) + 0.05)
    assert contrast >= 7, contrast
    red, _green, blue = (int(brand[i : i + 2], 16) for i in (1, 3, 5))
    assert red >= blue, "the header must not be taken for the blue of the NHS"


def test_printing_leaves_addresses_off():
    css = (BUILD / "css" / "main.css").read_text()
    assert re.search(r"a\[href\]::?after\{content:none ?!important\}", css)
