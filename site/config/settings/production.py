"""The public service. Every secret and address comes from the environment; a missing one stops the start."""

from config.env import env, required
from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = required("SECRET_KEY", "a random string of at least 50 characters")
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "the host names of the service, separated by commas").split(",")
# base reads these two, with defaults that only a developer's machine can use.
BASE_URL = required("BASE_URL", "the address of the service, such as https://plans.example.org")
required("EMAIL_URL", "the mail server, such as smtp+tls://user:password@mail.example.org:587")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
