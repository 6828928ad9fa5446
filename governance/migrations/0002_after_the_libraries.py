"""Our own tables come after those of the libraries.

Django draws up every model again at each of a library's two hundred steps; without ours among them a new database is
ready in a fraction of the time.
"""

from django.db import migrations

LIBRARIES = [
    "account",
    "django_tasks_database",
    "guardian",
    "mfa",
    "oauth2_provider",
    "sessions",
    "simple_translation",
    "taggit",
    "wagtailadmin",
    "wagtailcore",
    "wagtaildocs",
    "wagtailembeds",
    "wagtailimages",
    "wagtailsearch",
    "wagtailusers",
]


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_user"), *((label, "__latest__") for label in LIBRARIES)]

    operations = []
