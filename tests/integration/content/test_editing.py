"""Content editors in the administration: every kind of page from empty to published, and nothing beside pages."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.models import CoursePage, HomePage, InformationPage, LessonPage
from content.seeds.course import COURSE
from content.services.seeding import seed_content
from governance.actors import Actor
from governance.models import TrainingRequirement
from governance.services import groups
from tests.factories import governance as make
from tests.worlds import shared

pytestmark = pytest.mark.django_db
JOB = Actor.job("test")


@shared
def home():
    return seed_content(by=JOB)


def enters(role):
    """The browser of somebody new in an administration role, at the host."""
    actor = make.staff(make.organisation(care_setting="host", agreement="none"), role)
    return make.admin_client_of(actor)


@shared
def editor(home):
    return enters("content_editor")


@shared
def second(home):
    return enters("content_editor")


def furniture(slug, **fields):
    """What every page form holds beside its own fields."""
    return {"slug": slug, "seo_title": "", "search_description": "", "comments": _no_comments()} | fields


def _no_comments():
    return {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": ""}


def body(text):
    return streamfield([("heading", "Before you visit"), ("text", rich_text(f"<p>{text}</p>"))])


def answers(*options):
    """The answers of a quiz question: (words, whether right)."""
    rows = {}
    for number, (words, right) in enumerate(options):
        value = {"text": words, "feedback": ""} | ({"correct": "on"} if right else {})
        rows[str(number)] = {"deleted": "", "order": str(number), "type": "item", "value": value}
    return rows | {"count": str(len(options))}


def information(**changes):
    fields = {"title": "Visiting hours", "intro": "When to come", "body": body("Come by day.")}
    return nested_form_data(furniture("visiting", **(fields | changes)))


def course(*options, **changes):
    quiz = streamfield([("question", {"text": "When is the door open?", "answers": answers(*options)})])
    fields = {"title": "Visiting", "intro": "", "key": "visiting", "version": "1", "minutes": "5"}
    fields |= {"pass_mark": "80", "most_attempts": "3", "quiz": quiz}
    return nested_form_data(furniture("visiting-course", **(fields | changes)))


def add(client, kind, parent, form):
    """Save a new page as a draft; the answer."""
    where = reverse("wagtailadmin_pages:add", args=["content", kind, parent.pk])
    assert client.get(where).status_code == 200
    return client.post(where, form)


def edit(client, page, form, **action):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | action)


PUBLISH = {"action-publish": "Publish"}
SUBMIT = {"action-submit": "Submit"}


def approve(client, page):
    """A second person's yes to the page as it was submitted."""
    state = page.specific.current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))


def test_an_information_page_is_drafted_previewed_published_and_changed(editor, second, home, client):
    assert add(editor, "informationpage", home, information()).status_code == 302
    page = InformationPage.objects.get(slug="visiting")
    assert not page.live and client.get("/visiting/").status_code == 404
    where = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(where, information(title="Visiting times")).json()["is_valid"]
    preview = editor.get(where)
    assert preview.status_code == 200 and "Visiting times" in preview.content.decode()
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert edit(editor, page, information(), **SUBMIT).status_code == 302
    assert client.get("/visiting/").status_code == 404
    assert approve(second, page).status_code == 302
    shown = client.get("/visiting/")
    assert shown.status_code == 200 and "Come by day." in shown.content.decode()
    assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]
    edit(editor, page, information(intro="When to come by"), **SUBMIT)
    assert "When to come by" not in client.get("/visiting/").content.decode()
    approve(second, page)
    assert "When to come by" in client.get("/visiting/").content.decode()


def test_a_course_its_lesson_and_its_quiz_are_published_and_taken(editor, second, home, nurse):
    add(editor, "coursepage", home, course(("By day", True), ("By night", False)) | SUBMIT)
    made = CoursePage.objects.get(key="visiting")
    lesson = furniture("the-door", title="The door", body=body("The door opens at nine."))
    add(editor, "lessonpage", made, nested_form_data(lesson) | SUBMIT)
    approve(second, made)
    approve(second, LessonPage.objects.get(slug="the-door"))
    learner = make.client_of(nurse)
    assert "The door opens at nine." in learner.get("/visiting-course/the-door/").content.decode()
    (question,) = made.quiz
    right = next(each.id for each in question.value["answers"].bound_blocks if each.value["correct"])
    result = learner.post(reverse("content:quiz", args=["visiting"]), {question.id: right}, follow=True)
    assert "You passed" in result.content.decode()


