"""Addresses of workflows, below /tasks/."""

from django.urls import URLPattern, URLResolver, path

from workflows.views import cases, flow_files, flows, inbox

app_name = "workflows"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("<uuid:task_id>/claim/", inbox.claim, name="claim"),
    path("<uuid:task_id>/release/", inbox.release, name="release"),
    path("cases/<uuid:case_id>/<slug:transition>/", cases.decide, name="decide"),
    path("flows/", flows.register, name="flows"),
    path("bring-flow/", flow_files.bring, name="bring"),
    path("flows/<slug:key>/", flows.flow, name="flow"),
    path("flows/<slug:key>/<int:number>/", flows.version, name="version"),
    path("flows/<slug:key>/<int:number>/flow.json", flow_files.export, name="flow_file"),
    path("flows/<slug:key>/<int:number>/activate/", flows.activate, name="activate"),
]
