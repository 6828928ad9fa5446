"""Earlier drafts: what was saved, in words; putting one or a version back; throwing a draft away."""

import datetime
import json

import pytest
from django.urls import reverse
from wagtail.models import Revision

from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.presenters import form_history
from careplan_forms.schema.document import sha256_of
from careplan_forms.selectors import form_drafts
from careplan_forms.selectors.form_history import DraftHistory
from careplan_forms.services import definitions, form_restoring, library, version_drafts
from core.exceptions import Absent, NotAllowed, Refused
from governance.models import AuditEvent
from tests.integration.careplan_forms.designer.conftest import document
from tests.integration.careplan_forms.designer.posting import section_form
from tests.integration.careplan_forms.designer.test_doors import address, browser  # noqa: F401
from tests.integration.careplan_forms.designer.test_editors import editor, granted, nurse, other  # noqa: F401
from tests.worlds import shared

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@shared
def home(definition):
    return form_drafts.sections_of(definition)[0]


@pytest.fixture
def earlier():
    """Moves everything saved so far an hour back, so that what follows is a save of its own."""

    def move():
        for revision in Revision.objects.all():
            at = revision.created_at - datetime.timedelta(hours=1)
            Revision.objects.filter(pk=revision.pk).update(created_at=at)

    return move


@pytest.fixture
def rewrite(definition, earlier):
    """Brings the drafts to a changed document, as a save of its own."""

    def save(by, change):
        earlier()
        changed = document()
        change(changed)
        definitions.update_sections_from_document(definition=definition, document=changed, by=by)

    return save


def reworded(changed):
    changed["sections"][0]["items"][0]["label"] = "Is it warm at night?"


def drafted(definition):
    return definitions.compile_definition(definition=definition)


def shown(definition):
    return sha256_of(drafted(definition))


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def revisions(definition):
    return [save.revision for save in DraftHistory(definition).saves]


# What was saved


def test_each_save_is_told_with_its_author_and_its_changes(browser, lead, other_lead, definition, rewrite):  # noqa: F811
    rewrite(other_lead, reworded)
    saves = DraftHistory(definition).saves
    assert [len(save.parts) for save in saves] == [1, 4]
    told = page(browser(lead), "forms_drafts", definition.public_id)
    assert "wording changed from Is it warm? to Is it warm at night?" in told
    assert "First saved: Warmth" in told and told.count("Compare and restore") == 1
    for save in saves:
        assert save.author in told


def test_what_was_saved_elsewhere_is_no_draft_of_this_form(definition, lead, other):  # noqa: F811
    assert len(revisions(definition)) == 1
    with pytest.raises(Absent):
        DraftHistory(definition).state(revisions(other)[0])


def test_a_state_is_the_document_of_that_time(definition, lead, rewrite):
    before = drafted(definition)
    rewrite(lead, reworded)
    rewrite(lead, lambda changed: changed["sections"].pop())
    states = [DraftHistory(definition).state(each).document for each in revisions(definition)]
    assert states[-1] == before and states[0] == drafted(definition)
    assert states[1]["sections"][0]["items"][0]["label"] == "Is it warm at night?"


def test_words_of_a_form_are_never_markup(browser, lead, definition, rewrite):  # noqa: F811
    rewrite(lead, lambda changed: changed["sections"][1].update(title=HOSTILE))
    client = browser(lead)
    told = page(client, "forms_drafts", definition.public_id)
    told += page(client, "forms_draft", definition.public_id, revisions(definition)[1])
    assert HOSTILE not in told and "&lt;script&gt;" in told


def test_pages_of_saves_follow_each_other(browser, lead, definition, rewrite, monkeypatch):  # noqa: F811
    monkeypatch.setattr(form_history, "PER_PAGE", 2)
    for number in range(2):
        rewrite(lead, lambda changed, number=number: changed.update(purpose=f"Purpose {number}"))
    client = browser(lead)
    first = page(client, "forms_drafts", definition.public_id)
    assert first.count("<h3>") == 2 and "Older drafts" in first
    second = client.get(reverse("forms_drafts", args=[definition.public_id]), {"page": "2"}).content.decode()
    assert second.count("<h3>") == 1 and "Newer drafts" in second
    for odd in ("0", "x", "²", "999999999999999999999"):
        assert client.get(reverse("forms_drafts", args=[definition.public_id]), {"page": odd}).status_code == 200


