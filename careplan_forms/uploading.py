"""Files that came with a section's page: each is judged and kept, and stands in the page's text from then on.

So an upload survives whatever else was wrong on the page, as typed text does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from careplan_forms.models import CarePlan
from careplan_forms.schema.compiled import CompiledItem, answerables
from careplan_forms.schema.compiler import CompiledForm
from careplan_forms.schema.items.attachment import is_file, kinds_in_words, most_of, written
from careplan_forms.schema.items.file_kinds import largest_of, size_in_words
from careplan_forms.schema.names import join, place
from careplan_forms.schema.parsing import instances, problem_of, raw_of
from careplan_forms.schema.problems import Fault, Problem
from careplan_forms.selectors.plan_files import known_to
from careplan_forms.services import plan_files
from core import clock
from core.uploads import Refusal, shown_name
from governance.actors import Actor

Path = tuple[str, ...]


def read_page(
    request: HttpRequest, plan: CarePlan, form: CompiledForm, section: str, before: Mapping[str, Any]
) -> tuple[QueryDict, dict[str, Any], list[Problem]]:
    """A posted page as if its files had always stood in it, its answers, and what is wrong with them and with files
    that are not kept. `before` are the answers as they stood.
    """
    data, problems = request.POST.copy(), []
    by: Actor = request.actor  # type: ignore[attr-defined]
    for item, path in _questions(form, section, data):
        name = place(item.name, path)
        faults = _without_strangers(plan, item, data, join(name, "file"))
        faults += _added(by, plan, item, data, name, request.FILES.getlist(join(name, "upload")))
        problems += [problem_of(item, fault, path, raw_of(item, data, path)) for fault in faults[:1]]
    answers, wrong = form.parse_section(section, data, before)
    return data, answers, problems + wrong


def _questions(form: CompiledForm, section: str, data: QueryDict) -> Iterator[tuple[CompiledItem, Path]]:
    """The questions for files that were on the page, in every entry they stood in."""

    def inside(items: Sequence[CompiledItem], path: Path) -> Iterator[tuple[CompiledItem, Path]]:
        for item in items:
            if item.item.read_only:
                continue
            if item.is_repeat:
                for instance in instances(data, place(item.name, path)):
                    yield from inside(list(answerables(item.children)), (*path, instance))
            elif item.type == "attachment":
                yield item, path

    yield from inside(list(form.asked(section)), ())


def _without_strangers(plan: CarePlan, item: CompiledItem, data: QueryDict, name: str) -> list[Fault]:
    """Take out files that were deleted since the page was opened, or never were this plan's."""
    texts = data.getlist(name)
    if not texts:
        return []
    named = {text: _id_of(text) for text in texts}
    known = known_to(plan, [each for each in named.values() if each])
    kept = [text for text in texts if named[text] in known]
    data.setlist(name, kept)
    return [item.field.fault("attachment.gone", part="upload")] if len(kept) < len(texts) else []


def _id_of(text: Any) -> str:
    """The id a file's text names; empty when it names none."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return ""
    return value["id"] if is_file(value) else ""


def _added(
    by: Actor, plan: CarePlan, item: CompiledItem, data: QueryDict, name: str, files: Sequence[UploadedFile]
) -> list[Fault]:
    """Keep the files chosen; what was wrong with the others."""
    most, own = most_of(item.item), join(name, "file")
    if len(files) > most:
        return [item.field.fault("attachment.many", part="upload", most=most)]
    faults = []
    for file in files:
        try:
            text = written(_one(by, plan, item, file))
        except Refusal as refusal:
            faults.append(_said(item, refusal.code, str(file.name or "")))
            continue
        if text not in data.getlist(own):
            data.appendlist(own, text)
    return faults


def _one(by: Actor, plan: CarePlan, item: CompiledItem, file: UploadedFile) -> dict[str, Any]:
    if (file.size or 0) > largest_of(item.item):
        raise Refusal("large")
    return plan_files.add_file(
        by=by, plan=plan, uid=item.uid, name=str(file.name or ""), content=file.read(), now=clock.now()
    )


def _said(item: CompiledItem, code: str, name: str) -> Fault:
    """Why a file is not kept, naming it as its owner did, without what could disguise it."""
    size, kinds = size_in_words(largest_of(item.item)), kinds_in_words(item.field)
    return item.field.fault(f"attachment.{code}", part="upload", name=shown_name(name), size=size, kinds=kinds)
