"""`python -m benchmarks.dry_run [--plans 10000]`: how long counting what a new version of a form means takes.

Plans stand on the urgent care plan that comes with the product, each with two thirds of it answered; the new version
asks a question more, has one less, and calls one by another name.
"""

import argparse
import datetime
import resource
import time
from typing import Any

from benchmarks import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=10_000)
    options = parser.parse_args()
    run._set_up_django()
    with run._database():
        _measure(options.plans)


def _measure(number: int) -> None:
    from careplan_forms.services import migration_running

    migration = _migration(number)
    began, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
    counts = migration_running.dry_run(migration=migration)
    took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    assert counts["total"] == number == counts["loses_answer"], counts
    cpu_seconds = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(f"dry run of {number} plans: {took:.1f} s, {cpu_seconds:.1f} s of CPU, {used.ru_maxrss // 1024} MB at most")


def _migration(number: int) -> Any:
    from benchmarks import data
    from careplan_forms import seeds
    from careplan_forms.services import migrations
    from governance.actors import Actor
    from tests.factories import careplan_forms as make

    here, _, doctor = data.practice()
    old = make.form_version(seeds.form("urgent-care-plan"))
    _plans(here, doctor, old, number)
    document = seeds.form("urgent-care-plan")
    items = document["sections"][0]["items"]
    gone = next(item for item in items if item["type"] in ("text", "long_text") and not item.get("slot"))
    items.remove(gone)
    items.append({"uid": "benchmark-new", "type": "text", "label": "New", "required": "publish"})
    (made,) = migrations.propose_migrations(version=make.form_version(document), by=Actor.job("benchmark"))
    return made


def _plans(here: Any, doctor: Any, version: Any, number: int) -> None:
    """Open plans with one approved version each, written past the services because only reading is measured."""
    from careplan_forms.models import CarePlan, CarePlanVersion, PlanSubmission
    from core import clock
    from core.history import bulk_create
    from tests.factories import careplan_forms as make

    now, review = clock.now(), clock.today() + datetime.timedelta(days=90)
    answers = _answers(version)
    people = [
        make.Patient(
            nhs_number=make.next_nhs_number(),
            family_name="Bench",
            given_names="Mark",
            date_of_birth=datetime.date(1940, 1, 2),
        )
        for _ in range(number)
    ]
    people = bulk_create(people, by=doctor.user_id, reason="Benchmark")
    common = {"form_version": version, "answers": answers, "content_sha256": "0" * 64, "review_on": review}
    for start in range(0, number, 500):
        part = people[start : start + 500]
        plans = CarePlan.objects.bulk_create(
            CarePlan(patient=each, owner=here, form_version=version, state="current", created_at=now, updated_at=now)
            for each in part
        )
        sent = PlanSubmission.objects.bulk_create(
            PlanSubmission(plan=plan, origin="doctor", submitted_at=now, submitted_by_id=doctor.user_id, **common)
            for plan in plans
        )
        approved = CarePlanVersion.objects.bulk_create(
            CarePlanVersion(
                plan=plan,
                number=1,
                submission=one,
                approved_at=now,
                approved_by_id=doctor.user_id,
                chain_sha256="0" * 64,
                **common,
            )
            for plan, one in zip(plans, sent, strict=True)
        )
        for plan, one in zip(plans, approved, strict=True):
            plan.current_version = one
        CarePlan.objects.bulk_update(plans, ["current_version"])


def _answers(version: Any) -> dict[str, Any]:
    """Words, a choice or yes for two of three questions, and for the first that the new version has not."""
    from careplan_forms.schema.items.choice import option_answer
    from careplan_forms.selectors.plans import form_of

    form = form_of(version)
    found: dict[str, Any] = {}
    for number, item in enumerate(form.asked(None)):
        if number % 3 == 2 and number > 20:
            continue
        if item.type in ("text", "long_text"):
            found[item.uid] = "Some words that somebody wrote"
        elif item.type == "yes_no":
            found[item.uid] = True
        elif item.type in ("choice", "choices"):
            answer = option_answer(item.item.options[0])
            found[item.uid] = answer if item.type == "choice" else [answer]
    return form.complete(found)


if __name__ == "__main__":
    main()
