"""The Personal Demographics Service over FHIR R4: a client and a simulator that speaks the same wire format."""
