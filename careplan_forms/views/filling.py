"""Filling a plan: the task list, one page a section, clashes. All of it without scripts."""

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from careplan_forms import old_form, permissions, uploading
from careplan_forms.forms.typed import typed_from
from careplan_forms.models import CarePlan, PlanDraft
from careplan_forms.presenters.in_language import choices_of, on_english_page, section_words
from careplan_forms.presenters.plans import around, clash_rows, task_groups
from careplan_forms.presenters.section_page import (
    SectionPage,
    blank_page,
    differs,
    page_after_post,
    page_with_kept_text,
)
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.languages import direction
from careplan_forms.selectors import audience, migrations
from careplan_forms.selectors import plans as selectors
from careplan_forms.selectors import withholding as withheld
from careplan_forms.services import drafts, reading
from careplan_forms.views.reading_language import BUTTON, choose_language, chosen_language
from core import clock
from core.date_format import clock_time
from core.exceptions import Absent, Refused
from governance.enums import Action
from governance.http import ActorRequest


@never_cache
@require_GET
def tasks(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """What is done and what is left."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="tasks", action=Action.PLAN_WRITE)
    if migrations.must_look_first(viewer=request.actor, plan=plan, today=clock.today()):
        return redirect("careplan_forms:plan-form-change", plan_id=plan_id)
    form = audience.form_for_work(request.actor, plan, chosen_language(request))
    merged = selectors.working_view(plan, request.actor)
    groups = task_groups(plan, form, merged)
    every = [task for group in groups for task in group["tasks"]]
    context = around(plan, clock.today()) | {
        "groups": groups,
        "kind": on_english_page(form.title, form.language),
        "languages": choices_of(form),
        "move": migrations.waiting_move(viewer=request.actor, plan=plan, today=clock.today()),
        "done": sum(task["state"] == "completed" for task in every),
        "total": len(every),
        "clashes": len(merged.clashes.keys() & form.editable),
        "consent": permissions.newest_consent(plan.patient),
    }
    return render(request, "careplan_forms/plans/tasks.jinja", context)


@never_cache
@require_http_methods(["GET", "POST"])
def section(request: ActorRequest, plan_id: UUID, section: str) -> HttpResponse:
    """One section: its questions as they stand, or what was typed and not saved."""
    if request.method == "POST":
        return _posted(request, plan_id, section)
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page=section, action=Action.PLAN_WRITE)
    saved = selectors.open_drafts(plan)
    kept = selectors.unsaved_of(saved, request.actor, section)
    # Text that was typed and not saved is put away first, on the page it was typed on.
    if not kept and migrations.must_look_first(viewer=request.actor, plan=plan, today=clock.today()):
        return redirect("careplan_forms:plan-form-change", plan_id=plan_id)
    form = _form(request, plan, section)
    merged = selectors.working_view(plan, request.actor, saved)
    page = (
        page_with_kept_text(form, section, merged, kept, request.actor) if kept else blank_page(form, section, merged)
    )
    return _page(request, plan, form, page, saved)


def _posted(request: ActorRequest, plan_id: UUID, section: str) -> HttpResponse:
    if not request.actor.is_signed_in:
        return _after_session(request, plan_id, section)
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    shown = _shown(request)
    old_form.check_page_is_of(plan, section, request.POST, shown)
    form = _form(request, plan, section)
    before = selectors.open_drafts(plan)
    merged = selectors.working_view(plan, request.actor, before)
    data, answers, problems = uploading.read_page(request, plan, form, section, merged.answers)
    pressed = form.apply_action(data, merged.answers | answers)
    turned = BUTTON in data
    if problems or pressed is not None or (turned and differs(form, answers, shown)):
        _keep_page(request, plan, section, shown, data)
    if turned:
        choose_language(request, form)
        return redirect("careplan_forms:plan-section", plan_id=plan_id, section=section)
    if problems or pressed is not None:
        page = page_after_post(section, merged, answers, problems, pressed, shown)
        return _page(request, plan, form, page, before)
    saved = drafts.save_section(
        by=request.actor, plan=plan, section=section, answers=answers, shown=shown, now=clock.now()
    )
    return _after_save(request, plan, form, section, saved)


def _keep_page(request: ActorRequest, plan: CarePlan, section: str, shown: dict[str, str], data: QueryDict) -> None:
    """Keep the whole page (`data`) as it was sent, its files named in it, for its author alone."""
    typed = typed_from(data)
    now = clock.now()
    drafts.keep_unsaved(by=request.actor, plan=plan, section=section, typed=typed, whole=True, shown=shown, now=now)


def _after_save(
    request: ActorRequest, plan: CarePlan, form: CompiledForm, section: str, saved: drafts.Saved
) -> HttpResponse:
    if saved.clashes:
        messages.warning(request, "Somebody else answered the same question. Both answers are kept: choose one.")
        return redirect("careplan_forms:plan-clashes", plan_id=plan.public_id)
    title = form.section(section).title
    messages.success(request, f"{title}: saved at {clock_time(clock.now())}.")
    keys = [each.key for each in form.sections]
    following = keys[keys.index(section) + 1 :]
    if request.POST.get("_then") == "next" and following:
        return redirect("careplan_forms:plan-section", plan_id=plan.public_id, section=following[0])
    return redirect("careplan_forms:plan-tasks", plan_id=plan.public_id)


def _after_session(request: ActorRequest, plan_id: UUID, section: str) -> HttpResponse:
    """The session ended while somebody was typing: their text is kept for them, and they are asked to sign
    in.
    """
    kept = drafts.keep_after_session(
        token=request.POST.get("_page", ""),
        plan_id=str(plan_id),
        section=section,
        typed=typed_from(request.POST),
        shown=_shown(request),
        now=clock.now(),
    )
    if kept:
        lost = " Choose your file again: it is not kept." if request.FILES else ""
        messages.info(request, f"You were signed out. What you typed is kept: sign in to go on with it.{lost}")
    return redirect_to_login(request.path)


@require_POST
def keep(request: ActorRequest, plan_id: UUID, section: str) -> HttpResponse:
    """Keep what is being typed, for its author alone; called by a script when a field is left."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    _form(request, plan, section)
    now = clock.now()
    drafts.keep_unsaved(
        by=request.actor,
        plan=plan,
        section=section,
        typed=typed_from(request.POST, request.POST.getlist("_fields")),
        whole=False,
        opened=request.GET.get("opened", "")[:40],
        now=now,
    )
    return JsonResponse({"message": f"Kept for you at {clock_time(now)}. Select save for others to see it."})


@require_POST
def discard(request: ActorRequest, plan_id: UUID, section: str) -> HttpResponse:
    """Forget what was typed and not saved."""
    plan = selectors.get(viewer=request.actor, public_id=plan_id, action=Action.PLAN_WRITE)
    _form(request, plan, section)
    drafts.discard_unsaved(by=request.actor, plan=plan, section=section, now=clock.now())
    return redirect("careplan_forms:plan-section", plan_id=plan_id, section=section)


@never_cache
@require_http_methods(["GET", "POST"])
def clashes(request: ActorRequest, plan_id: UUID) -> HttpResponse:
    """Questions two people answered differently: both answers, and which one goes on."""
    plan = reading.read_plan(by=request.actor, public_id=plan_id, page="clashes", action=Action.PLAN_WRITE)
    form = audience.form_for_work(request.actor, plan)
    error = ""
    if request.method == "POST":
        uid, chosen = request.POST.get("uid", ""), request.POST.get("chosen")
        if chosen is None:
            error = "Select which answer goes on"
        else:
            try:
                drafts.settle_clash(by=request.actor, plan=plan, uid=uid, chosen=chosen, now=clock.now())
                return redirect("careplan_forms:plan-clashes", plan_id=plan_id)
            except Refused as refusal:
                error = refusal.message
    merged = selectors.working_view(plan, request.actor)
    authors = [one.author for uid, group in merged.clashes.items() if uid in form.editable for one in group]
    rows = clash_rows(form, merged, selectors.names_of(authors))
    if not rows and not error:
        return redirect("careplan_forms:plan-tasks", plan_id=plan_id)
    context = around(plan, clock.today()) | {"rows": rows, "error": error, "has_errors": bool(error)}
    return render(request, "careplan_forms/plans/clashes.jinja", context)


def _page(
    request: ActorRequest, plan: CarePlan, form: CompiledForm, page: SectionPage, saved: list[PlanDraft]
) -> HttpResponse:
    key = page.section
    uids = {item.uid for item in form.asked(key)}
    notes = withheld.notes(viewer=request.actor, plan=plan, today=clock.today())
    context = around(plan, clock.today()) | {
        "section": form.section(key),
        "words": section_words(form, key),
        "languages": choices_of(form),
        "drawn_in": {"language": form.language, "direction": direction(form.language)},
        "fields": page.html(form, plan),
        "problems": page.problems,
        "error_box": form.error_summary(page.problems),
        "has_errors": bool(page.problems),
        "base": json.dumps(page.shown, separators=(",", ":")),
        "form_mark": old_form.mark_of(form),
        "page_token": drafts.page_token(by=request.actor, plan=plan, section=key),
        "opened": clock.now().isoformat(),
        "takes_files": key in form.taking_files,
        "kept_at": page.kept_at,
        "withheld": [(form.items[uid], said) for uid, said in notes.items() if uid in uids],
        "others": selectors.latest_save_by_others(saved, request.actor, uids),
        "is_last": form.sections[-1].key == key,
    }
    return render(request, "careplan_forms/plans/section.jinja", context)


def _form(request: ActorRequest, plan: CarePlan, section: str) -> CompiledForm:
    form = audience.form_for_work(request.actor, plan, chosen_language(request))
    if section not in {each.key for each in form.sections}:
        raise Absent
    return form


def _shown(request: ActorRequest) -> dict[str, str]:
    """The fingerprints of what stood on the page; of a broken field nothing, so that the present view counts."""
    try:
        found = json.loads(request.POST.get("_base", "{}"))
    except ValueError:
        return {}
    return {str(uid): str(mark) for uid, mark in found.items()} if isinstance(found, dict) else {}
