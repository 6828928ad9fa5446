"""Addresses of careplan_forms. They hold references only: people are found by what is posted."""

from django.urls import URLPattern, URLResolver, include, path

from careplan_forms.views import (
    access,
    approval,
    filling,
    finding,
    form_change,
    patients,
    plan_files,
    plans,
    reading_language,
    samples,
    sending,
    withholding,
    worklist,
)

app_name = "careplan_forms"

_people: list[URLPattern | URLResolver] = [
    path("", finding.search, name="people"),
    path("match/<str:token>/", finding.match, name="person-match"),
    path("<uuid:person_id>/", patients.person, name="person"),
    path("<uuid:person_id>/consent/", patients.consent, name="consent"),
    path("<uuid:person_id>/death/", patients.death, name="person-death"),
    path("<uuid:person_id>/plan/", patients.start, name="plan-start"),
]

_plan: list[URLPattern | URLResolver] = [
    path("", plans.plan, name="plan"),
    path("tasks/", filling.tasks, name="plan-tasks"),
    path("language/", reading_language.of_tasks, name="plan-language"),
    path("sections/<slug:section>/", filling.section, name="plan-section"),
    path("sections/<slug:section>/keep/", filling.keep, name="plan-keep"),
    path("sections/<slug:section>/discard/", filling.discard, name="plan-discard"),
    path("form-change/", form_change.form_change, name="plan-form-change"),
    path("files/<uuid:file_id>/", plan_files.plan_file, name="plan-file"),
    path("clashes/", filling.clashes, name="plan-clashes"),
    path("check/", sending.check_answers, name="plan-check"),
    path("sent/", sending.sent, name="plan-sent"),
    path("submissions/<uuid:submission_id>/", approval.approve, name="approve"),
    path("submissions/<uuid:submission_id>/take-back/", sending.take_back, name="plan-take-back"),
    path("approved/<int:number>/", approval.approved, name="plan-approved"),
    path("versions/", plans.versions, name="plan-versions"),
    path("versions/compare/", plans.compare, name="plan-compare"),
    path("versions/<int:number>/", plans.version, name="plan-version"),
    path("viewers/", plans.viewers, name="plan-viewers"),
    path("care-team/", plans.care_team, name="plan-care-team"),
    path("care-team/<int:share_id>/end/", plans.end_share, name="plan-end-share"),
    path("access/", access.people, name="plan-access"),
    path("access/account/", access.give_account, name="plan-give-account"),
    path("access/account/end/", access.end_account, name="plan-end-account"),
    path("access/others/", access.delegate, name="plan-delegate"),
    path("access/others/<uuid:delegation_id>/end/", access.end_delegation, name="plan-end-delegation"),
    path("stop-marks/", plans.marks, name="plan-marks"),
    path("stop-marks/<int:mark_id>/clear/", plans.clear_mark, name="plan-clear-mark"),
    path("withheld/", withholding.answers, name="plan-withheld"),
    path("withheld/<int:withheld_id>/end/", withholding.end, name="plan-end-withholding"),
    path("withdraw/", plans.withdraw, name="plan-withdraw"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", include(_people)),
    path("plans/<uuid:plan_id>/", include(_plan)),
    path("samples/<uuid:version_id>/", samples.sample, name="sample"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("urgent/", include("careplan_forms.urgent_urls")),
    path("my-plan/", include("careplan_forms.my_urls")),
]