# Putting back


def test_an_earlier_draft_is_compared_and_restored_and_that_is_undone(
    browser,  # noqa: F811
    lead,
    definition,
    rewrite,
    earlier,
):
    first = drafted(definition)
    rewrite(lead, reworded)
    second = drafted(definition)
    client = browser(lead)
    newest, oldest = revisions(definition)
    here = reverse("forms_draft", args=[definition.public_id, oldest])
    assert "wording changed from Is it warm at night? to Is it warm?" in client.get(here).content.decode()
    earlier()
    assert client.post(here, {"shown": shown(definition)}).status_code == 302
    assert drafted(definition) == first
    assert AuditEvent.objects.filter(action="form.draft_restored").exists()
    assert "nothing to restore" in client.get(here).content.decode()
    back = reverse("forms_draft", args=[definition.public_id, newest])
    assert client.post(back, {"shown": shown(definition)}).status_code == 302
    assert drafted(definition) == second


def test_restoring_saves_only_the_part_that_differs(definition, lead, rewrite):
    rewrite(lead, reworded)
    before = {row.key: row.latest_revision_id for row in FormSection.objects.all()}
    state = DraftHistory(definition).state(revisions(definition)[-1])
    form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=lead)
    after = {row.key: row.latest_revision_id for row in FormSection.objects.all()}
    assert after["people"] == before["people"] and after["home"] != before["home"]


def test_a_draft_that_moved_on_is_not_overwritten(browser, lead, definition, rewrite):  # noqa: F811
    rewrite(lead, reworded)
    seen, oldest = shown(definition), revisions(definition)[-1]
    rewrite(lead, lambda changed: changed.update(purpose="Another"))
    here = reverse("forms_draft", args=[definition.public_id, oldest])
    for posted in ({"shown": seen}, {}):
        answer = browser(lead).post(here, posted)
        assert answer.status_code == 400 and "changed the draft while you were reading" in answer.content.decode()
    assert drafted(definition)["purpose"] == "Another"


def test_a_section_that_left_comes_back_with_its_own_row(definition, lead, rewrite):
    people = FormSection.objects.get(key="people")
    rewrite(lead, lambda changed: changed["sections"].pop())
    state = DraftHistory(definition).state(revisions(definition)[-1])
    form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=lead)
    assert [each.pk for each in form_drafts.sections_of(definition)][1] == people.pk


def test_a_list_of_answers_comes_back_unless_another_form_uses_it(browser, lead, definition, rewrite):  # noqa: F811
    def warmer(changed):
        changed["value_sets"]["warmth"]["options"][0]["display"] = "Hot"

    rewrite(lead, warmer)
    oldest = revisions(definition)[-1]
    state = DraftHistory(definition).state(oldest)
    assert state.document["value_sets"]["warmth"]["options"][0]["display"] == "Warm enough"
    summer = document(key="summer-plan")
    warmer(summer)
    definitions.create_from_document(document=summer, by=lead)
    state = DraftHistory(definition).state(oldest)
    assert state.staying == ["Warmth"]
    assert state.document["value_sets"]["warmth"]["options"][0]["display"] == "Hot"
    told = page(browser(lead), "forms_draft", definition.public_id, oldest)
    assert "The list of answers “Warmth” stays as it is now" in told


def test_an_editor_by_grant_restores_and_leaves_lists_alone(editor, lead, definition, rewrite):  # noqa: F811
    def both(changed):
        reworded(changed)
        changed["value_sets"]["warmth"]["options"][0]["display"] = "Hot"

    rewrite(lead, both)
    here = reverse("forms_draft", args=[definition.public_id, revisions(definition)[-1]])
    assert "stays as it is now" in editor.get(here).content.decode()
    assert editor.post(here, {"shown": shown(definition)}).status_code == 302
    after = drafted(definition)
    assert after["sections"][0]["items"][0]["label"] == "Is it warm?"
    assert after["value_sets"]["warmth"]["options"][0]["display"] == "Hot"


def test_an_editor_by_grant_restores_no_section_of_two_forms(editor, lead, definition, other, home, rewrite):  # noqa: F811
    rewrite(lead, reworded)
    draft = form_drafts.draft_of(form_drafts.fresh(other))
    draft.section_links.add(draft.section_links.model(section=home, sort_order=9))
    draft.save()
    draft.save_revision(clean=False)
    here = reverse("forms_draft", args=[definition.public_id, revisions(definition)[-1]])
    told = editor.get(here).content.decode()
    assert "“The home” also stands in" in told
    answer = editor.post(here, {"shown": shown(definition)})
    assert answer.status_code == 400 and "a clinical lead has to do this" in answer.content.decode()


