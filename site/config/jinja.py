"""The Jinja2 environment every page of ours is drawn in."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, UndefinedError
from jinja2.utils import missing
from markupsafe import Markup

from core import date_format, form_rendering, forms, navigation, nhs_number


class NoticedUndefined(ChainableUndefined):
    """Refuses to be printed when it stands for a name the view forgot or an attribute an object lacks.

    The design system's macros lean on absent keys of their own parameter dicts, so those stay silent; that is
    why Jinja's StrictUndefined cannot be used.
    """

    def __str__(self) -> str:
        if self._undefined_obj is missing or not isinstance(self._undefined_obj, Mapping | ChainableUndefined):
            raise UndefinedError(self._undefined_message)
        return ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Any:
        if self._undefined_obj is missing:
            raise UndefinedError(self._undefined_message)
        return super().__iter__()


class PageEnvironment(Environment):
    """Gives each template its globals as a plain dictionary: a page looks through them at every include and import.

    So what is added to the environment after its first page reaches no template; ours is furnished before.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def environment(undefined: Any = None, **options: Any) -> Environment:
    """Autoescaping environment with the design system's macros and the few functions a page may call."""
    # Django hands in an `undefined` of its own, with which the macros cannot work.
    options["undefined"] = ChainableUndefined
    return _furnished(**options)


def strict_environment(undefined: Any = None, **options: Any) -> Environment:
    """The same for tests: a name the view forgot is an error, not an empty space."""
    options["undefined"] = NoticedUndefined
    return _furnished(**options)


def _furnished(**options: Any) -> Environment:
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    options["extensions"] = [*options.get("extensions", ()), "wagtail.jinja2tags.core"]
    env = PageEnvironment(**options, trim_blocks=True, lstrip_blocks=True)
    env.globals.update(
        chrome=navigation.chrome,
        demo_banner=_demo_banner(),
        drawn_once=drawn_once,
        error_summary=forms.error_summary,
        form_field=form_rendering.render,
        service_name=settings.SERVICE_NAME,
        session_idle_seconds=settings.SESSION_IDLE_SECONDS,
        session_absolute_seconds=settings.SESSION_ABSOLUTE_SECONDS,
        static=static,
        support_phone=getattr(settings, "SUPPORT_PHONE", ""),
        url=reverse,
        url_if_any=navigation.url_if_any,
    )
    env.filters.update(
        clock_time=date_format.clock_time,
        long_date=date_format.long_date,
        long_moment=date_format.long_moment,
        nhs_number=nhs_number.spaced,
        own_words=own_words,
        staff_date=date_format.staff_date,
        staff_moment=date_format.staff_moment,
    )
    return env


@lru_cache(maxsize=256, typed=True)
def drawn_once(component: Callable[[dict[str, Any]], Markup], **params: Hashable) -> Markup:
    """What a component of the design system draws of these words, kept: for words of ours, never a person's."""
    return component(params)


def one_csrf_input(request: HttpRequest) -> dict[str, Any]:
    """The hidden field of forms, made when a page first draws it: all forms of one page carry the same mask."""
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}


def own_words(text: str) -> Markup:
    """What a person wrote, line by line. Breaks become elements because macros indent what they are given."""
    lines = Markup("<br>").join(str(text).splitlines())
    return Markup('<span class="fw-words">{}</span>').format(lines)


def _demo_banner() -> str:
    """What stands above every page of a practice world; demo settings may word it with DEMO_BANNER."""
    if not getattr(settings, "DEMO", False):
        return ""
    words = "Practice data. Everybody here is made up. Do not enter details of a real person."
    return str(getattr(settings, "DEMO_BANNER", words))
