from careplan_forms.models import CarePlan
from tests.factories import careplan_forms as make
from tests.factories import governance as people
from tests.factories import portal
from tests.unit.careplan_forms.plans.conftest import flows, outsider
from tests.worlds import shared

__all__ = ["flows", "outsider"]


def patient_form():
    """The small form with words for the person, a secret, a question for staff and an answer that may be absent."""
    document = make.document()
    about, emergency = document["sections"]
    about["items"][1] |= {"patient_label": "What matters most to you?", "absent": ["not-discussed"]}
    about["items"].append({"uid": "prognosis", "type": "text", "label": "What is the likely prognosis?"})
    emergency["items"].append(
        {"uid": "way-in", "type": "text", "label": "How do we get in?", "slot": "access.location"}
    )
    emergency["items"].append({"uid": "safe-code", "type": "text", "label": "Key safe code", "slot": "access.code"})
    emergency["items"][2]["items"][1]["absent"] = ["not-known"]
    return document


@shared
def plan(nurse, doctor, flows):
    """An approved plan with something to see, something for staff only, and a secret."""
    make.form_version(patient_form())
    found = make.plan(nurse)
    make.save(nurse, found, "about", matters="Seeing the sea", prognosis="Weeks")
    make.save(nurse, found, cpr=make.CPR_ATTEMPT, way_in="Ring the neighbour", safe_code="4711")
    make.approve(doctor, make.submission(nurse, found))
    return CarePlan.objects.get(pk=found.pk)


@shared
def account(nurse, plan):
    return portal.account(nurse, plan)


@shared
def patient(account):
    """A browser signed in as the person, without a second factor."""
    return portal.browser_of(account.user)


@shared
def stranger_plan(doctor):
    """A plan of another practice's."""
    return make.plan(people.staff(people.organisation()))
