"""`make demo`: the developer's settings with the synthetic world, its personas and the simulators."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS, env

DEMO = True
INSTALLED_APPS = ["config.demo", *INSTALLED_APPS]
NHS_NUMBER_RANGES = "test"
SIMULATOR_PORT = env.int("SIMULATOR_PORT", default=8009)
DEMOGRAPHICS_BASE_URL = env.str(
    "DEMOGRAPHICS_BASE_URL", default=f"http://127.0.0.1:{SIMULATOR_PORT}/personal-demographics/FHIR/R4"
)
