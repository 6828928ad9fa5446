"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, path

from reporting import views

app_name = "reporting"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.library, name="library"),
    path("<slug:key>/", views.report, name="report"),
    path("papers/<uuid:run_id>/", views.pdf, name="pdf"),
    path("<slug:key>/pdf/", views.request_pdf, name="request-pdf"),
    path("<slug:key>/csv/", views.download, name="csv"),
]
