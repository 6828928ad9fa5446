import pytest
from django.core.management import CommandError, call_command

from careplan_forms import seeds
from careplan_forms.models import FormCandidate, FormDefinition, FormSection, FormVersion, ValueSet
from careplan_forms.schema.document import canonical_json, normalise
from careplan_forms.services import definitions
from core.exceptions import NotAllowed, Refused
from governance.actors import Actor
from governance.models import User
from tests.integration.careplan_forms.designer.conftest import document
from tests.worlds import shared


@shared
def seeded(lead):
    return definitions.create_from_document(document=seeds.form("urgent-care-plan"), by=lead)


def test_the_seeded_form_goes_through_the_editor_without_losing_a_byte(seeded):
    compiled = definitions.compile_definition(definition=seeded)
    assert canonical_json(compiled) == canonical_json(seeds.form("urgent-care-plan"))


def test_compiling_the_seeded_form_asks_little_of_the_database(seeded, django_assert_max_num_queries):
    with django_assert_max_num_queries(80):
        definitions.compile_definition(definition=seeded)


def test_a_job_may_bring_a_draft_in_but_not_propose_it(db):
    definition = definitions.create_from_document(document=document(), by=Actor.job("import"))
    with pytest.raises(Refused, match="own name"):
        definitions.create_candidate(definition=definition, by=Actor.job("import"))


def test_a_clinician_may_not_shape_forms(nurse):
    with pytest.raises(NotAllowed):
        definitions.create_from_document(document=document(), by=nurse)
    assert not FormDefinition.objects.exists()


def test_updating_changes_only_the_section_that_differs(definition, lead):
    changed = document()
    changed["sections"][1]["title"] = "People who come by"
    before = {row.key: row.latest_revision_id for row in FormSection.objects.all()}
    assert definitions.update_sections_from_document(definition=definition, document=changed, by=lead)
    after = {row.key: row.latest_revision_id for row in FormSection.objects.all()}
    assert after["home"] == before["home"] and after["people"] != before["people"]
    assert not definitions.update_sections_from_document(definition=definition, document=changed, by=lead)


def test_a_section_that_leaves_the_document_leaves_the_form(definition, lead):
    shorter = document()
    shorter["sections"].pop()
    definitions.update_sections_from_document(definition=definition, document=shorter, by=lead)
    compiled = definitions.compile_definition(definition=definition)
    assert [section["key"] for section in compiled["sections"]] == ["home"]
    assert FormSection.objects.filter(key="people").exists()


def test_a_section_of_41_items_is_refused_whole(lead):
    items = [{"uid": f"u{n}", "link_id": f"q{n}", "type": "text", "label": "Q"} for n in range(41)]
    long = document(sections=[{"key": "long", "title": "Long", "items": items}])
    with pytest.raises(Refused, match="41 items"):
        definitions.create_from_document(document=long, by=Actor.job("import"))
    assert not FormDefinition.objects.exists() and not ValueSet.objects.exists()


def test_a_list_of_answers_of_the_same_key_is_not_taken_from_another_form(definition, lead):
    other = document(key="summer-plan")
    other["value_sets"]["warmth"]["options"][0]["display"] = "Hot"
    summer = definitions.create_from_document(document=other, by=lead)
    assert definitions.compile_definition(definition=definition)["value_sets"]["warmth"]["options"][0]["display"] == (
        "Warm enough"
    )
    assert list(definitions.compile_definition(definition=summer)["value_sets"]) == ["summer-plan--warmth"]


@pytest.mark.parametrize("broken", [{"sections": "none"}, {"key": ""}, {"schema_version": 99}, {"value_sets": []}])
def test_a_document_of_the_wrong_shape_is_refused_with_a_sentence(lead, broken):
    with pytest.raises(Refused):
        definitions.create_from_document(document=document(**broken), by=lead)
    assert not FormDefinition.objects.exists()


def test_what_an_import_brought_and_no_field_shows_comes_back(lead):
    brought = document(residue={"a": [1, {"b": None}]}, extra_key="kept")
    brought["sections"][0]["residue"] = {"x": 1}
    brought["sections"][0]["items"][1]["residue"] = {"extension": [{"url": "u"}]}
    brought["sections"][0]["items"][1]["show_if"] = {"not": {"item": "u-warm", "op": "exists", "value": True}}
    definition = definitions.create_from_document(document=brought, by=lead)
    assert definitions.compile_definition(definition=definition) == normalise(brought)


def test_seeding_with_one_signature_makes_nothing_live(lead, safety_officer):
    with pytest.raises(Refused, match="both have to sign"):
        definitions.seed(by=lead, signed_off_by=[safety_officer], only=["frailty-care-plan"])
    with pytest.raises(Refused, match="No form called winter-plan comes with the service"):
        definitions.seed(by=lead, signed_off_by=[safety_officer], only=["winter-plan"])
    assert not FormDefinition.objects.exists()


def emails(*actors):
    return [User.objects.get(pk=actor.user_id).email for actor in actors]


def rows():
    return [model.objects.count() for model in (FormSection, ValueSet, FormCandidate, FormVersion)]


def test_the_command_seeds_every_form_in_three_peoples_names_and_again_changes_nothing(
    lead, safety_officer, ig_officer, capsys
):
    by, safety, governance = emails(lead, safety_officer, ig_officer)
    officers = {"by": by, "clinical_safety": safety, "information_governance": governance}
    call_command("seed_forms", **officers)
    made = rows()
    call_command("seed_forms", **officers)
    live = "".join(f"{key}: version 1 is live\n" for key in seeds.form_keys())
    assert capsys.readouterr().out == live * 2 and rows() == made
    call_command("seed_forms", form=["urgent-care-plan"], **officers)
    assert capsys.readouterr().out == "urgent-care-plan: version 1 is live\n"
    assert {each.live_version.number for each in FormDefinition.objects.all()} == {1}


@pytest.mark.parametrize("second", ["nobody@example.org", "lead"])
def test_the_command_says_why_it_cannot(lead, nurse, safety_officer, second):
    by, safety = emails(lead, safety_officer)
    with pytest.raises(CommandError):
        call_command(
            "seed_forms", by=by, clinical_safety=safety, information_governance=by if second == "lead" else second
        )
    assert not FormVersion.objects.exists()
