"""The product's addresses and an empty page drawn for whoever is signed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from config.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    """The shell alone: session, account, actor, header and footer."""
    return render(request, "benchmarks/empty.jinja")


urlpatterns: list[Any] = [path("benchmarks/empty/", empty), *product]