@pytest.mark.parametrize("options", [[("By day", True), ("By night", True)], [("By day", False), ("By night", False)]])
def test_a_question_without_exactly_one_right_answer_is_not_saved(editor, home, options):
    answer = add(editor, "coursepage", home, course(*options) | PUBLISH)
    assert answer.status_code == 200 and "Mark exactly one answer as correct" in answer.content.decode()
    assert not CoursePage.objects.filter(key="visiting").exists()


def test_pages_are_listed_and_unpublished_and_their_history_is_read(editor, home):
    assert editor.get("/admin/pages/").status_code in (200, 302)
    assert "Foreword" in editor.get(f"/admin/pages/{home.pk}/").content.decode()
    page = InformationPage.objects.get(slug="joining")
    assert editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk])).status_code == 302
    page.refresh_from_db()
    assert not page.live
    assert editor.get(reverse("wagtailadmin_pages:history", args=[page.pk])).status_code == 200


def test_a_page_with_pages_below_it_is_not_deleted(editor, home):
    editor.post(reverse("wagtailadmin_pages:delete", args=[home.pk]))
    assert HomePage.objects.filter(pk=home.pk).exists()
    assert LessonPage.objects.exists()


ELSEWHERE = [
    *("/admin/forms/definitions/", "/admin/forms/sections/", "/admin/forms/answers/", "/admin/forms/sign-off/"),
    *("/admin/areas/", "/admin/roles/", "/admin/job_titles/", "/admin/training_requirements/"),
    *("/admin/users/", "/admin/groups/", "/admin/sites/", "/admin/collections/", "/admin/redirects/"),
    *("/admin/images/", "/admin/documents/", "/admin/workflows/list/", "/admin/snippets/"),
    *("/tasks/flows/", "/organisations/", "/organisations/audit/", "/reports/", "/people/", "/worklist/", "/urgent/"),
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nothing_beside_pages_opens_to_a_content_editor(editor, path):
    for answer in (editor.get(path), editor.post(path, {})):
        shut = answer.status_code in (403, 404, 405) or answer.get("Location") == reverse("wagtailadmin_home")
        assert shut, f"{path}: {answer.status_code} {answer.get('Location')}"


@pytest.mark.parametrize("role", ["clinical_safety_officer", "ig_officer", "operator"])
def test_other_roles_of_the_administration_edit_no_page(home, role):
    client = enters(role)
    page = InformationPage.objects.get(slug="joining")
    assert edit(client, page, information(), **PUBLISH)["Location"] == reverse("wagtailadmin_home")
    page.refresh_from_db()
    assert page.title != "Visiting hours"


def test_permissions_given_by_hand_are_put_back_in_step(editor, home):
    group = Group.objects.get(name="Role: Operator")
    root = Page.get_first_root_node()
    GroupPagePermission.objects.create(group=group, page=root, permission_type="publish")
    groups.sync_roles(by=JOB)
    assert not GroupPagePermission.objects.filter(group=group).exists()
    kept = GroupPagePermission.objects.filter(group__name="Role: Content editor")
    assert sorted(kept.values_list("permission__codename", flat=True)) == [
        *("add_page", "change_page", "lock_page", "publish_page", "unlock_page"),
    ]


def test_a_form_that_lost_parts_on_its_way_is_answered_and_makes_no_page(editor, home):
    """A connection that broke, or a form somebody made up: the own form of the page says how many parts there are."""
    page = reverse("wagtailadmin_pages:add", args=["content", "informationpage", home.pk])
    before = Page.objects.count()
    answer = editor.post(page, furniture("cut-off", title="Cut off"))
    assert answer.status_code == 400
    assert "We could not read what your browser sent" in answer.content.decode()
    assert Page.objects.count() == before


def test_a_role_is_made_to_need_no_course_that_nobody_can_take(home):
    client = enters("ig_officer")
    needed = {"role": "clinician", "course_key": "no-such-course", "valid_months": "12", "grace_days": "14"}
    answer = client.post("/admin/training_requirements/new/", needed)
    assert "Enter the key of a published course" in answer.content.decode()
    needs = TrainingRequirement.objects.filter(role="clinician")
    assert not needs.filter(course_key="no-such-course").exists()
    needs.filter(course_key=COURSE["key"]).delete()
    assert client.post("/admin/training_requirements/new/", needed | {"course_key": COURSE["key"]}).status_code == 302
    assert needs.filter(course_key=COURSE["key"]).exists()
