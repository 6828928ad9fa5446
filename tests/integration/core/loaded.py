"""Imported by the process from which tests fork others (tests/integration/conftest.py): the service, loaded."""

import django

django.setup()
