"""Names and addresses of the wire format, shared by the reading and the writing side."""

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ERROR_CODES = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"

_CORE = "https://fhir.hl7.org.uk"
VERIFICATION_STATUS = f"{_CORE}/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
VERIFICATION_CODES = f"{_CORE}/CodeSystem/UKCore-NHSNumberVerificationStatus"
COMMUNICATION = f"{_CORE}/StructureDefinition/Extension-UKCore-NHSCommunication"
LANGUAGES = f"{_CORE}/CodeSystem/UKCore-HumanLanguage"
CONTACT_PREFERENCE = f"{_CORE}/StructureDefinition/Extension-UKCore-ContactPreference"
WRITTEN_FORMATS = f"{_CORE}/CodeSystem/UKCore-PreferredWrittenCommunicationFormat"
DEATH_STATUS = f"{_CORE}/StructureDefinition/Extension-UKCore-DeathNotificationStatus"
DEATH_CODES = f"{_CORE}/CodeSystem/UKCore-DeathNotificationStatus"

MEDIA_TYPE = "application/fhir+json"
RESTRICTED = "R"
