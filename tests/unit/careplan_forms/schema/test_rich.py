"""Text with links keeps a short list of tags and addresses, whatever was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_forms.schema.rich import TAGS, is_address, refused, rich_html, rich_text
from tests.unit.careplan_forms.schema.test_drawing import Page

WRITTEN = [
    ("Read [the leaflet](https://example.org/a?b=1&c=2) first", "https://example.org/a?b=1&amp;c=2"),
    ("Write to [us](mailto:team@example.org)", "mailto:team@example.org"),
    ("Ring [the ward](tel:+442079460018)", "tel:+442079460018"),
    ('<p>See <a href="http://example.org" onclick="x()" target="_top">this</a></p>', "http://example.org"),
]
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="https://ok.example\u202e/evil">x</a>' + "<svg><script>1</script></svg>",
    '<p style="background:url(x)">x</p><style>p{}</style><iframe src=x></iframe>',
    "[x](javascript:alert(1))",
    "<ul>loose<p>text</p></ul></li></p><li>x",
    "<p><p><ul><ul><li><strong><a href='https://a.b'><a href='https://c.d'>x",
    "<" * 500 + "a" + "<b>" * 500,
    "<!--<p>--><![CDATA[x]]><?php x ?>",
]


@pytest.mark.parametrize(("text", "href"), WRITTEN)
def test_links_to_web_email_and_telephone_are_kept(text, href):
    assert f'<a href="{href}" rel="noopener noreferrer">' in rich_html(text)
    assert refused(text) == []


def test_lines_without_tags_become_paragraphs_and_lists():
    assert rich_html("One\n\n- two\n- <three") == "<p>One</p><ul><li>two</li><li>&lt;three</li></ul>"
    assert rich_text("<p>One <b>two</b></p><ul><li>three</li></ul>") == "One two\nthree"


def assert_harmless(html):
    tags = Page(html).tags
    assert {tag for tag, _ in tags} <= set(TAGS)
    for tag, attrs in tags:
        assert set(attrs) == ({"href", "rel"} if tag == "a" else set())
        assert tag != "a" or is_address(attrs["href"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_cut_down_to_what_is_kept(text):
    assert_harmless(rich_html(text))


pieces = st.sampled_from([*HOSTILE, "</p>", "<p>", "</ul>", "<li>", "x", "</a>"])


@given(st.text(max_size=60) | st.lists(pieces).map("".join))
def test_whatever_is_written_the_page_stays_whole(text):
    assert_harmless(rich_html(text))
    rich_text(text)
