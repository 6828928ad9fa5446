"""The closed vocabularies of governance: actors, roles, actions, states."""

from django.db import models


class ActorKind(models.TextChoices):
    """Who is acting: somebody on a staff list, the person themself, somebody for them, a machine, a job."""

    STAFF = "staff", "Member of staff"
    PERSON = "person", "The person"
    DELEGATE = "delegate", "Acting for the person"
    SYSTEM = "system", "Connected system"
    JOB = "job", "Background job"
    ANONYMOUS = "anonymous", "Not signed in"


class RoleKey(models.TextChoices):
    """The roles of the service. Job titles are labels that map to one of these."""

    CLINICAL_LEAD = "clinical_lead", "Clinical lead"
    CLINICAL_SAFETY_OFFICER = "clinical_safety_officer", "Clinical safety officer"
    IG_OFFICER = "ig_officer", "Information governance officer"
    CALDICOTT_GUARDIAN = "caldicott_guardian", "Caldicott Guardian"
    PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
    ORG_LEAD = "org_lead", "Organisation lead"
    CLINICIAN = "clinician", "Clinician"
    DOCTOR = "doctor", "Doctor"
    CARE_HOME = "care_home", "Care home staff"
    URGENT_READER = "urgent_reader", "Urgent care reader"
    COMMISSIONER = "commissioner", "Commissioner"
    CONTENT_EDITOR = "content_editor", "Content editor"
    OPERATOR = "operator", "Operator"
    LEARNER = "learner", "Learner"
    PATIENT = "patient", "Patient"
    DELEGATE = "delegate", "Carer or attorney"


#: Roles that enter the Wagtail admin: few people, no patient data there.
ADMIN_ROLES = frozenset(
    {
        RoleKey.CLINICAL_LEAD,
        RoleKey.CLINICAL_SAFETY_OFFICER,
        RoleKey.IG_OFFICER,
        RoleKey.CONTENT_EDITOR,
        RoleKey.OPERATOR,
    }
)
#: Roles of the organisation that runs the service; nobody else's staff list may hold them.
HOST_ROLES = frozenset(
    {
        RoleKey.CLINICAL_LEAD,
        RoleKey.CLINICAL_SAFETY_OFFICER,
        RoleKey.IG_OFFICER,
        RoleKey.CONTENT_EDITOR,
        RoleKey.OPERATOR,
    }
)
#: Roles an organisation's own lead may put on its list; the others are given by information governance.
LEAD_MAY_LIST = frozenset(
    {RoleKey.ORG_LEAD, RoleKey.CLINICIAN, RoleKey.DOCTOR, RoleKey.CARE_HOME, RoleKey.URGENT_READER}
)
#: Roles no staff list holds: they come from the account itself or from the person's own record.
UNLISTED_ROLES = frozenset({RoleKey.LEARNER, RoleKey.PATIENT, RoleKey.DELEGATE})
#: Roles that must always give a second factor: everybody who can change something or see a person's plan.
SECOND_FACTOR_ROLES = frozenset(set(RoleKey) - {RoleKey.LEARNER, RoleKey.PATIENT, RoleKey.DELEGATE})
#: Roles that work with plans every day.
CLINICAL_ROLES = frozenset({RoleKey.CLINICIAN, RoleKey.DOCTOR})


