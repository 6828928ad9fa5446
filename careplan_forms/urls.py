"""Addresses of careplan_forms."""

from django.urls import URLPattern, URLResolver

app_name = "careplan_forms"
urlpatterns: list[URLPattern | URLResolver] = []
