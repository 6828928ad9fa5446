"""A document with each fault the linter knows, by the fault's code."""

import datetime

from tests.unit.careplan_forms.schema.documents import document, item, option, shown_if

SCT = "http://snomed.info/sct"
X = [option("x"), option("y")]
RULE_ON_X = shown_if("a", "x")


def choice(uid="a", **more):
    return item(uid, "choice", options=more.pop("options", X), **more)


def scored(uid="a", *scores, kind="choice"):
    offered = [option(f"o{number}", score=score) for number, score in enumerate(scores or (0, 1))]
    return item(uid, kind, options=offered)


def worked_out(calculation, uid="z"):
    return item(uid, "calculated", calculation=calculation)


def warning(rule=None, text="Look again.", uid="w"):
    return {"uid": uid, "rule": rule, "text": text}


N, HAS_A = item("n", "number"), shown_if("a", True, "exists")


def two_sections(*items):
    return {"title": "F", "sections": [{"key": each["uid"], "title": "S", "items": [each]} for each in items]}


def deep(levels):
    inner = item("q")
    for level in range(levels):
        inner = item(f"g{level}", "group", items=[inner])
    return inner


TODAY = datetime.date(2027, 3, 1)


def listed(*options, **more):
    """A form whose only question draws on a list of answers."""
    asked = item("a", "choice", value_set="v")
    return document(asked, value_sets={"v": {"key": "v", "options": list(options) or X, **more}})


def retired(code, **more):
    return option(code, status="retired", **more)


