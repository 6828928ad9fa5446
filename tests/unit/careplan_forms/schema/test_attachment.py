"""Files in an answer: drawn, read back, judged, compared and handed to other systems, never with their bytes."""

import jsonschema_rs
import pytest

from careplan_forms.block_items import items_of, stream_of
from careplan_forms.schema.audience import view_of
from careplan_forms.schema.diff import diff_answers, diff_documents
from careplan_forms.schema.document import normalise
from careplan_forms.schema.fhir import values
from careplan_forms.schema.fhir.questionnaire import read_questionnaire
from careplan_forms.schema.fhir.response_reader import import_response
from careplan_forms.schema.fhir.responses import export_response
from careplan_forms.schema.fhir.writing import export_questionnaire
from careplan_forms.schema.items.attachment import written
from careplan_forms.schema.items.file_kinds import size_in_words
from careplan_forms.schema.linter import lint
from careplan_forms.schema.reading import files
from tests.unit.careplan_forms.schema.documents import document, form, item, posted, shown_if

ADRT = {
    "id": "0199c1f0-0000-7000-8000-000000000001",
    "name": "ADRT signed.pdf",
    "kind": "pdf",
    "size": 120_400,
    "sha256": "a" * 64,
}
PHOTO = ADRT | {
    "id": "0199c1f0-0000-7000-8000-000000000002",
    "name": "Küche <b>.jpg",
    "kind": "jpeg",
    "sha256": "b" * 64,
}
CANONICAL = "https://foreword.example/forms/f|1"


def asked(**more):
    return item(**({"uid": "a", "type": "attachment"} | more))


def parsed(compiled, *files, **more):
    return compiled.parse_section("s", posted(a__file=[written(each) for each in files], **more))


@pytest.mark.parametrize("value", [[ADRT], [ADRT, PHOTO]])
def test_what_is_drawn_is_read_back_the_same(value):
    compiled = form(asked())
    assert parsed(compiled, *value) == ({"a": value}, [])
    assert compiled.validate({"a": value}) == []
    jsonschema_rs.validate(compiled.json_schema(), {"a": value})


def test_a_file_ticked_to_go_is_gone_and_the_last_one_leaves_a_blank():
    compiled = form(asked())
    assert parsed(compiled, ADRT, PHOTO, a__remove=ADRT["id"])[0] == {"a": [PHOTO]}
    assert parsed(compiled, ADRT, a__remove=ADRT["id"])[0] == {"a": None}


def test_a_reason_for_having_none_stands_once_the_files_are_ticked_away():
    compiled = form(asked(absent=["not-known"]))
    assert parsed(compiled, ADRT, a__absent="not-known")[1][0].code == "absent.both"
    gone = parsed(compiled, ADRT, a__remove=ADRT["id"], a__absent="not-known")
    assert gone == ({"a": {"absent": "not-known", "reason": ""}}, [])


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "[" * 5000,
        written(ADRT | {"size": True}),
        written(ADRT | {"size": 0}),
        written(ADRT | {"kind": "exe"}),
        written(ADRT | {"name": "a\u202efdp.exe"}),
        written(ADRT | {"name": "x" * 121}),
        written(ADRT | {"id": "../../etc"}),
        written(ADRT | {"sha256": "A" * 64}),
        written(ADRT | {"data": "JVBERi0="}),
    ],
)
def test_what_is_not_one_of_our_files_is_refused_and_never_drawn(text):
    compiled = form(asked())
    answers, problems = compiled.parse_section("s", posted(a__file=[text]))
    assert (answers, [each.code for each in problems]) == ({}, ["shape"])
    assert "app-files__file" not in compiled.render_section("s", {}, problems)


@pytest.mark.parametrize("value", ["x", [], [ADRT, ADRT], [ADRT | {"more": 1}], {"files": [ADRT]}, [ADRT, "x"]])
def test_a_stored_answer_of_another_shape_is_named(value):
    assert [each.code for each in form(asked(required="publish")).validate({"a": value}, stage="publish")] in (
        ["shape"],
        ["missing.file"],
    )


