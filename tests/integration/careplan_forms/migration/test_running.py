"""Preparing, counting and carrying out a migration: approved versions stay, everything else is found again."""

import datetime
import json

import pytest

from careplan_forms import seeds
from careplan_forms.models import CarePlan, FormMigration, FormMigrationDraft, FormMigrationPlan, PlanDraft
from careplan_forms.schema.document import canonical_json
from careplan_forms.schema.mapping_shape import row_of
from careplan_forms.selectors.plans import form_of
from careplan_forms.services import drafts, migration_running, migrations, plans, sign_off
from core import clock, events
from core.exceptions import Conflict, NotAllowed, Refused
from core.models import JobRun
from governance.actors import Actor
from governance.models import AuditEvent
from tests.factories import careplan_forms as make
from tests.integration.careplan_forms.migration.conftest import carried_out, counted, left_behind, second_form, started

pytestmark = pytest.mark.django_db


def test_a_version_that_goes_live_over_open_plans_has_its_migration_prepared(approved, form):
    version = make.form_version(second_form())
    payload = {"form": version.definition.key, "version": version.number, "sha256": version.sha256}
    events.publish(sign_off.PUBLISHED, payload, key=version.definition.key)
    made = FormMigration.objects.get()
    assert (made.from_version, made.to_version, made.state) == (form, version, "draft")
    actions = {row["uid"]: row["action"] for row in made.mapping["items"]}
    assert (actions["matters"], actions["born"], actions["cpr"]) == ("rename", "drop", "keep")


def test_a_version_nobody_stands_behind_has_none_and_proposing_twice_makes_one(form, second, nurse):
    assert migrations.propose_migrations(version=second, by=Actor.job("test")) == []
    left_behind(nurse, form)
    first = migrations.propose_migrations(version=second, by=Actor.job("test"))
    assert len(first) == 1
    assert migrations.propose_migrations(version=second, by=Actor.job("test")) == first


def test_a_later_version_cancels_what_was_prepared_and_not_started(migration):
    third = make.form_version(second_form(label="The decision about CPR"))
    [made] = migrations.propose_migrations(version=third, by=Actor.job("test"))
    migration.refresh_from_db()
    assert (migration.state, made.to_version, made.state) == ("cancelled", third, "draft")


def test_a_dry_run_counts_by_organisation_and_writes_nothing_else(migration, approved, nurse, practice, form):
    left_behind(nurse, form)
    before = list(CarePlan.objects.order_by("pk").values())
    ready = counted(migration)
    assert ready.state == "ready"
    assert {key: ready.counts[key] for key in ("total", "carries_over", "needs_clinician", "loses_answer")} == {
        "total": 2,
        "carries_over": 0,
        "needs_clinician": 1,
        "loses_answer": 1,
    }
    [row] = ready.counts["organisations"]
    assert row["organisation"] == practice.pk
    assert row["plans"]["loses_answer"] == [str(approved.public_id)]
    assert {"code": "dropped", "uid": "born", "plans": 1} in ready.counts["reasons"]
    assert "garden" not in json.dumps(ready.counts)
    assert list(CarePlan.objects.order_by("pk").values()) == before
    assert not FormMigrationDraft.objects.exists() and not FormMigrationPlan.objects.exists()


def test_plans_that_ended_and_people_who_died_are_left_alone(migration, nurse, form, lead):
    ended, dead = left_behind(nurse, form), left_behind(nurse, form)
    plans.withdraw_plan(by=nurse, plan=ended, reason="Moved away", now=clock.now())
    type(dead.patient).objects.filter(pk=dead.patient_id).update(died_on=clock.today())
    assert carried_out(migration, lead).plans_done == 1
    assert not FormMigrationPlan.objects.filter(plan__in=[ended, dead]).exists()


