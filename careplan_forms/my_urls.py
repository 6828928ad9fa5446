"""Addresses of the person's own pages, under `my-plan/`."""

from django.urls import path

from careplan_forms.views import my_plan, reading_language

urlpatterns = [
    path("", my_plan.plans, name="my-plans"),
    path("<uuid:plan_id>/", my_plan.plan, name="my-plan"),
    path("<uuid:plan_id>/language/", reading_language.of_my_plan, name="my-plan-language"),
]
