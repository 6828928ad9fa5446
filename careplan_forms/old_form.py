"""A page that was opened on one version of a form and sent when its plan stood on another: nothing typed is lost."""

from collections.abc import Mapping

from careplan_forms.merging import fingerprint
from careplan_forms.models import CarePlan, FormVersion
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.converters import text_of
from careplan_forms.schema.problems import FormData
from careplan_forms.selectors.plans import form_of
from careplan_forms.services.drafts import FORM_CHANGED
from core.exceptions import Conflict

_MARK = 16
_PAGE = "_form"


def mark_of(form: CompiledForm) -> str:
    """What a page carries to say which form it was drawn from."""
    return form.sha256[:_MARK]


def check_page_is_of(plan: CarePlan, section: str, data: FormData, shown: Mapping[str, str]) -> None:
    """Raises Conflict with what was typed when the page was drawn from another version than the plan's.

    `shown` holds the fingerprints of what stood on the page, so that only what its author changed is listed.
    """
    marks = [each for each in data.getlist(_PAGE) if isinstance(each, str)]
    if not marks or plan.form_version.sha256.startswith(marks[0]):
        return
    versions = FormVersion.objects.filter(definition=plan.form_version.definition_id)
    old = versions.filter(sha256__startswith=marks[0]).first() if len(marks[0]) == _MARK else None
    raise Conflict(FORM_CHANGED, _typed(form_of(old), section, data, shown) if old else [])


def _typed(form: CompiledForm, section: str, data: FormData, shown: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(question, nothing saved, what was typed) of the questions the author changed."""
    if section not in {each.key for each in form.sections}:
        return []
    answers, problems = form.parse_section(section, data)
    said = {
        uid: text_of(form, form.items[uid], value)
        for uid, value in answers.items()
        if fingerprint(value) and fingerprint(value) != shown.get(uid, "")
    }
    for problem in problems:
        values = [value for each in (problem.typed or {}).values() for value in each]
        said[problem.uid] = " ".join(filter(None, values))
    return [(form.items[uid].label, "Not saved", text) for uid, text in said.items() if text]
