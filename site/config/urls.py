"""Every address of the service. `/admin/login/` and its kin are shadowed: there is one login door."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from content import views as content_views
from core import views as core_views
from governance.identity.sessions import keep_alive
from interop.api.routes import api

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"

login_door = RedirectView.as_view(pattern_name="account_login", query_string=False)

urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path("admin/login/", login_door),
    path("admin/password_reset/", login_door),
    path("_util/login/", login_door),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("account/", include("allauth.urls")),
    path("account/session/", keep_alive, name="session_keep_alive"),
    path("organisations/", include("governance.urls")),
    path("notices/", include("governance.notice_urls")),
    path("tasks/", include("workflows.urls")),
    path("", include("careplan_forms.urls")),
    path("learning/", include("content.urls")),
    path("cookies/", content_views.cookies, name="cookies"),
    path("reports/", include("reporting.urls")),
    path("", include("interop.urls")),
    path("api/v1/", api.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))
urlpatterns.append(path("", include(wagtail_urls)))
