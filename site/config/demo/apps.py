from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The synthetic world: installed by demo settings only, imported by nobody."""

    name = "config.demo"
    label = "demo"