def test_a_section_a_colleague_locked_is_not_written_over(definition, lead, other_lead, home, rewrite):
    rewrite(lead, reworded)
    FormSection.objects.filter(pk=home.pk).update(locked=True, locked_by_id=other_lead.user_id)
    state = DraftHistory(definition).state(revisions(definition)[-1])
    with pytest.raises(Refused, match="locked by a colleague"):
        form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=lead)
    assert drafted(definition)["sections"][0]["items"][0]["label"] == "Is it warm at night?"


def test_a_library_section_keeps_the_text_taken_over(browser, lead, definition, home, rewrite):  # noqa: F811
    rewrite(lead, reworded)
    library.share(section=form_drafts.section_in_work(home.pk), by=lead)
    oldest = revisions(definition)[-1]
    assert "“The home” stays in the text" in page(browser(lead), "forms_draft", definition.public_id, oldest)
    state = DraftHistory(definition).state(oldest)
    assert state.document["sections"][0]["items"][0]["label"] == "Is it warm at night?"


def test_a_clinician_restores_nothing(definition, nurse):  # noqa: F811
    state = DraftHistory(definition).state(revisions(definition)[0])
    with pytest.raises(NotAllowed):
        form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=nurse)


def test_an_editor_of_another_form_sees_and_changes_none_of_it(editor, other):  # noqa: F811
    for name in ("forms_drafts", "forms_throw_away", "forms_draft_document"):
        assert editor.get(reverse(name, args=[other.public_id])).status_code == 403
    here = reverse("forms_draft", args=[other.public_id, revisions(other)[0]])
    assert editor.get(here).status_code == 403 and editor.post(here, {"shown": "x"}).status_code == 403


# Versions


@pytest.mark.parametrize(
    "change",
    [
        reworded,
        lambda changed: changed["sections"].pop(),
        lambda changed: changed["sections"].reverse(),
        lambda changed: changed.update(title="Autumn plan", purpose=""),
        lambda changed: changed["value_sets"]["warmth"]["options"].pop(),
        lambda changed: changed["sections"][0].update(translations={"cy": {"title": "Y cartref"}}),
    ],
    ids=["wording", "a section less", "order", "its own texts", "a list", "translations"],
)
def test_a_version_is_restored_to_the_letter(definition, live, lead, rewrite, change):
    rewrite(lead, change)
    assert shown(definition) != live.sha256
    state = version_drafts.state_of_version(DraftHistory(definition), live)
    assert sha256_of(state.document) == live.sha256
    form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=lead)
    assert shown(definition) == live.sha256


def test_a_version_is_compared_and_restored_from_its_page(browser, lead, definition, live, rewrite):  # noqa: F811
    rewrite(lead, reworded)
    client = browser(lead)
    assert "version 1, and restore it" in page(client, "forms_drafts", definition.public_id)
    here = reverse("forms_draft_version", args=[definition.public_id, 1])
    assert "wording changed from Is it warm at night?" in client.get(here).content.decode()
    assert client.post(here, {"shown": shown(definition)}).status_code == 302
    assert shown(definition) == live.sha256
    for number in (2, 999_999_999_999):
        assert client.get(reverse("forms_draft_version", args=[definition.public_id, number])).status_code == 404


def test_a_version_s_library_section_is_pinned_to_its_text(lead, definition, live, home, rewrite):
    library.share(section=home, by=lead)
    rewrite(lead, lambda changed: changed.update(purpose="Another"))
    draft = form_drafts.draft_of(form_drafts.section_in_work(home.pk))
    items = json.loads(json.dumps(form_drafts.stream_in(draft, "items")))
    items[0]["value"]["label"] = "Is it warm at night?"
    draft.items = json.dumps(items)
    draft.save_revision(clean=False)
    library.take_over(definition=definition, section=form_drafts.section_in_work(home.pk), by=lead)
    state = version_drafts.state_of_version(DraftHistory(definition), live)
    form_restoring.restore(definition=definition, state=state, shown=shown(definition), by=lead)
    assert shown(definition) == live.sha256


