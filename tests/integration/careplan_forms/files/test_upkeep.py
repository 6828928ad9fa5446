"""Files nobody names any more are cleared away, and no file that somebody names ever is."""

import datetime
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from careplan_forms import file_store
from careplan_forms.models import CarePlan, PlanDraft, PlanFile
from careplan_forms.services import drafts, plan_file_upkeep, plan_files
from careplan_forms.tasks import clear_files_away
from core import clock
from core.exceptions import Refused
from core.uploads import Judged
from governance.actors import Actor
from governance.models import AuditEvent
from tests.factories import careplan_forms as make

pytestmark = pytest.mark.django_db

WEEK = plan_file_upkeep.KEEP_UNUSED


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Files are judged elsewhere; here any bytes are a paper."""
    monkeypatch.setattr(plan_files, "judge", lambda content: Judged("pdf", content))
    for public_id, _ in list(file_store.stored()):
        file_store.remove(public_id)


@pytest.fixture
def plan(nurse, flows):
    document = make.document()
    asked = {"uid": "papers", "type": "attachment", "label": "Papers"}
    document["sections"][0]["items"] += [asked, asked | {"uid": "others", "label": "Others"}]
    make.form_version(document)
    return make.plan(nurse)


def add(by, plan, content=b"one", uid="papers"):
    return plan_files.add_file(by=by, plan=plan, uid=uid, name="a.pdf", content=content, now=clock.now())


def clear(after=datetime.timedelta()):
    return plan_file_upkeep.clear_away(by=Actor.job("test"), now=clock.now() + after)


def there():
    return {str(public_id) for public_id, _ in file_store.stored()}


def test_what_nothing_names_goes_after_a_week_and_not_before(plan, nurse, django_capture_on_commit_callbacks):
    facts = add(nurse, plan)
    assert clear()["unused"] == 1
    assert clear(WEEK - datetime.timedelta(hours=1))["deleted"] == 0 and there() == {facts["id"]}
    with django_capture_on_commit_callbacks(execute=True):
        assert clear(WEEK + datetime.timedelta(minutes=1))["deleted"] == 1
    assert not PlanFile.objects.exists() and not there()
    assert AuditEvent.objects.get(action="plan.file_deleted").detail["file"] == facts["id"]


def test_a_week_counts_from_when_it_was_last_named(plan, nurse):
    facts = add(nurse, plan)
    make.save(nurse, plan, "about", papers=[facts])
    assert clear(10 * WEEK) == {"unused": 0, "deleted": 0, "nameless": 0}
    make.save(nurse, plan, "about", papers=None)
    assert clear(10 * WEEK)["unused"] == 1 and PlanFile.objects.count() == 1
    # Put back meanwhile: named again.
    make.save(nurse, plan, "about", papers=[facts])
    assert clear(20 * WEEK)["deleted"] == 0
    assert PlanFile.objects.get().unused_since is None


@pytest.mark.parametrize("where", ["unsaved", "closed draft", "colleague"])
def test_what_is_written_anywhere_is_kept(plan, nurse, doctor, where):
    facts = add(nurse, plan)
    if where == "unsaved":
        typed = {"q-papers__file": [f'{{"id": "{facts["id"]}"}}']}
        drafts.keep_unsaved(by=nurse, plan=plan, section="about", typed=typed, whole=True, now=clock.now())
    else:
        make.save(doctor if where == "colleague" else nurse, plan, "about", papers=[facts])
    if where == "closed draft":
        PlanDraft.objects.update(closed_at=clock.now())
    clear(WEEK)
    assert clear(3 * WEEK)["deleted"] == 0 and PlanFile.objects.exists()


def test_what_was_ever_sent_is_kept_for_good_though_every_draft_drops_it(plan, nurse, doctor):
    facts = add(nurse, plan)
    make.save(nurse, plan, "about", papers=[facts])
    make.save(nurse, plan, cpr=make.CPR_ATTEMPT)
    make.approve(doctor, make.submission(nurse, plan))
    newer = CarePlan.objects.get(pk=plan.pk)
    make.save(nurse, newer, "about", papers=None)
    make.approve(doctor, make.submission(nurse, newer))
    for weeks in (1, 3, 50):
        assert clear(weeks * WEEK)["deleted"] == 0
    assert PlanFile.objects.get().kept_for_good and file_store.get(facts) == b"one"


def test_a_save_that_meets_the_clearing_is_told_and_saves_nothing(plan, nurse):
    facts = add(nurse, plan)
    clear()
    clear(2 * WEEK)
    with pytest.raises(Refused) as refusal:
        make.save(nurse, plan, "about", papers=[facts])
    assert "not in this plan any more" in refusal.value.message and refusal.value.field == "papers"


def test_a_file_brought_again_before_it_goes_is_the_same_and_stays(plan, nurse):
    facts = add(nurse, plan)
    clear()
    assert PlanFile.objects.get().unused_since is not None
    assert add(nurse, plan) == facts
    assert PlanFile.objects.get().unused_since is None
    assert add(nurse, plan, uid="others")["id"] != facts["id"]


def test_an_upload_that_died_between_bytes_and_row_leaves_nothing_for_good(plan, nurse, monkeypatch):
    def die(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(plan_files, "record", die)
    with pytest.raises(KeyboardInterrupt):
        add(nurse, plan)
    assert len(there()) == 1 and not PlanFile.objects.exists()
    kept = add_quietly(nurse, plan, monkeypatch)
    # An upload under way now looks the same for a moment: nothing young is touched.
    assert clear()["nameless"] == 0 and len(there()) == 2
    assert clear(datetime.timedelta(days=2))["nameless"] == 1 and there() == {kept["id"]}


def add_quietly(by, plan, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(plan_files, "judge", lambda content: Judged("pdf", content))
    return add(by, plan, b"two")


def test_bytes_that_are_gone_make_the_file_be_kept_anew(plan, nurse):
    facts = add(nurse, plan)
    file_store.remove(file_store_id(facts))
    again = add(nurse, plan)
    assert again["id"] != facts["id"] and file_store.get(again) == b"one"


def file_store_id(facts):
    return PlanFile.objects.get(public_id=facts["id"]).public_id


def test_the_nightly_job_looks_at_every_plan(plan, nurse, doctor):
    add(nurse, plan)
    add(doctor, make.plan(doctor))
    file_store.put(uuid4(), b"x")
    assert clear_files_away()["unused"] == 2


def test_the_command_reads_every_file_and_names_those_that_do_not_fit(plan, nurse, capsys):
    add(nurse, plan)
    lost = add(nurse, plan, b"two")
    call_command("verify_files")
    assert capsys.readouterr().out == "files 2, damaged 0\n"
    file_store.remove(file_store_id(lost))
    with pytest.raises(CommandError) as refusal:
        call_command("verify_files")
    assert refusal.value.returncode == 1
    out = capsys.readouterr().out
    assert "files 2, damaged 1" in out and lost["id"] in out
