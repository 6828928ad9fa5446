from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Pages of information and e-learning."""

    name = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from content.editing import give_pages
        from content.selectors import course_address
        from core import navigation
        from core.navigation import NavItem
        from governance.gate import lesson_links
        from governance.services.groups import group_setups

        lesson_links.add("content", course_address)
        group_setups.add("content", give_pages)
        navigation.menu.add("learning", NavItem("Learning", "content:my-learning", order=80))