def test_too_many_and_too_few_files_are_said_at_the_field():
    compiled = form(asked(min_items=2, max_items=2))
    assert [each.code for each in compiled.validate({"a": [ADRT]}, stage="publish")] == ["attachment.few"]
    assert compiled.validate({"a": [ADRT]}) == []
    third = PHOTO | {"id": "0199c1f0-0000-7000-8000-000000000003"}
    problems = compiled.validate({"a": [ADRT, PHOTO, third]})
    assert [(each.code, each.field_name) for each in problems] == [("attachment.many", "q-a__upload")]


def test_the_field_lists_the_files_with_a_way_to_open_and_to_remove_each():
    html = str(form(asked(file_kinds=["pdf", "png"], max_size=2_000_000)).render_section("s", {"a": [ADRT, PHOTO]}))
    assert f'href="../../files/{ADRT["id"]}/"' in html
    assert "Küche &lt;b&gt;.jpg" in html and "<b>" not in html
    assert 'accept=".pdf,.png"' in html and "PDF or PNG, up to 2 MB." in html
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    for target in (part.split('"')[0] for part in html.split(' for="')[1:]):
        assert target in ids


def test_a_question_for_one_file_takes_one():
    html = str(form(asked(max_items=1)).render_section("s", {}))
    assert " multiple" not in html and "At most" not in html


def test_a_file_in_an_entry_is_kept_and_found():
    compiled = form(item("r", "repeat", items=[asked(), item("t")]))
    data = posted(r="1", r__1__a__file=[written(ADRT)], r__1__t="Note")
    answers, problems = compiled.parse_section("s", data)
    assert (answers, problems) == ({"r": [{"id": "1", "a": [ADRT], "t": "Note"}]}, [])
    assert files(compiled, answers) == {"r": (ADRT,)}
    assert "ADRT signed.pdf (PDF, 120 KB)" in compiled.rows(answers, "s")[0].text


def test_a_file_of_a_question_that_is_not_for_a_role_is_in_nothing_they_see():
    whole = form(asked(roles={"see": ["doctor"], "edit": None, "require": None}), item("t"))
    view = view_of(whole, "clinician")
    assert files(view, {"a": [ADRT], "t": "x"}) == {}
    assert files(view_of(whole, "doctor"), {"a": [ADRT]}) == {"a": (ADRT,)}


def test_another_file_of_the_same_name_is_a_change_an_approver_sees():
    compiled = form(asked())
    swapped = ADRT | {"id": PHOTO["id"], "sha256": "c" * 64}
    changes = diff_answers(compiled, {"a": [ADRT]}, {"a": [swapped]})
    assert [each.new_text for each in changes] == ["ADRT signed.pdf (PDF, 120 KB) – another file of the same name"]
    assert diff_answers(compiled, {"a": [ADRT]}, {"a": [ADRT]}) == []


def test_a_rule_can_ask_whether_there_is_a_file():
    compiled = form(asked(), item("b", show_if=shown_if("a", True, "exists")))
    assert [row.uid for row in compiled.rows({"a": [ADRT]})] == ["a", "b"]
    assert [row.uid for row in compiled.rows({})] == ["a"]


def test_the_linter_names_limits_that_cannot_hold():
    def codes(**more):
        return {each.code for each in lint(document(asked(**more), key="f"))}

    assert not {"file-kind", "file-size", "file-count"} & codes(file_kinds=["pdf"], max_size=5_000_000, max_items=3)
    assert "file-kind" in codes(file_kinds=["docx"])
    for size in (0, 99_999, 25_000_001, True, "5"):
        assert "file-size" in codes(max_size=size), size
    assert "file-count" in codes(max_items=11)
    assert "setting-stray" in {each.code for each in lint(document(item("t", max_size=5_000_000)))}


def test_changed_limits_read_as_words():
    old, new = document(asked(max_items=1)), document(asked(file_kinds=["pdf"], max_size=2_000_000, max_items=3))
    said = [each.sentence for each in diff_documents(old, new)]
    assert said == ["“A”: limits changed from files to 1 to files to 3, kinds of files PDF, size of a file up to 2 MB."]


