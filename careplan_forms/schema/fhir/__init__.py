"""FHIR R4 forms in and out of the canonical document. Start at `questionnaire.read_questionnaire`."""
