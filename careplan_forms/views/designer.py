"""Preview of a section as a clinician fills it."""
