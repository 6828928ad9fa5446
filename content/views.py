"""My learning, the quiz, certificates and the cookie choice. Pages themselves are Wagtail's."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from content import selectors
from content.exceptions import TooManyAttempts
from content.forms import CertificateForm, CookieForm, QuizForm
from content.services import learning
from core import remembered_address
from governance.http import ActorRequest


@login_required
@require_GET
def my_learning(request: ActorRequest) -> HttpResponse:
    """What to do next, what is done."""
    progress = [selectors.progress_of(viewer=request.actor, course=course) for course in selectors.courses()]
    return render(request, "content/my_learning.jinja", {"progress": progress})


@login_required
@require_POST
def finish_lesson(request: ActorRequest, pk: int) -> HttpResponse:
    """Mark the lesson as read and go on to the next, or to the quiz."""
    lesson = selectors.lesson(request.actor, pk)
    learning.mark_read(by=request.actor, lesson=lesson)
    course = lesson.get_parent().specific
    following = selectors.progress_of(viewer=request.actor, course=course).next_lesson
    return redirect(following.url) if following else redirect("content:quiz", key=course.key)


@login_required
@require_http_methods(["GET", "POST"])
def quiz(request: ActorRequest, key: str) -> HttpResponse:
    """The quiz of a course; no time limit."""
    course = selectors.course(key)
    form = QuizForm(course, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"course": course, "form": form, "stopped": ""}
    if form.is_bound and form.is_valid():
        try:
            attempt = learning.take_quiz(by=request.actor, course=course, answers=form.cleaned_data)
        except TooManyAttempts as error:
            return render(request, "content/quiz.jinja", context | {"stopped": error.message})
        return redirect("content:result", public_id=attempt.public_id)
    return render(request, "content/quiz.jinja", context)


@login_required
@require_GET
def result(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Score, feedback for each answer, and the certificate after a pass."""
    attempt = selectors.attempt(viewer=request.actor, public_id=public_id)
    course = selectors.course(attempt.course_key)
    return render(request, "content/result.jinja", {"attempt": attempt, "course": course})


@require_http_methods(["GET", "POST"])
def verify_certificate(request: ActorRequest) -> HttpResponse:
    """Is this code genuine? Says the course and the day, never whose it is."""
    form = CertificateForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "asked": False, "found": None}
    if form.is_bound and form.is_valid():
        context |= {"asked": True, "found": selectors.certificate(form.cleaned_data["code"])}
    return render(request, "content/certificate.jinja", context)


@require_http_methods(["GET", "POST"])
def cookies(request: ActorRequest) -> HttpResponse:
    """Which cookies there are, and the one that is a choice; it can be changed here at any time."""
    chosen = remembered_address.choice(request)
    form = CookieForm(request.POST if request.method == "POST" else None, initial={"remember": chosen})
    if form.is_bound and form.is_valid():
        response = redirect("cookies")
        remembered_address.choose(response, form.cleaned_data["remember"] == "yes")
        return response
    return render(request, "content/cookies.jinja", {"form": form, "chosen": chosen})
