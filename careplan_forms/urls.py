"""Addresses of careplan_forms."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "careplan_forms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("urgent/", include("careplan_forms.urgent_urls")),
]
