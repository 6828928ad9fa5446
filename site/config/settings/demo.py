"""`make demo`: the developer's settings with the synthetic world, its personas and the simulators."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import DATA_DIR, DATABASES, INSTALLED_APPS, env

DEMO = True
DEMO_BANNER = "Practice data: everybody here is made up"
if not env.str("DATABASE_URL", default=""):
    DATABASES["default"]["NAME"] = DATA_DIR / "demo.sqlite3"
INSTALLED_APPS = ["config.demo", *INSTALLED_APPS]
NHS_NUMBER_RANGES = "test"
SIMULATOR_PORT = env.int("SIMULATOR_PORT", default=8009)
DEMOGRAPHICS_BASE_URL = env.str(
    "DEMOGRAPHICS_BASE_URL", default=f"http://127.0.0.1:{SIMULATOR_PORT}/personal-demographics/FHIR/R4"
)
EXTRA_PROCESSES = [("simulators", ["simulate", "--port", str(SIMULATOR_PORT)])]
ANNOUNCE = "config.demo.personas.announce"