class Action(models.TextChoices):
    """What the gate is asked. `noun.verb`; the table of who may is in governance/gate.py."""

    MY_PLAN_READ = "my_plan.read", "Read your own plan, or that of somebody you act for"
    PLAN_READ = "plan.read", "Read a plan"
    PLAN_WRITE = "plan.write", "Write in a plan"
    PLAN_SUBMIT = "plan.submit", "Send a plan for approval"
    PLAN_APPROVE = "plan.approve", "Approve a plan"
    PLAN_WITHDRAW = "plan.withdraw", "Withdraw a plan"
    PLAN_SAMPLE = "plan.sample", "Look at a plan that was drawn for a sample"
    PERSON_FIND = "person.find", "Find or register a person"
    EMERGENCY_READ = "emergency.read", "Read a plan in an emergency"
    AVAILABILITY_READ = "availability.read", "Ask whether a person has a plan"
    WORKLIST_READ = "worklist.read", "See the worklist"
    FORM_DESIGN = "form.design", "Shape a form"
    FORM_SIGN_OFF = "form.sign_off", "Sign off a form"
    FLOW_READ = "flow.read", "See the register of flows"
    FLOW_DESIGN = "flow.design", "Shape a flow"
    FLOW_SIGN_OFF = "flow.sign_off", "Sign off a flow"
    TASK_READ = "task.read", "See the tasks that wait"
    ORGANISATION_READ = "organisation.read", "See the register of organisations"
    ORGANISATION_JOIN = "organisation.join", "Bring an organisation into the service"
    AGREEMENT_SIGN = "agreement.sign", "Sign the agreement for an organisation"
    AGREEMENT_COUNTERSIGN = "agreement.countersign", "Countersign an agreement"
    STAFF_LIST_MANAGE = "staff_list.manage", "Manage an organisation's staff list"
    AUDIT_READ = "audit.read", "See who looked at what"
    NOTICE_OWN = "notice.own", "See your own notices"
    NOTICE_READ = "notice.read", "See what was sent to whom"
    WEBHOOK_SET = "webhook.set", "Say which systems are told"
    REPORT_READ = "report.read", "Read reports"
    CONTENT_EDIT = "content.edit", "Edit pages and lessons"
    LEARN = "learn", "Take a course"
    OPERATE = "operate", "Run the service"
    ADMIN_ENTER = "admin.enter", "Enter the administration pages"
    ADMIN_USE = "admin.use", "Use more of the administration pages than a permission on one form opens"


class Mode(models.TextChoices):
    FULL = "full", "Full"
    READ_ONLY = "read_only", "Read only"


class CareSetting(models.TextChoices):
    """What kind of care an organisation gives; urgent ones may read plans in an emergency."""

    GP_PRACTICE = "gp_practice", "GP practice"
    COMMUNITY = "community", "Community team"
    HOSPICE = "hospice", "Hospice"
    ACUTE_TRUST = "acute_trust", "Acute trust"
    AMBULANCE = "ambulance", "Ambulance service"
    NHS_111 = "nhs_111", "111 service"
    OUT_OF_HOURS = "out_of_hours", "Out-of-hours GP service"
    EMERGENCY_DEPARTMENT = "emergency_department", "Emergency department"
    URGENT_CARE_CENTRE = "urgent_care_centre", "Urgent care centre"
    CARE_HOME = "care_home", "Care home"
    SOCIAL_CARE = "social_care", "Social care"
    CHARITY = "charity", "Charity"
    COMMISSIONER = "commissioner", "Commissioner"
    HOST = "host", "Host of the service"


URGENT_SETTINGS = frozenset(
    {
        CareSetting.AMBULANCE,
        CareSetting.NHS_111,
        CareSetting.OUT_OF_HOURS,
        CareSetting.EMERGENCY_DEPARTMENT,
        CareSetting.URGENT_CARE_CENTRE,
    }
)


class AreaKind(models.TextChoices):
    REGION = "region", "Region"
    BOARD = "board", "Integrated care board"
    SUB_BOARD = "sub_board", "Part of an integrated care board"
    PLACE = "place", "Place"


class AgreementState(models.TextChoices):
    """Computed from dated facts in policies.py, never stored."""

    DRAFT = "draft", "Not sent"
    SENT = "sent", "Sent for signature"
    SIGNED = "signed", "Signed, waiting for countersignature"
    AGREED = "agreed", "Signed by both, not started yet"
    IN_FORCE = "in_force", "In force"
    EXPIRING = "expiring", "Ends soon"
    LAPSED = "lapsed", "Ended"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back before both had signed"
    SUSPENDED = "suspended", "Suspended"
    TERMINATED = "terminated", "Terminated"


class TrainingState(models.TextChoices):
    NEVER = "never", "Not taken"
    VALID = "valid", "Valid"
    DUE = "due", "Due soon"
    GRACE = "grace", "Overdue, still allowed for a short time"
    EXPIRED = "expired", "Expired"
