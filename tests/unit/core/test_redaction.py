"""Log lines hold no person: numbers, dates and addresses go by their shape, exception texts go altogether."""

import datetime
import json
import logging
import uuid

import pytest
import structlog

from core import redaction

NHS = "9434765919"


@pytest.fixture
def lines(monkeypatch):
    """Log through our formatter; gives the JSON objects it wrote and the raw text."""

    class Kept(logging.Handler):
        def __init__(self):
            super().__init__()
            self.text = ""

        def emit(self, record):
            self.text += self.format(record) + "\n"

        def all(self):
            return [json.loads(line) for line in self.text.splitlines()]

    handler = Kept()
    handler.setFormatter(redaction.formatter())
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(root, "level", logging.INFO)
    return handler


@pytest.mark.parametrize(
    "number",
    [
        NHS,
        "943 476 5919",
        "943-476-5919",
        "943.476.5919",
        "943\u00a0476\u00a05919",
        "943%20476%205919",
        "943+476+5919",
        "943/476/5919",
        "943, 476, 5919",
        "943 - 476 - 5919",
        "(943) 476 5919",
        "943%2D476%2d5919",
        f"a{NHS}b",
        f"NHS:{NHS}.",
        f"({NHS})",
        f"x_{NHS}_y",
    ],
)
def test_an_nhs_number_is_masked_however_it_is_written(number):
    masked = redaction.redact(f"about {number} today")
    assert "5919" not in masked
    assert "[number]" in masked


@pytest.mark.parametrize(
    "date",
    [
        "1942-03-07",
        "07/03/1942",
        "7/3/42",
        "07.03.1942",
        "07-03-1942",
        "7 March 1942",
        "7th Mar 1942",
        "19420307",
        "datetime.date(1942, 3, 7)",
        "1942/03/07",
        "1942.03.07",
        "07 03 1942",
        "March 7, 1942",
        "Mar 7th 1942",
    ],
)
def test_a_date_is_masked_however_it_is_written(date):
    masked = redaction.redact(f"born {date}.")
    assert "42" not in masked
    assert "[date]" in masked


def test_an_e_mail_address_and_a_query_are_masked():
    assert redaction.redact("sian.wojcik@example.org wrote") == "[address] wrote"
    assert redaction.redact("GET /Patient?identifier=Wojcik&x=1 HTTP") == "GET /Patient[query] HTTP"


@pytest.mark.parametrize(
    "harmless",
    [
        "d3b07384-d9a0-4e3b-8a10-123456789012",
        "a1b2c3d4-1234-5678-9012-a1234567890b",
        "took 1234.5 ms",
        "marked 3 of 400 rows, 1200 left",
        "12 of 5,350 in 34.5 s",
        "127.0.0.1:8000",
        "Django 5.2.19",
        "really?",
        "0001_initial",
    ],
)
def test_identifiers_and_figures_stay(harmless):
    assert redaction.redact(harmless) == harmless


def test_values_that_are_not_text_are_masked_too(lines):
    class Person:
        def __repr__(self):
            return "Siân Wójcik"

    structlog.get_logger("test").warning(
        "found",
        number=int(NHS),
        born=datetime.date(1942, 3, 7),
        who=Person(),
        surname="Wójcik",
        some=["x", {"nhs_number": 5}],
        plan=uuid.UUID(int=5),
        several={"email": "a", "count": 3},
    )
    (line,) = lines.all()
    assert line["number"] == "[number]"
    assert line["born"] == "[date]"
    assert line["who"] == "<Person>"
    assert line["surname"] == "[withheld]"
    assert line["several"] == {"email": "[withheld]", "count": 3}
    assert line["plan"] == "<UUID>"
    assert "Wójcik" not in lines.text


def test_an_exception_is_told_by_kind_and_place_without_its_words_or_variables(lines):
    def look_up():
        person = "Siân Wójcik"
        raise ValueError(f"no plan for {person} {NHS}")

    try:
        try:
            look_up()
        except ValueError as error:
            raise KeyError("Wójcik") from error
    except KeyError:
        logging.getLogger("anything").exception("could not look up")
    (line,) = lines.all()
    assert [entry["kind"] for entry in line["exception"]] == ["builtins.KeyError", "builtins.ValueError"]
    assert any("look_up" in frame for frame in line["exception"][1]["at"])
    assert "Wójcik" not in lines.text
    assert "5919" not in lines.text


def test_an_exception_about_code_keeps_its_words(lines):
    try:
        import nothing_of_this_name  # noqa: F401
    except ImportError:
        logging.getLogger("anything").exception("broken")
    assert lines.all()[0]["exception"][0]["text"] == "No module named 'nothing_of_this_name'"


@pytest.mark.parametrize("name", ["xhtml2pdf.parser", "reportlab", "django.db.backends", "py.warnings"])
def test_libraries_that_quote_their_input_are_not_quoted(lines, name):
    logging.getLogger(name).error("could not parse <p>Siân Wójcik</p>")
    assert "Wójcik" not in lines.text
    assert lines.all()[0]["logger"] == name


def test_every_line_is_one_json_object_with_time_level_and_logger(lines):
    logging.getLogger("a").info("one\ntwo %s", 3)
    (line,) = lines.all()
    assert line["event"] == "one\ntwo 3"
    assert {"timestamp", "level", "logger"} <= set(line)
