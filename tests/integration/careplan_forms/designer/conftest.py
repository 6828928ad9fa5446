"""Forms and the people who shape them and sign them off."""

import pytest

from careplan_forms.services import definitions
from tests.factories import governance as make
from tests.worlds import shared


@shared
def host():
    return make.organisation(ods_code="HOST1", care_setting="host")


@shared
def lead(host):
    """A clinical lead: shapes forms."""
    return make.staff(host, role="clinical_lead")


@shared
def other_lead(host):
    return make.staff(host, role="clinical_lead")


@shared
def safety_officer(host):
    """Signs forms off."""
    return make.staff(host, role="clinical_safety_officer")


@shared
def ig_officer(host):
    """Signs forms off too: both have to."""
    return make.staff(host, role="ig_officer")


@pytest.fixture
def sign_off(safety_officer, ig_officer):
    """Both decisions; returns the version they make."""

    return lambda candidate, *officers: signed_off(candidate, *(officers or (safety_officer, ig_officer)))


def signed_off(candidate, *officers):
    """The version that the last of the decisions makes."""
    made = None
    for officer in officers:
        made = definitions.approve_candidate(
            candidate=candidate, sha256=candidate.sha256, read=candidate.warnings, by=officer
        )
    return made


def document(**changes):
    """A small form: a decision, a text shown only for one answer, and a repeat."""
    return {
        "key": "winter-plan",
        "url": "https://foreword.example/forms/winter-plan",
        "title": "Winter plan",
        "purpose": "For the cold months",
        "value_sets": {
            "warmth": {
                "key": "warmth",
                "version": "1",
                "title": "Warmth",
                "options": [
                    {"id": "warm", "code": "W", "system": "urn:foreword:warmth", "display": "Warm enough"},
                    {"id": "cold", "code": "C", "system": "urn:foreword:warmth", "display": "Too cold"},
                ],
            }
        },
        "sections": [
            {
                "key": "home",
                "title": "The home",
                "group": "Basics",
                "items": [
                    {
                        "uid": "u-warm",
                        "link_id": "warm",
                        "type": "choice",
                        "label": "Is it warm?",
                        "value_set": "warmth",
                    },
                    {
                        "uid": "u-why",
                        "link_id": "why",
                        "type": "text",
                        "label": "Why not?",
                        "show_if": {"item": "u-warm", "op": "=", "value": "C"},
                    },
                ],
            },
            {
                "key": "people",
                "title": "People",
                "items": [
                    {
                        "uid": "u-people",
                        "link_id": "people",
                        "type": "repeat",
                        "label": "Who comes by?",
                        "items": [{"uid": "u-name", "link_id": "name", "type": "text", "label": "Name"}],
                    }
                ],
            },
        ],
    } | changes


@shared
def definition(lead):
    """The winter plan as a draft nobody has signed off."""
    return definitions.create_from_document(document=document(), by=lead)


@shared
def candidate(definition, lead):
    return definitions.create_candidate(definition=definition, change_note="First", by=lead)


@shared
def live(candidate, safety_officer, ig_officer):
    """Version 1 of the winter plan, live."""
    return signed_off(candidate, safety_officer, ig_officer)
