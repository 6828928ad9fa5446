"""Addresses of workflows, below /tasks/."""

from django.urls import URLPattern, URLResolver, path

from workflows.views import cases, flows, inbox

app_name = "workflows"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("<uuid:task_id>/claim/", inbox.claim, name="claim"),
    path("<uuid:task_id>/release/", inbox.release, name="release"),
    path("cases/<uuid:case_id>/<slug:transition>/", cases.decide, name="decide"),
    path("flows/", flows.register, name="flows"),
    path("flows/<slug:key>/", flows.flow, name="flow"),
    path("flows/<slug:key>/<int:number>/", flows.version, name="version"),
    path("flows/<slug:key>/<int:number>/activate/", flows.activate, name="activate"),
]
