"""Addresses for machines: the token. The API itself is mounted by `config.urls`, which its own namespace needs."""

from django.urls import URLPattern, URLResolver, path
from oauth2_provider.views import TokenView

app_name = "interop"
urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token/", TokenView.as_view(), name="token"),
]
