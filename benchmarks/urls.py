"""The addresses of the service and one empty page: the limit of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from config import urls as product


def empty(request: HttpRequest) -> HttpResponse:
    """The frame with nothing in it."""
    return render(request, "base.jinja")


handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500
urlpatterns = [path("empty/", empty), path("", include("config.urls"))]