def test_the_editor_keeps_every_limit():
    brought = [
        asked(file_kinds=["jpeg"], max_size=3_000_000, min_items=1, max_items=4),
        asked(uid="b", max_size=2_500_000),
    ]
    items = items_of(stream_of(brought))
    kept = [[each[key] for key in ("file_kinds", "max_size", "min_items", "max_items")] for each in items]
    assert kept == [[["jpeg"], 3_000_000, 1, 4], [[], 2_500_000, 0, None]]


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 KB"), (999_499, "999 KB"), (999_600, "1 MB"), (2_449_000, "2.4 MB"), (10**7, "10 MB")]
)
def test_sizes_read_as_people_say_them(size, said):
    assert size_in_words(size) == said


# Other systems


@pytest.mark.parametrize(
    "more", [{}, {"max_items": 1}, {"file_kinds": ["pdf", "jpeg"], "max_size": 2_500_000, "min_items": 2}]
)
def test_a_question_for_files_comes_back_from_fhir_as_it_went(more):
    went = document(asked(**more), key="f", url="https://foreword.example/forms/f")
    out = export_questionnaire(went).resource
    element = out["item"][0]["item"][0]
    assert element["type"] == "attachment" and bool(element.get("repeats")) is (more.get("max_items") != 1)
    back = normalise(read_questionnaire(out).document)["sections"][0]["items"][0]
    went = normalise(went)["sections"][0]["items"][0]
    for key in ("type", "file_kinds", "max_size", "min_items", "max_items"):
        assert back[key] == went[key], key


def test_limits_of_files_are_told_in_the_words_of_fhir():
    out = export_questionnaire(document(asked(file_kinds=["png"], max_size=2_500_000), key="f")).resource
    told = {each["url"].rsplit("/", 1)[-1]: each for each in out["item"][0]["item"][0]["extension"]}
    assert told["mimeType"]["valueCode"] == "image/png" and told["maxSize"]["valueDecimal"] == 2.5


def test_kinds_and_sizes_that_are_not_taken_here_are_kept_and_said():
    base = "http://hl7.org/fhir/StructureDefinition/"
    source = {
        "resourceType": "Questionnaire",
        "status": "active",
        "title": "F",
        "url": "https://x.example/f",
        "item": [
            {
                "linkId": "1",
                "text": "Letter",
                "type": "attachment",
                "extension": [
                    {"url": f"{base}mimeType", "valueCode": "application/pdf"},
                    {"url": f"{base}mimeType", "valueCode": "application/msword"},
                    {"url": f"{base}maxSize", "valueDecimal": 400},
                ],
            }
        ],
    }
    result = read_questionnaire(source)
    found = result.document["sections"][0]["items"][0]
    assert found["type"] == "attachment" and found["file_kinds"] == ["pdf"] and found["max_items"] == 1
    assert [each["url"] for each in found["residue"]["extension"]] == [f"{base}mimeType"] * 2 + [f"{base}maxSize"]
    line = next(each for each in result.report.items if each.link_id == "1")
    assert any("only PDF, JPEG, PNG files" in reason for reason in line.reasons)


def test_a_response_names_its_files_and_carries_no_bytes():
    compiled = form(asked(), url=CANONICAL.partition("|")[0], key="f")
    out = export_response(compiled, {"a": [ADRT, PHOTO]}, canonical=CANONICAL).resource
    answers = out["item"][0]["item"][0]["answer"]
    first = answers[0]["valueAttachment"]
    assert (first["contentType"], first["size"], first["title"]) == ("application/pdf", 120_400, "ADRT signed.pdf")
    assert first["url"] == f"urn:uuid:{ADRT['id']}" and "data" not in first
    assert import_response(compiled, out, canonical=CANONICAL)[0] == {"a": [ADRT, PHOTO]}


@pytest.mark.parametrize(
    "given",
    [
        {"valueAttachment": {"contentType": "application/pdf", "data": "JVBERi0="}},
        {"valueAttachment": {"url": "https://x.example/a.pdf"}},
        {"valueAttachment": []},
        {"valueString": "a.pdf"},
    ],
)
def test_a_file_of_another_system_is_refused_with_a_reason(given):
    with pytest.raises(values.Misfit):
        values.read("attachment", None, given)
