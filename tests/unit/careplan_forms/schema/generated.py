"""Forms of a few questions in any mixture, for tests of what must hold for all of them."""

from hypothesis import strategies as st

from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if

TYPES = ("text", "long_text", "yes_no", "choice", "choices", "date", "number", "repeat")
UIDS = ("a", "b", "c", "d")


@st.composite
def items(draw, uid):
    kind = draw(st.sampled_from(TYPES))
    more = {}
    if kind in ("choice", "choices"):
        offered = draw(st.sampled_from(["x", "xy", "yz"]))
        more = {"options": [option(code) for code in offered], "absent": ["not-known"]}
        if "y" not in offered:
            more["options"].append(option("y", status="retired", replaced_by="x"))
    if kind == "repeat":
        more = {"items": [item("inside" if uid < "d" else "within", draw(st.sampled_from(["text", "yes_no"])))]}
    if draw(st.booleans()):
        more["required"] = "publish"
    if draw(st.integers(0, 3)) == 0 and uid != "a":
        more["show_if"] = shown_if("a", draw(st.booleans()))
    return item(uid, kind, **more)


@st.composite
def documents(draw):
    # One uid inside repeats, so that only the first repeat of a form has it.
    return document(*[draw(items(uid)) for uid in UIDS if draw(st.integers(0, 4))])