def test_carrying_out_makes_a_draft_beside_the_plan_and_touches_no_approved_version(migration, approved, lead):
    version = dict(approved.versions.values().get())
    done = carried_out(migration, lead)
    assert (done.state, done.plans_done) == ("done", 1)
    fresh = CarePlan.objects.get(pk=approved.pk)
    assert (fresh.form_version, fresh.current_version) == (migration.from_version, approved.current_version)
    assert dict(fresh.versions.values().get()) == version
    draft = FormMigrationDraft.objects.get()
    assert draft.answers["matters-2"] == "Her garden" and "born" not in draft.answers
    found = FormMigrationPlan.objects.get()
    assert found.outcome == "loses_answer" and {"code": "dropped", "uid": "born"} in found.reasons
    assert not PlanDraft.objects.filter(closed_at=None).exists()
    assert AuditEvent.objects.filter(action="form.migration_done").count() == 1


def test_carrying_out_again_changes_nothing_and_small_batches_come_to_the_same(migration, nurse, form, lead):
    for _ in range(4):
        left_behind(nurse, form)
    running = started(migration, lead)
    seen = []
    assert migration_running.carry_out(migration=running, batch=2, progress=lambda *n: seen.append(n)) == 5
    assert seen == [(2, 5), (4, 5), (5, 5)]
    rows = list(FormMigrationPlan.objects.order_by("pk").values())
    assert migration_running.carry_out(migration=running) == 0
    assert list(FormMigrationPlan.objects.order_by("pk").values()) == rows
    with pytest.raises(Refused, match="over"):
        migrations.start_execution(migration=running, shown_sha256=running.sha256, deadline=clock.today(), by=lead)


def test_what_stopped_half_way_goes_on_where_it_stopped(migration, nurse, form, lead, monkeypatch):
    for _ in range(3):
        left_behind(nurse, form)
    running = started(migration, lead)
    write, calls = migration_running._write, []

    def dies_in_the_second_batch(*args):
        calls.append(1)
        write(*args)
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(migration_running, "_write", dies_in_the_second_batch)
    with pytest.raises(RuntimeError):
        migration_running.carry_out(migration=running, batch=2)
    assert FormMigrationPlan.objects.count() == FormMigrationDraft.objects.count() == 2
    monkeypatch.setattr(migration_running, "_write", write)
    assert migration_running.carry_out(migration=running, batch=2) == 2
    assert FormMigration.objects.get().plans_done == 4


def test_a_plan_that_changed_since_the_dry_run_is_judged_again(migration, approved, nurse, lead):
    running = started(migration, lead)
    assert running.counts["loses_answer"] == 1
    make.save(nurse, approved, "about", born=None)
    migration_running.carry_out(migration=running)
    assert FormMigrationPlan.objects.get().outcome == "needs_clinician"


def test_nothing_starts_that_was_not_counted_as_it_stands(migration, lead, nurse):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    start = {"migration": migration, "shown_sha256": migration.sha256, "deadline": tomorrow}
    with pytest.raises(Refused, match="Try the mapping first"):
        migrations.start_execution(**start, by=lead)
    with pytest.raises(NotAllowed):
        migrations.start_execution(**start, by=nurse)
    ready = counted(migration)
    with pytest.raises(Refused, match="in the future"):
        migrations.start_execution(**start | {"deadline": clock.today()}, by=lead)
    with pytest.raises(Conflict):
        migrations.start_execution(**start | {"shown_sha256": "0" * 64}, by=lead)
    make.form_version(second_form(label="The decision about CPR"))
    with pytest.raises(Refused, match="no longer live"):
        migrations.start_execution(**start | {"migration": ready}, by=lead)


