"""Everything that decides whether somebody may be here at all."""

from governance.models.agreement import (
    Agreement,
    AgreementEvent,
    AgreementSignature,
    AgreementTemplate,
    AgreementTemplateVersion,
)
from governance.models.audit import AuditEvent, AuditSeal, AuditSealedEvent
from governance.models.geography import Area, AreaMembership, OrganisationArea
from governance.models.grants import OrganisationUserPermission, TemporaryGrant
from governance.models.notification import NoticeChoice, Notification, Webhook
from governance.models.organisation import Organisation, OrgContact
from governance.models.role import JobTitle, Role
from governance.models.staff import StaffListEntry
from governance.models.system_access import SystemAccess
from governance.models.training import TrainingRecord, TrainingRequirement
from governance.models.user import User

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementSignature",
    "AgreementTemplate",
    "AgreementTemplateVersion",
    "Area",
    "AreaMembership",
    "AuditEvent",
    "AuditSeal",
    "AuditSealedEvent",
    "JobTitle",
    "NoticeChoice",
    "Notification",
    "OrgContact",
    "Organisation",
    "OrganisationArea",
    "OrganisationUserPermission",
    "Role",
    "StaffListEntry",
    "SystemAccess",
    "TemporaryGrant",
    "TrainingRecord",
    "TrainingRequirement",
    "User",
    "Webhook",
]
