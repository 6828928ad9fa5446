"""Addresses of one's own notices, below `/notices/`."""

from django.urls import path

from governance.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.own, name="list"),
    path("read/", notices.read_all, name="read_all"),
    path("<uuid:notice>/", notices.open_notice, name="open"),
]
