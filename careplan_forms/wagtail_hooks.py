"""The form designer's place in the Wagtail administration."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet

from careplan_forms import design_permissions
from careplan_forms.models import FormDefinition, FormSection, ValueSet
from careplan_forms.views import (
    designing,
    form_editors,
    form_exchange,
    form_history,
    form_items,
    form_papers,
    form_tests,
    item_moving,
    languages,
    migrations,
    previews,
    sign_off,
    value_set_exchange,
    value_sets,
    word_files,
)
from careplan_forms.viewsets import DesignGroup
from governance.enums import ADMIN_ROLES, RoleKey
from workflows.shut_doors import SHUT_BUTTONS

register_snippet(DesignGroup)

#: Menus that hold nothing for those who shape and sign off forms.
_IDLE_MENUS = frozenset({"help", "reports"})
#: All that an editor by grant finds in the menu.
_DESIGNER = frozenset({"form-designer"})
_FORM_ROLES = frozenset({RoleKey.CLINICAL_LEAD, RoleKey.CLINICAL_SAFETY_OFFICER, RoleKey.IG_OFFICER})


@hooks.register("register_admin_urls")
def register_list_urls() -> list[URLPattern]:
    return [
        path("forms/<uuid:public_id>/languages/", languages.languages, name="forms_languages"),
        path("forms/<uuid:public_id>/languages/<str:language>/", word_files.words_file, name="forms_words_file"),
        path("forms/<uuid:public_id>/languages/<str:language>/words.csv", word_files.download, name="forms_words_csv"),
        path("forms/lists/bring/", value_set_exchange.bring, name="forms_value_set_bring"),
        path("forms/lists/bring/keep/", value_set_exchange.keep, name="forms_value_set_keep"),
        path("forms/lists/<slug:key>/use/", value_sets.use, name="forms_value_set_use"),
    ]


@hooks.register("register_admin_urls")
def register_draft_urls() -> list[URLPattern]:
    return [
        path("forms/<uuid:public_id>/drafts/", form_history.drafts, name="forms_drafts"),
        path("forms/<uuid:public_id>/drafts/<int:revision>/", form_history.draft, name="forms_draft"),
        path("forms/<uuid:public_id>/drafts/version/<int:number>/", form_history.version, name="forms_draft_version"),
        path("forms/<uuid:public_id>/drafts/present.json", form_history.document, name="forms_draft_document"),
        path("forms/<uuid:public_id>/drafts/throw-away/", form_history.throw_away, name="forms_throw_away"),
    ]


@hooks.register("register_admin_urls")
def register_paper_urls() -> list[URLPattern]:
    return [
        path("forms/<uuid:public_id>/paper/<str:number>/", form_papers.blank, name="forms_blank"),
        path("forms/<uuid:public_id>/paper/pdf/<uuid:run_id>/", form_papers.blank_pdf, name="forms_blank_pdf"),
        path("forms/<uuid:public_id>/dictionary/<str:number>/", form_papers.dictionary, name="forms_dictionary"),
    ]


@hooks.register("register_admin_urls")
def register_item_urls() -> list[URLPattern]:
    return [
        path("forms/<uuid:public_id>/items/", form_items.items, name="forms_items"),
        path("forms/<uuid:public_id>/move/", item_moving.move, name="forms_move"),
        path("forms/<uuid:public_id>/comments/", form_items.comments, name="forms_comments"),
        path("forms/<uuid:public_id>/library/<int:section_id>/", form_items.take_over, name="forms_take_over"),
        path("forms/sections/uses/<int:section_id>/", form_items.section_uses, name="forms_section_uses"),
    ]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [
        path("forms/in-words/", designing.in_words, name="forms_in_words"),
        path("forms/sign-off/", sign_off.waiting, name="forms_sign_off"),
        path("forms/candidates/<uuid:public_id>/", sign_off.candidate, name="forms_candidate"),
        path("forms/candidates/<uuid:public_id>/form/", sign_off.candidate_form, name="forms_candidate_form"),
        path("forms/migrations/", migrations.migrations_list, name="forms_migrations"),
        path("forms/migrations/<uuid:public_id>/", migrations.migration, name="forms_migration"),
        path(
            "forms/migrations/<uuid:public_id>/questions/<str:uid>/",
            migrations.question,
            name="forms_migration_question",
        ),
        path("forms/migrations/<uuid:public_id>/try/", migrations.try_out, name="forms_migration_try"),
        path("forms/migrations/<uuid:public_id>/start/", migrations.start, name="forms_migration_start"),
        path("forms/migrations/<uuid:public_id>/cancel/", migrations.cancel, name="forms_migration_cancel"),
        path("forms/<uuid:public_id>/propose/", sign_off.propose, name="forms_propose"),
        path("forms/<uuid:public_id>/versions/", sign_off.versions, name="forms_versions"),
        path("forms/bring/", form_exchange.bring, name="forms_bring"),
        path("forms/bring/keep/", form_exchange.keep, name="forms_bring_keep"),
        path("forms/<uuid:public_id>/versions/<str:number>/<str:format>/", form_exchange.export, name="forms_export"),
        path("forms/<uuid:public_id>/preview/", previews.preview, name="forms_preview"),
        path("forms/<uuid:public_id>/tests/", form_tests.tests, name="forms_tests"),
        path("forms/<uuid:public_id>/tests/form.json", form_tests.export, name="forms_tests_export"),
        path("forms/<uuid:public_id>/tests/<uuid:case_id>/", form_tests.test, name="forms_test"),
        path("forms/<uuid:public_id>/tests/<uuid:case_id>/delete/", form_tests.delete, name="forms_test_delete"),
        path("forms/<uuid:public_id>/editors/", form_editors.editors, name="forms_editors"),
        path("forms/<uuid:public_id>/editors/<uuid:editor_id>/end/", form_editors.end, name="forms_editor_end"),
    ]


class SignOffMenuItem(MenuItem):
    """Shown to whoever may sign forms off, and to the leads who send them."""

    def is_shown(self, request: HttpRequest) -> bool:
        actor = request.actor  # type: ignore[attr-defined]
        return design_permissions.user_can_sign_off(actor) or design_permissions.user_can_shape_all(actor)


@hooks.register("register_admin_menu_item")
def register_sign_off() -> MenuItem:
    return SignOffMenuItem(
        "Form sign-off", reverse("forms_sign_off"), name="sign-off", icon_name="circle-check", order=160
    )


class BringMenuItem(MenuItem):
    """Shown to whoever may make a new form."""

    def is_shown(self, request: HttpRequest) -> bool:
        return design_permissions.user_can_shape_all(request.actor)  # type: ignore[attr-defined]


@hooks.register("register_admin_menu_item")
def register_bringing() -> MenuItem:
    return BringMenuItem("Bring a form in", reverse("forms_bring"), name="bring-form", icon_name="download", order=155)


class MigrationsMenuItem(MenuItem):
    """Shown to clinical leads."""

    def is_shown(self, request: HttpRequest) -> bool:
        return design_permissions.user_can_shape_all(request.actor)  # type: ignore[attr-defined]


@hooks.register("register_admin_menu_item")
def register_migrations() -> MenuItem:
    where = reverse("forms_migrations")
    return MigrationsMenuItem("Earlier versions", where, name="form-migrations", icon_name="rotate", order=165)


@hooks.register("construct_main_menu")
def leave_out_idle_menus(request: HttpRequest, menu_items: list[Any]) -> None:
    role = request.actor.role  # type: ignore[attr-defined]
    if role in _FORM_ROLES:
        menu_items[:] = [item for item in menu_items if item.name not in _IDLE_MENUS]
    elif role not in ADMIN_ROLES:
        menu_items[:] = [item for item in menu_items if item.name in _DESIGNER]


class ProposeMenuItem(ActionMenuItem):
    """Leads from a saved form to the page that sends it for sign-off."""

    name = "action-propose"
    label = "Send for sign-off"
    icon_name = "circle-check"
    order = 10

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and isinstance(context["instance"], FormDefinition)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("forms_propose", args=[parent_context["instance"].public_id])


@hooks.register("construct_snippet_action_menu")
def shut_publishing(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    if context["model"] not in (FormDefinition, FormSection, ValueSet):
        return
    menu_items[:] = [item for item in menu_items if item.name not in SHUT_BUTTONS]
    propose = ProposeMenuItem()
    if propose.is_shown(context):
        menu_items.append(propose)


@hooks.register("insert_global_admin_css")
def designer_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("careplan_forms/designer.css"))


@hooks.register("insert_editor_js")
def designer_script() -> SafeString:
    names = ("designer_rules", "designer_questions", "designer_rows", "designer")
    sources = [(static(f"careplan_forms/{name}.js"),) for name in names]
    return format_html_join("", '<script src="{}" defer></script>', sources)
