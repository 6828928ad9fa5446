import pytest

from careplan_forms import seeds
from careplan_forms.schema.verhoeff import is_snomed_id

SNOMED = "http://snomed.info/sct"
LOCAL = "https://foreword.example/codes/"


@pytest.mark.parametrize("key", seeds.value_set_keys())
def test_a_value_set_is_versioned_sourced_and_well_coded(key):
    value_set = seeds.value_set(key)
    options = value_set["options"]
    ids = [option["id"] for option in options]

    assert set(value_set) == {"key", "version", "title", "source", "options"}
    assert value_set["key"] == key
    assert value_set["version"] and value_set["title"] and value_set["source"]
    assert len(ids) == len(set(ids))
    assert len({(option["system"], option["code"]) for option in options}) == len(options)
    for option in options:
        assert set(option) == {"id", "code", "system", "display", "status", "replaced_by"}
        assert len(option["code"]) <= 40
        if option["system"] == SNOMED:
            assert is_snomed_id(option["code"]), option["code"]
        else:
            assert option["system"] == LOCAL + key
        assert (option["status"] == "retired") == (option["replaced_by"] is not None)
        assert option["replaced_by"] in [None, *ids]


def test_the_codes_of_the_preferred_and_the_actual_place_do_not_meet():
    preferred = {option["code"] for option in seeds.value_set("preferred-place-of-death")["options"]}
    actual = {option["code"] for option in seeds.value_set("actual-place-of-death")["options"]}

    assert len(preferred) == 16
    assert len(actual) == 11
    assert not preferred & actual


def test_older_codes_stay_readable_and_are_not_offered():
    older = {
        o["code"]: o["replaced_by"] for o in seeds.value_set("cpr-decision")["options"] if o["status"] == "retired"
    }

    assert older == {"304252001": "attempt", "304253006": "do-not-attempt", "143021000119109": "do-not-attempt"}


def test_an_unknown_value_set_is_a_key_error():
    with pytest.raises(KeyError):
        seeds.value_set("../form")
