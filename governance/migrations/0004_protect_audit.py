"""Guards on the audit tables, in the language of the database at hand."""

from django.db import migrations

from governance import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.run(schema_editor.connection, guards.removals(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_initial")]

    operations = [migrations.RunPython(install, remove)]
