"""Ways back that several pages share."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse


def to_inbox(request: HttpRequest) -> HttpResponse:
    """The inbox as it was narrowed when the form was sent: only its filters come back, never another address."""
    query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
    return redirect(f"{reverse('workflows:inbox')}{'?' if query else ''}{query}")