def test_an_edited_mapping_must_be_counted_again(migration, lead):
    ready = counted(migration)
    mapping = json.loads(json.dumps(ready.mapping))
    mapping["items"] = [row_of("matters", "drop", []) if row["uid"] == "matters" else row for row in mapping["items"]]
    edited = migrations.edit_mapping(migration=ready, mapping=mapping, shown_sha256=ready.sha256, by=lead)
    assert (edited.state, edited.counts) == ("draft", {})
    with pytest.raises(Conflict):
        migrations.edit_mapping(migration=edited, mapping=mapping, shown_sha256=ready.sha256, by=lead)
    wrong = mapping | {
        "items": [row_of("cpr", "rename", ["contacts"]) if row["uid"] == "cpr" else row for row in mapping["items"]]
    }
    with pytest.raises(Refused, match="cannot become"):
        migrations.edit_mapping(migration=edited, mapping=wrong, shown_sha256=edited.sha256, by=lead)


def test_a_dry_run_of_a_mapping_that_changed_meanwhile_is_not_taken_for_the_new_one(migration, lead):
    stale = FormMigration.objects.get(pk=migration.pk)
    mapping = migration.mapping | {"items": [*migration.mapping["items"]]}
    mapping["items"] = [row_of("matters", "drop", []) if row["uid"] == "matters" else row for row in mapping["items"]]
    migrations.edit_mapping(migration=migration, mapping=mapping, shown_sha256=migration.sha256, by=lead)
    migration_running.dry_run(migration=stale)
    migration.refresh_from_db()
    assert (migration.state, migration.counts) == ("draft", {})


def test_the_worker_does_both(migration, lead):
    migrations.start_dry_run(migration=migration, by=lead)
    assert FormMigration.objects.get().counting
    run = JobRun.objects.latest("enqueued_at")
    assert migration_running.count_plans(**run.arguments)["total"] == 1
    ready = FormMigration.objects.get()
    assert (ready.counting, ready.state) == (False, "ready")
    tomorrow = clock.today() + datetime.timedelta(days=1)
    migrations.start_execution(migration=ready, shown_sha256=ready.sha256, deadline=tomorrow, by=lead)
    assert migration_running.carry_out_in_worker(**JobRun.objects.latest("enqueued_at").arguments) == 1


def test_cancelling_takes_the_waiting_drafts_away(moved, lead):
    migrations.cancel(migration=moved, by=lead)
    assert not FormMigrationDraft.objects.filter(closed_at=None).exists()
    assert FormMigration.objects.get().state == "cancelled"


def test_every_old_version_reads_the_same_after_a_migration(approved, migration, lead, form):
    def page():
        compiled = form_of(type(form).objects.get(pk=form.pk))
        answers = approved.versions.get().answers
        drawn = [str(compiled.render_section(section.key, answers)) for section in compiled.sections]
        return json.dumps(answers, sort_keys=True), drawn, compiled.rows(answers)

    before = page()
    carried_out(migration, lead)
    assert page() == before
    assert approved.versions.get().form_version == form


def test_the_seeded_form_reads_the_same_to_the_byte_after_its_plans_were_moved(nurse, lead, host):
    first = make.form_version(seeds.form("urgent-care-plan"))
    texts = [
        item for item in form_of(first).asked(None) if item.type in ("text", "long_text") and not item.item.show_if
    ]
    answers = {item.uid: f"Words {n}" for n, item in enumerate(texts)}
    plan = left_behind(nurse, first)
    section = texts[0].section
    drafts.save_section(by=nurse, plan=plan, section=section, answers=answers, shown={}, now=clock.now())

    def read():
        version = type(first).objects.get(pk=first.pk)
        compiled = form_of(version)
        drawn = [str(compiled.render_section(each.key, answers)) for each in compiled.sections]
        return canonical_json(version.document), version.sha256, drawn, compiled.rows(answers)

    before = read()
    changed = seeds.form("urgent-care-plan")
    changed["sections"][0]["items"] = changed["sections"][0]["items"][1:]
    [migration] = migrations.propose_migrations(version=make.form_version(changed), by=Actor.job("test"))
    carried_out(migration, lead)
    assert read() == before
    kept = PlanDraft.objects.get(plan=plan)
    assert {uid: item["value"] for uid, item in kept.items.items()} == answers
    assert kept.form_version == first
