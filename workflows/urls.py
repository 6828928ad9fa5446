"""Addresses of workflows, below /tasks/."""

from django.urls import URLPattern, URLResolver, path

from workflows.views import assigning, away, cases, flow_files, flows, inbox, migrations, saved_views, together, trying

app_name = "workflows"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("views/new/", saved_views.new, name="view_new"),
    path("views/<uuid:view_id>/", saved_views.change, name="view"),
    path("views/<uuid:view_id>/delete/", saved_views.delete, name="view_delete"),
    path("away/", away.away, name="away"),
    path("away/new/", away.new, name="away_new"),
    path("away/<uuid:delegation_id>/end/", away.end, name="away_end"),
    path("team/", assigning.team, name="team"),
    path("together/", together.decide, name="together"),
    path("<uuid:task_id>/assign/", assigning.assign, name="assign"),
    path("<uuid:task_id>/claim/", inbox.claim, name="claim"),
    path("<uuid:task_id>/release/", inbox.release, name="release"),
    path("cases/<uuid:case_id>/<slug:transition>/", cases.decide, name="decide"),
    path("flows/", flows.register, name="flows"),
    path("which-flow/", flows.routing, name="routing"),
    path("bring-flow/", flow_files.bring, name="bring"),
    path("flows/<slug:key>/", flows.flow, name="flow"),
    path("flows/<slug:key>/<int:number>/", flows.version, name="version"),
    path("flows/<slug:key>/<int:number>/flow.json", flow_files.export, name="flow_file"),
    path("flows/<slug:key>/<int:number>/activate/", flows.activate, name="activate"),
    path("flows/<slug:key>/<int:number>/move/", migrations.propose, name="propose_migration"),
    path("flows/<slug:key>/<int:number>/try/", trying.scenarios, name="scenarios"),
    path("flows/<slug:key>/replay/", trying.replay, name="replay"),
    path("flows/<slug:key>/cases/", migrations.moves, name="moves"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/", migrations.migration, name="migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/count/", migrations.count, name="count_migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/ask/", migrations.ask, name="ask_migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/confirm/", migrations.confirm, name="confirm_migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/send-back/", migrations.send_back, name="send_back_migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/go-on/", migrations.go_on, name="go_on_migration"),
    path("flows/<slug:key>/cases/<uuid:migration_id>/cancel/", migrations.cancel, name="cancel_migration"),
]
