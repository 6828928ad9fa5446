from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Pages of information and e-learning."""

    name = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from content import tasks  # noqa: F401
        from content.editing import give_pages
        from content.models.review import watch
        from content.selectors import course_address
        from core import navigation
        from core.navigation import NavItem
        from governance.gate import lesson_links
        from governance.notices import Topic, topics
        from governance.services.groups import group_setups

        watch()
        topics.add("page.review", Topic("Pages and their review", "There is news of the review of a page."))
        lesson_links.add("content", course_address)
        group_setups.add("content", give_pages)
        navigation.menu.add("learning", NavItem("Learning", "content:my-learning", order=80))
