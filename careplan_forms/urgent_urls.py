"""Addresses of emergency reading, under `urgent/`."""

from django.urls import path

from careplan_forms.views import plan_files, urgent_care

urlpatterns = [
    path("", urgent_care.search, name="emergency-search"),
    path("<uuid:plan_id>/", urgent_care.read, name="emergency-read"),
    path("<uuid:plan_id>/reason/", urgent_care.reason, name="emergency-reason"),
    path("<uuid:plan_id>/access-code/", urgent_care.access_code, name="emergency-access-code"),
    path("<uuid:plan_id>/paper/", urgent_care.paper, name="emergency-paper"),
    path("<uuid:plan_id>/pdf/", urgent_care.request_pdf, name="emergency-request-pdf"),
    path("papers/<uuid:run_id>/", urgent_care.pdf, name="emergency-pdf"),
    path("<uuid:plan_id>/full/", urgent_care.full, name="emergency-full"),
    path("<uuid:plan_id>/files/<uuid:file_id>/", plan_files.emergency_file, name="emergency-file"),
]
