"""Settings every way of running shares. What an operator may change comes from the environment (config/env.py)."""

from csp.constants import NONCE, NONE, SELF

from config import REPOSITORY
from config.env import data_directory, env

DATA_DIR = data_directory()
SITE_DIR = REPOSITORY / "site"

SERVICE_NAME = "Foreword"
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
DEMO = False

INSTALLED_APPS = [
    "governance",
    "workflows",
    "careplan_forms",
    "content",
    "reporting",
    "interop",
    "core",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "modelcluster",
    "rest_framework",
    "django_filters",
    "django_tables2",
    "guardian",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "django_tasks",
    "django_tasks_db",
    "django_structlog",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "governance.identity.sessions.SessionLimitsMiddleware",
    "governance.middleware.ActorMiddleware",
    "governance.identity.second_factor.SecondFactorMiddleware",
    "governance.identity.admin_door.AdminDoorMiddleware",
    "core.middleware.DomainErrorsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.wagtail_csp.WagtailNonceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SITE_DIR / "templates" / "jinja2"],
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": [
                "config.jinja.one_csrf_input",
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'foreword.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 1}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
SESSION_ENGINE = "governance.identity.stores"

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = [
    "governance.identity.stores.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/300s/key", "login": "300/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SERVICE_NAME}: "
ACCOUNT_FORMS = {
    "login": "governance.identity.forms.LoginForm",
    "signup": "governance.identity.forms.SignupForm",
    "add_email": "governance.identity.forms.AddEmailForm",
    "change_password": "governance.identity.forms.ChangePasswordForm",
    "set_password": "governance.identity.forms.SetPasswordForm",
    "reset_password": "governance.identity.forms.ResetPasswordForm",
    "reset_password_from_key": "governance.identity.forms.ResetPasswordKeyForm",
    "reauthenticate": "governance.identity.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "governance.identity.forms.AuthenticateForm",
    "reauthenticate": "governance.identity.forms.SecondReauthenticateForm",
    "activate_totp": "governance.identity.forms.ActivateTOTPForm",
}
ACCOUNT_ADAPTER = "governance.identity.adapter.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "governance.identity.adapter.SecondFactorAdapter"

GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
SIMPLE_HISTORY_REVERT_DISABLED = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [SITE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(DATA_DIR / "media"))
PLAN_FILES_ROOT = env.path("PLAN_FILES_ROOT", default=str(DATA_DIR / "plan-files"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files of plans: encrypted before they are stored, under no address of the web.
    "plan-files": {"BACKEND": "core.private_storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["clinical", "default", "reports"],
    }
}
# A job whose worker has been silent this long is run again by another.
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=60.0)
# How long a stopping process may finish what it is doing; what is left then runs again elsewhere.
STOP_GRACE_SECONDS = env.float("STOP_GRACE_SECONDS", default=25.0)
# Management commands `serve` keeps running beside the web server and the worker: (name, arguments).
EXTRA_PROCESSES: list[tuple[str, list[str]]] = []
WEB_THREADS = env.int("WEB_THREADS", default=8)
WEB_PROCESSES = env.int("WEB_PROCESSES", default=1)
# Dotted path of a function whose text `serve` prints once the service answers.
ANNOUNCE = ""
AUDIT_SPOOL_DIR = env.path("AUDIT_SPOOL_DIR", default=str(DATA_DIR / "audit-spool"))
AUDIT_ANCHOR_FILE = env.path("AUDIT_ANCHOR_FILE", default=str(DATA_DIR / "audit-anchor.jsonl"))

EMAIL_URL = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_URL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_URL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_URL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_URL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_URL.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@foreword.example")

SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_IDLE_SECONDS_PERSON = env.int("SESSION_IDLE_SECONDS_PERSON", default=10 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A page with a file of the greatest size is held in memory: what belongs to a person is on no disk unencrypted.
FILE_UPLOAD_MAX_MEMORY_SIZE = 26_000_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

WAGTAIL_SITE_NAME = SERVICE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "content.publishing.publish_reviewed"
WAGTAIL_AUTOSAVE_INTERVAL = 3000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict] = []
WAGTAIL_I18N_ENABLED = False

# Newest first; older keys stay listed until every value is written anew. Empty: derived from SECRET_KEY.
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])

# Numbers of people: the live ranges are issued in England, Wales and the Isle of Man; 9… is for testing only.
NHS_NUMBER_RANGES = env.str("NHS_NUMBER_RANGES", default="live")

DEMOGRAPHICS_BASE_URL = env.str("DEMOGRAPHICS_BASE_URL", default="")
DEMOGRAPHICS_API_KEY = env.str("DEMOGRAPHICS_API_KEY", default="")
DEMOGRAPHICS_TIMEOUT_SECONDS = env.int("DEMOGRAPHICS_TIMEOUT_SECONDS", default=5)

# Addresses that organisations give us to call (webhooks) are https and public, unless a developer's machine says so.
OUTBOUND_TO_PRIVATE_ADDRESSES = False

OAUTH2_PROVIDER = {
    "OAUTH2_BACKEND_CLASS": "oauth2_provider.oauth2_backends.OAuthLibCore",
    "SCOPES": {"availability": "Ask whether a person has a plan"},
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "PKCE_REQUIRED": True,
    "ALLOWED_GRANT_TYPES": ["client_credentials"],
    # RFC 9700, the security practice for OAuth 2.0: every switch on.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

from config.logs import LOGGING  # noqa: E402,F401
