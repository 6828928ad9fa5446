"""The WSGI entry point: `granian --interface wsgi config.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application

from core import redaction, supervision

supervision.stop_with_parent()
application = get_wsgi_application()
redaction.catch_stray_exceptions()