CASES = [
    ("option-code-shape", document(choice(options=[option("8480-5", system="http://loinc.org")]))),
    ("option-date-wrong", listed(retired("x", retired_on="2027-02-30"), option("y"))),
    ("option-dated-offered", listed(option("x", retired_on="2027-01-01"))),
    ("option-replaced-offered", listed(option("x", replaced_by="y"), option("y"))),
    ("option-replacement-loop", listed(retired("x", replaced_by="y"), retired("y", replaced_by="x"), option("z"))),
    ("option-replacement-retired", listed(retired("x", replaced_by="y"), retired("y"), option("z"))),
    ("value-set-date-wrong", listed(valid_from="soon")),
    ("value-set-dates-crossed", listed(valid_from="2027-02-01", valid_until="2027-01-01")),
    ("value-set-not-yet", listed(valid_from="2027-03-02")),
    ("value-set-over", listed(valid_until="2027-02-28")),
    ("value-set-ends-soon", listed(valid_until="2027-03-01")),
    ("translation-language", document(item("a", translations={"Welsh please": {"label": "Enw"}}))),
    ("translation-shape", document(item("a", translations={"cy": "Enw"}))),
    ("translation-unshowable", document(item("a", translations={"ar": {"label": "a\u202eb"}}))),
    ("translation-placeholder", document(item("a", label="Since {year}?", translations={"cy": {"label": "Ers?"}}))),
    ("translation-missing", document(choice(translations={"cy": {"label": "Dewis"}}))),
    ("document-unreadable", []),
    ("document-unreadable", {"schema_version": 7}),
    ("document-untitled", {"title": " ", "sections": []}),
    ("document-empty", {"title": "F"}),
    ("shape-wrong", {"title": "F", "sections": {"a": 1}}),
    ("shape-wrong", {"title": "F", "sections": ["s"]}),
    ("shape-wrong", document("not an item")),
    ("shape-wrong", document(item("a", label=["x"]))),
    ("shape-wrong", document(item("a", slot_values=[]))),
    ("shape-wrong", document(item("a"), value_sets=[])),
    ("shape-wrong", document(choice(options=["x"]))),
    ("key-unknown", document(item("a", requird="publish"))),
    ("section-key-missing", {"title": "F", "sections": [{"title": "S", "items": [item("a")]}]}),
    ("section-key-duplicate", {"title": "F", "sections": [{"key": "s", "title": "S"}, {"key": "s", "title": "T"}]}),
    ("section-untitled", {"title": "F", "sections": [{"key": "s", "items": [item("a")]}]}),
    ("section-empty", document()),
    ("section-too-long", document(*(item(f"i{n}") for n in range(41)))),
    ("uid-missing", document({"type": "text", "label": "A"})),
    ("uid-duplicate", document(item("a"), item("g", "group", items=[item("a")]))),
    ("link-id-duplicate", document(item("a", link_id="1"), item("b", link_id="1"))),
    ("type-unknown", document(item("a", "teleport"))),
    ("label-empty", document(item("a", label=" "))),
    ("nested-too-deep", document(deep(7))),
    ("items-ignored", document(item("a", items=[item("b")]))),
    ("group-empty", document(item("a", "group"))),
    ("choice-without-options", document(item("a", "choices"))),
    ("choice-without-options", document(item("a", "choice", value_set="v"), value_sets={"v": {"options": []}})),
    ("options-all-retired", document(choice(options=[option("x", status="retired")]))),
    ("option-duplicate", document(choice(options=[option("x"), option("x")]))),
    ("option-duplicate", document(choice(options=[option("x", id="1"), option("y", id="1")]))),
    ("option-display-duplicate", document(choice(options=[option("x"), option("y", display="X")]))),
    ("option-without-code", document(choice(options=[{"display": "X"}]))),
    ("option-without-display", document(choice(options=[{"code": "x"}]))),
    (
        "option-replacement-unknown",
        document(choice(options=[option("x", status="retired", replaced_by="z"), option("y")])),
    ),
    ("value-set-unknown", document(item("a", "choice", value_set="v"))),
    ("value-set-unused", document(item("a"), value_sets={"v": {"options": X}})),
    ("snomed-check-digit", document(choice(options=[option("450476009", system=SCT)]))),
    ("snomed-check-digit", document(item("a", code=[{"system": SCT, "code": "1"}]))),
    ("rule-malformed", document(item("a", show_if={"item": "b", "op": "~"}))),
    ("rule-malformed", document(item("a", show_if="always"))),
    ("rule-dangling", document(item("a", show_if=shown_if("gone", "x")))),
    ("rule-loop", document(item("a", show_if=shown_if("b", "1")), item("b", show_if=shown_if("a", "1")))),
    ("rule-loop", document(item("g", "group", show_if=shown_if("a", "1"), items=[item("a")]))),
    ("rule-later", document(item("b", show_if=RULE_ON_X), choice())),
    ("rule-unanswerable", document(item("a", "guidance"), item("b", show_if=shown_if("a", True, "exists")))),
    ("rule-mismatch", document(choice(), item("b", show_if=shown_if("a", "gone")))),
    ("rule-mismatch", document(item("a", "yes_no"), item("b", show_if=shown_if("a", "yes")))),
    ("rule-operator", document(item("a"), item("b", show_if=shown_if("a", 5, "<")))),
    ("rule-mismatch", document(choice(), item("b", show_if=shown_if("a", {"absent": "not-known"})))),
    ("rule-unreachable", document(item("a", show_if={"any": []}))),
    ("rule-unreachable", document(choice(), item("b", show_if={"all": [RULE_ON_X, shown_if("a", "y")]}))),
    ("rule-unreachable", document(choice(), item("b", show_if={"all": [RULE_ON_X, shown_if("a", False, "exists")]}))),
    ("rule-unreachable", document(choice(), item("b", show_if=shown_if("a", [], "in")))),
    (
        "rule-unreachable",
        document(choice(), item("g", "group", show_if=RULE_ON_X, items=[item("b", show_if=shown_if("a", "y"))])),
    ),
    ("rule-later-section", two_sections(item("b", show_if=RULE_ON_X), choice())),
    ("rule-later-section", two_sections(item("b", required_if=RULE_ON_X), choice())),
    (
        "rule-option-retired",
        document(choice(options=[*X, option("old", status="retired")]), item("b", show_if=shown_if("a", "old"))),
    ),
    ("rule-malformed", document(item("a", required_if={"item": "b"}))),
    ("rule-malformed", document(item("a", warnings=[warning({"any": "x"})]))),
    ("rule-dangling", document(item("a", warnings=[warning(shown_if("gone", 1))]))),
    ("rule-dangling", document(worked_out({"if": shown_if("gone", 1), "then": {"value": 1}}))),
    ("rule-loop", document(worked_out({"item": "y"}), worked_out({"item": "z"}, "y"))),
    ("rule-loop", document(worked_out({"sum": [{"item": "z"}]}))),
    ("rule-loop", document(item("n", "number", show_if=shown_if("z", 1)), worked_out({"item": "n"}))),
    ("rule-operator", document(scored(), item("b", required_if=shown_if("a", 2, ">=")))),
    ("required-if-unreachable", document(choice(), item("b", required_if={"any": []}))),
    ("required-if-hidden", document(choice(), item("b", show_if=RULE_ON_X, required_if=shown_if("a", "y")))),
    ("required-if-idle", document(choice(), item("b", required="publish", required_if=RULE_ON_X))),
    ("recommended-idle", document(item("b", required="publish", recommended=True))),
    ("advice-unanswerable", document(item("b", "guidance", recommended=True))),
    ("advice-unanswerable", document(choice(), item("g", "group", required_if=RULE_ON_X, items=[item("b")]))),
    ("warning-without-text", document(choice(warnings=[warning(RULE_ON_X, " ")]))),
    ("warning-uid-duplicate", document(choice(warnings=[warning(RULE_ON_X), warning(shown_if("a", "y"))]))),
    ("warning-always", document(item("a", warnings=[warning()]))),
    ("warning-always", document(item("a", warnings=[warning({"any": [HAS_A, shown_if("a", False, "exists")]})]))),
    (
        "warning-always",
        document(item("a", warnings=[warning({"not": {"all": [HAS_A, shown_if("a", False, "exists")]}})])),
    ),
    ("warning-unreachable", document(choice(warnings=[warning({"all": [RULE_ON_X, shown_if("a", "y")]})]))),
    ("shape-wrong", document(item("a", recommended="yes"))),
    ("shape-wrong", document(item("a", warnings={"text": "x"}))),
    ("calculation-missing", document(worked_out(None))),
    ("calculation-stray", document(item("a", calculation={"value": 1}))),
    ("calculation-malformed", document(N, worked_out({"divide": [{"item": "n"}, {"value": 2}]}))),
    ("calculation-malformed", document(N, worked_out({"power": [{"item": "n"}]}))),
    ("calculation-dangling", document(worked_out({"item": "gone"}))),
    ("calculation-unanswerable", document(item("g", "guidance"), worked_out({"count": [{"item": "g"}]}))),
    ("calculation-type", document(item("a"), worked_out({"sum": [{"item": "a"}]}))),
    ("calculation-type", document(N, worked_out({"age": {"item": "n"}}))),
    ("calculation-type", document(item("a"), worked_out({"lookup": {"item": "a"}, "table": [{"to": 1, "result": 1}]}))),
    (
        "calculation-type",
        document(worked_out({"today": True}, "y"), worked_out({"add": [{"item": "y"}, {"value": 1}]})),
    ),
    ("calculation-mixed", document(N, worked_out({"coalesce": [{"item": "n"}, {"value": "None"}]}))),
    ("calculation-divide-zero", document(N, worked_out({"divide": [{"item": "n"}, {"value": 0}], "scale": 1}))),
    ("calculation-unscored", document(choice(), worked_out({"score": "a"}))),
    (
        "calculation-several",
        document(item("r", "repeat", items=[N]), worked_out({"add": [{"item": "n"}, {"value": 1}]})),
    ),
    ("calculation-constant", document(worked_out({"value": 1}))),
    ("score-wrong", document(scored("a", "high", 1))),
    ("score-some", document(scored("a", 1, None))),
    ("scale-range", document(item("a", "scale", min=0, max=40, min_label="x", max_label="y"))),
    ("scale-range", document(item("a", "scale", min=5, max=5, min_label="x", max_label="y"))),
    ("scale-range", document(item("a", "scale", min=0.5, max=5, min_label="x", max_label="y"))),
    ("scale-range", document(item("a", "scale", min="few", max=5))),
    ("scale-ends", document(item("a", "scale", min_label="No pain"))),
    ("score-without-bands", document(item("z", "score", calculation={"sum": [{"item": "n"}]}), N)),
    ("band-wrong", document(item("z", "score", bands=[{"from": 5, "to": 4, "text": "x"}]))),
    ("band-wrong", document(item("z", "score", bands=[{"from": "few", "text": "x"}, 5]))),
    ("bands-overlap", document(item("z", "score", bands=[{"to": 4, "text": "x"}, {"from": 4, "text": "y"}]))),
    ("setting-stray", document(item("a", bands=[{"to": 4, "text": "x"}]))),
    ("setting-stray", document(item("a", min_label="x"))),
    ("body-refused", document(item("a", "body", label="<script>x</script><p>Read this</p>"))),
    ("body-refused", document(item("a", "body", label="[here](javascript:x)"))),
    ("file-kind", document(item("a", "attachment", file_kinds=["pdf", "docx"]))),
    ("file-size", document(item("a", "attachment", max_size=25_000_001))),
    ("file-count", document(item("a", "attachment", max_items=11))),
    ("table-wide", document(item("t", "table", items=[item(f"c{n}") for n in range(7)]))),
    ("limits-crossed", document(item("a", "number", min=5, max="4.9"))),
    ("limits-crossed", document(item("a", "date", min="2026", max="2025-12"))),
    ("limits-crossed", document(item("a", "repeat", min_items=3, max_items=2, items=[item("b")]))),
    ("limit-wrong", document(item("a", "number", min="few"))),
    ("limit-wrong", document(item("a", min=3))),
    ("limit-wrong", document(item("a", max_length=0))),
    ("limit-wrong", document(item("a", "guidance", required="publish"))),
    ("required-unknown", document(item("a", required="yes"))),
    ("absent-unknown", document(item("a", absent=["not-sure"]))),
    ("precision-unknown", document(item("a", "date", precision=["W"]))),
    ("slot-unknown", document(item("a", slot="cpr"))),
    ("slot-twice", document(item("a", slot="access.location"), item("b", slot="access.location"))),
    ("slot-token-unknown", document(choice(slot="cpr.decision", slot_values={"x": "attempt", "y": "maybe"}))),
    ("slot-unmapped", document(choice(slot="cpr.decision", slot_values={"x": "attempt"}))),
    ("slot-unmapped", document(item("a", "yes_no", slot="medicines.state"))),
    ("slot-mapping-stray", document(choice(slot="cpr.decision", slot_values={"z": "attempt"}))),
    ("slot-outside-repeat", document(item("a", slot="contacts.name"))),
    ("slot-missing", document(item("a", slot="access.location"))),
    ("slot-not-required", document(item("a", slot="limits.focus"))),
    ("slot-none", document(item("a"))),
    ("condition-not-run", document(item("a", residue={"not_run": {"reason": "it uses xor", "show_if": None}}))),
    ("roles-shape-wrong", document(item("a", roles=["doctor"]))),
    ("roles-shape-wrong", document(item("a", roles={"see": "doctor"}))),
    ("roles-unknown", document(item("a", roles={"see": ["doctor", "chief"]}))),
    ("roles-edit-unseen", document(item("a", roles={"see": ["doctor"], "edit": ["doctor", "patient"]}))),
    ("roles-require-uneditable", document(item("a", roles={"edit": ["doctor"], "require": ["clinician"]}))),
    (
        "roles-require-uneditable",
        document(item("g", "group", roles={"edit": ["doctor"]}, items=[item("a", roles={"require": ["patient"]})])),
    ),
    (
        "roles-wider-than-around",
        document(
            item("g", "group", roles={"see": ["doctor"]}, items=[item("a", roles={"see": ["doctor", "patient"]})])
        ),
    ),
    ("roles-slot-hidden", document(item("a", slot="limits.focus", roles={"see": ["doctor"]}))),
    (
        "roles-slot-hidden",
        document(item("g", "group", roles={"see": ["doctor"]}, items=[item("a", slot="limits.focus")])),
    ),
    ("roles-doctor-blind", document(item("a", roles={"see": ["clinician", "patient"]}))),
    ("roles-nobody-answers", document(item("a", required="publish", roles={"edit": []}))),
    ("roles-nobody-answers", document(item("a", required="publish", roles={"edit": ["care_home"]}))),
    ("roles-nobody-edits", document(item("a", roles={"edit": []}))),
    ("roles-doctor-left-out", document(item("a", roles={"edit": ["clinician"]}))),
    ("roles-rule-source", document(choice(roles={"see": ["doctor"]}), item("b", show_if=RULE_ON_X))),
    ("roles-rule-source", document(choice(roles={"see": ["doctor"]}), item("b", required_if=RULE_ON_X))),
]
