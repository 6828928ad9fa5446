from tests.unit.careplan_forms.plans.conftest import flows, form, national_service, outsider, plan

__all__ = ["flows", "form", "national_service", "outsider", "plan"]