# Throwing away


def test_a_lead_throws_a_draft_away_after_reading_what_is_lost(browser, lead, definition, live, rewrite):  # noqa: F811
    rewrite(lead, reworded)
    lost = shown(definition)
    client = browser(lead)
    here = reverse("forms_throw_away", args=[definition.public_id])
    assert "wording changed from Is it warm? to Is it warm at night?" in client.get(here).content.decode()
    assert client.post(here, {"shown": lost}).status_code == 302
    assert shown(definition) == live.sha256
    assert not FormSection.objects.filter(has_unpublished_changes=True).exists()
    assert AuditEvent.objects.filter(action="form.draft_thrown_away").exists()
    assert "nothing to throw away" in client.get(here).content.decode()
    history = DraftHistory(definition)
    assert lost in [sha256_of(history.state(save.revision).document) for save in history.saves]


def test_what_waits_for_sign_off_is_neither_thrown_away_nor_overwritten(
    browser,  # noqa: F811
    lead,
    definition,
    live,
    rewrite,
):
    rewrite(lead, reworded)
    definitions.create_candidate(definition=definition, change_note="Second", by=lead)
    client = browser(lead)
    doors = [
        reverse("forms_throw_away", args=[definition.public_id]),
        reverse("forms_draft_version", args=[definition.public_id, 1]),
    ]
    for here in doors:
        told = client.get(here).content.decode()
        assert "waits for sign-off" in told and 'name="shown"' not in told
        assert client.post(here, {"shown": shown(definition)}).status_code == 400
    assert drafted(definition)["sections"][0]["items"][0]["label"] == "Is it warm at night?"


def test_an_editor_by_grant_throws_nothing_away(editor, definition):  # noqa: F811
    here = reverse("forms_throw_away", args=[definition.public_id])
    assert editor.get(here).status_code == 403 and editor.post(here, {"shown": shown(definition)}).status_code == 403
    edit = editor.get(address(definition)).content.decode()
    assert "Earlier drafts" in edit and "Throw the draft away" not in edit


def test_a_form_never_signed_off_is_removed_with_what_only_it_used(browser, lead, definition, other, home):  # noqa: F811
    library.share(section=home, by=lead)
    client = browser(lead)
    here = reverse("forms_throw_away", args=[definition.public_id])
    told = client.get(here).content.decode()
    assert "2 sections with 4 items" in told and "cannot be undone" in told
    assert "Throw the draft away" in client.get(address(definition)).content.decode()
    kept = client.get(reverse("forms_draft_document", args=[definition.public_id]))
    assert json.loads(kept.content)["key"] == "winter-plan"
    assert client.post(here, {"shown": "not this"}).status_code == 400
    assert client.post(here, {"shown": shown(definition)}).status_code == 302
    assert not FormDefinition.objects.filter(key="winter-plan").exists()
    assert not FormSection.objects.filter(key="people").exclude(links__definition=other).exists()
    assert FormSection.objects.filter(pk=home.pk).exists()
    assert AuditEvent.objects.filter(action="form.removed").exists()


def test_a_list_of_answers_goes_with_the_form_that_brought_it(lead, definition):
    form_restoring.remove(definition=definition, shown=shown(definition), by=lead)
    assert not ValueSet.objects.exists() and not FormSection.objects.exists() and not Revision.objects.exists()


def test_a_form_that_was_proposed_stays(browser, lead, definition, candidate):  # noqa: F811
    definitions.withdraw_candidate(candidate=candidate, by=lead)
    here = reverse("forms_throw_away", args=[definition.public_id])
    client = browser(lead)
    assert "it cannot be removed" in client.get(here).content.decode()
    assert client.post(here, {"shown": shown(definition)}).status_code == 400
    assert FormDefinition.objects.filter(pk=definition.pk).exists()


def test_a_section_edited_by_hand_is_restored_too(browser, lead, definition, home, earlier):  # noqa: F811
    earlier()
    client = browser(lead)
    changed = section_form(home, **{"items-0-value-label": "Warm enough?"})
    assert client.post(address(home), changed).status_code == 302
    oldest = revisions(definition)[-1]
    here = reverse("forms_draft", args=[definition.public_id, oldest])
    assert client.post(here, {"shown": shown(definition)}).status_code == 302
    assert drafted(definition)["sections"][0]["items"][0]["label"] == "Is it warm?"
