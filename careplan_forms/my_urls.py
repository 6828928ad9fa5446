"""Addresses of the person's own pages, under `my-plan/`."""

from django.urls import path

from careplan_forms.views import my_plan, plan_files, reading_language

urlpatterns = [
    path("", my_plan.plans, name="my-plans"),
    path("<uuid:plan_id>/", my_plan.plan, name="my-plan"),
    path("<uuid:plan_id>/language/", reading_language.of_my_plan, name="my-plan-language"),
    path("<uuid:plan_id>/files/<uuid:file_id>/", plan_files.my_plan_file, name="my-plan-file"),
]
