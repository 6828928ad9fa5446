"""No document, however broken, crashes what reads it."""

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.diff import diff_documents
from careplan_forms.schema.document import DocumentError, sha256_of
from careplan_forms.schema.linter import lint
from tests.unit.careplan_forms.schema.documents import document, item
from tests.unit.careplan_forms.schema.faulty_documents import RULE_ON_X, X, choice
from tests.unit.careplan_forms.schema.test_document import json_values

MUTANTS = document(
    choice(),
    item("g", "group", items=[item("n", "number", min=1)]),
    item("r", "repeat", items=[item("d", "date", show_if=RULE_ON_X)], slot="contacts"),
    value_sets={"v": {"options": X}},
)


@st.composite
def broken(draw):
    """A sound document with some parts exchanged for arbitrary JSON."""
    hurt = copy.deepcopy(MUTANTS)
    for _ in range(draw(st.integers(1, 3))):
        node = hurt
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and draw(st.booleans()):
                node = node[key]
                continue
            node[key] = draw(json_values)
            break
    return hurt


@given(json_values | broken())
def test_no_shape_of_document_crashes_linting_compiling_or_comparing(hostile):
    found = lint(hostile)
    assert all(finding.message for finding in found)
    try:
        form = CompiledForm(hostile, sha256_of(hostile), "en", "clinician")
    except DocumentError:
        assert {finding.code for finding in found} == {"document-unreadable"}
        return
    for section in form.sections:
        form.render_section(section.key, {})
    form.validate({}, stage="publish")
    assert all(change.sentence for change in diff_documents(hostile, MUTANTS))
    assert all(change.sentence for change in diff_documents(MUTANTS, hostile))


def test_a_document_nested_without_end_is_a_finding():
    nested = json.loads('{"items":[' * 400 + "]}" * 400)
    assert lint(document(nested))
    endless: dict = {}
    for _ in range(5000):
        endless = {"items": [endless]}
    assert {finding.code for finding in lint(document(endless))} == {"document-unreadable"}
