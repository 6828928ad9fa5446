"""Who may knock where: one row for every address of the service, GET and POST apart.

A row says for whom a door opens and for whom there is nothing behind it (the sample address names nothing that
exists, so whoever may come in finds a 404). Everybody else must be shut out: 403, 405, or sent to sign in. An address
without a row fails the test. Add rows for a new page in the section of its app.
"""

from dataclasses import dataclass, field

from tests.permissions.personas import ALL, PEOPLE, ROLES


@dataclass(frozen=True)
class Expect:
    """For whom a method opens the door, and for whom it finds nothing."""

    open: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def of(self, persona: str) -> str:
        if persona in self.open:
            return "open"
        return "absent" if persona in self.absent else "shut"


@dataclass(frozen=True)
class Row:
    """One address. `path` replaces the sample address where the route is a regular expression."""

    get: Expect = field(default_factory=Expect)
    post: Expect = field(default_factory=Expect)
    path: str = ""


def opens(*personas: str) -> Expect:
    return Expect(open=frozenset(personas))


def absent(*personas: str) -> Expect:
    return Expect(absent=frozenset(personas))


def both(expect: Expect, path: str = "") -> Row:
    return Row(expect, expect, path)


EVERYBODY = ALL
#: Whoever has an account, whatever became of their place.
ACCOUNT = tuple(persona for persona in ALL if persona != "stranger")
#: Public pages; somebody signed in who owes a second factor is asked for it first.
PUBLIC = tuple(persona for persona in ALL if persona != "no_factor")
SIGNED_IN = tuple(persona for persona in ACCOUNT if persona != "no_factor")
#: Those who stand on a staff list today.
ON_A_LIST = (*ROLES, "lapsed", "untrained")
CLINICAL = ("clinician", "doctor")
REGISTER = ("ig_officer", "operator", "org_lead", "caldicott_guardian", "privacy_officer")
MANAGERS = ("ig_officer", "org_lead")
REPORTS = ("clinical_lead", "clinical_safety_officer", "ig_officer", "org_lead", "commissioner")
FLOWS = ("clinical_lead", "clinical_safety_officer", "ig_officer", "operator")

WATCH = {
    "healthz": both(opens(*EVERYBODY)),
    "readyz": both(opens(*EVERYBODY)),
}

ACCOUNTS = {
    "account/login/": both(opens(*EVERYBODY)),
    "account/logout/": both(opens(*EVERYBODY)),
    "account/inactive/": Row(get=opens(*EVERYBODY)),
    "account/signup/": both(opens(*EVERYBODY)),
    "account/reauthenticate/": both(opens(*ACCOUNT)),
    "account/email/": both(opens(*ACCOUNT)),
    "account/confirm-email/": Row(get=opens(*EVERYBODY)),
    "account/^confirm-email/(?P<key>[-:\\w]+)/$": Row(
        opens(*EVERYBODY), absent(*EVERYBODY), "/account/confirm-email/nothing/"
    ),
    "account/password/change/": both(opens(*ACCOUNT)),
    "account/password/set/": both(opens(*ACCOUNT)),
    "account/password/reset/": both(opens(*EVERYBODY)),
    "account/password/reset/done/": Row(get=opens(*EVERYBODY)),
    "account/password/reset/key/done/": Row(get=opens(*EVERYBODY)),
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": both(
        opens(*EVERYBODY), "/account/password/reset/key/0-nothing/"
    ),
    "account/login/code/confirm/": both(opens(*ACCOUNT)),
    "account/2fa/": Row(get=opens(*ACCOUNT)),
    "account/2fa/authenticate/": both(opens(*ACCOUNT)),
    "account/2fa/reauthenticate/": both(opens(*ACCOUNT)),
    "account/2fa/totp/activate/": both(opens(*ACCOUNT)),
    "account/2fa/totp/deactivate/": both(absent(*ACCOUNT)),
    "account/2fa/recovery-codes/": Row(get=absent(*ACCOUNT)),
    "account/2fa/recovery-codes/generate/": both(opens(*ACCOUNT)),
    "account/2fa/recovery-codes/download/": both(absent(*ACCOUNT)),
    "account/session/": Row(post=opens(*ACCOUNT)),
}

GOVERNANCE = {
    "organisations/": Row(get=opens(*REGISTER)),
    "organisations/export.csv": Row(get=opens(*REGISTER)),
    "organisations/new/": both(opens("ig_officer")),
    "organisations/mine/": Row(get=opens(*ON_A_LIST, "suspended", "ended")),
    "organisations/who-helps/": Row(get=opens(*PUBLIC)),
    "organisations/acting-for/": both(opens(*SIGNED_IN)),
    "organisations/audit/": Row(get=opens("ig_officer", "privacy_officer")),
    "organisations/audit/account/": Row(post=opens("ig_officer", "privacy_officer")),
    "organisations/agreements/texts/new/": both(opens("ig_officer")),
    "organisations/agreements/<uuid:public_id>/": Row(get=absent(*REGISTER)),
    "organisations/agreements/<uuid:public_id>/history/": Row(get=absent(*REGISTER)),
    "organisations/agreements/<uuid:public_id>/send/": Row(post=absent("ig_officer")),
    "organisations/agreements/<uuid:public_id>/sign/": both(absent("caldicott_guardian")),
    "organisations/agreements/<uuid:public_id>/decline/": both(absent("caldicott_guardian")),
    "organisations/agreements/<uuid:public_id>/withdraw/": both(absent("ig_officer")),
    "organisations/agreements/<uuid:public_id>/countersign/": both(absent("ig_officer")),
    "organisations/agreements/<uuid:public_id>/suspend/": both(absent("ig_officer")),
    "organisations/agreements/<uuid:public_id>/resume/": both(absent("ig_officer")),
    "organisations/agreements/<uuid:public_id>/terminate/": both(absent("ig_officer")),
    "organisations/staff/<uuid:public_id>/": Row(get=absent(*REGISTER)),
    "organisations/staff/<uuid:public_id>/history/": Row(get=absent(*REGISTER)),
    "organisations/staff/<uuid:public_id>/end/": both(absent(*MANAGERS)),
    "organisations/staff/<uuid:public_id>/suspend/": both(absent(*MANAGERS)),
    "organisations/staff/<uuid:public_id>/reinstate/": both(absent(*MANAGERS)),
    "organisations/<uuid:public_id>/": Row(get=absent(*REGISTER)),
    "organisations/<uuid:public_id>/history/": Row(get=absent(*REGISTER)),
    "organisations/<uuid:public_id>/details/": both(absent("ig_officer")),
    "organisations/<uuid:public_id>/suspend/": both(absent("ig_officer")),
    "organisations/<uuid:public_id>/resume/": both(absent("ig_officer")),
    "organisations/<uuid:public_id>/posts/new/": both(absent("ig_officer")),
    "organisations/<uuid:public_id>/agreements/new/": both(absent("ig_officer")),
    "organisations/<uuid:public_id>/sent/": Row(get=absent(*MANAGERS)),
    "organisations/<uuid:public_id>/webhooks/": both(absent("ig_officer")),
    "organisations/webhooks/<uuid:public_id>/stop/": Row(post=absent("ig_officer")),
    "organisations/webhooks/<uuid:public_id>/test/": Row(post=absent("ig_officer")),
    "organisations/webhooks/<uuid:public_id>/start/": Row(post=absent("ig_officer")),
    "organisations/<uuid:public_id>/staff/new/": both(absent(*MANAGERS)),
}

NOTICES = {
    "notices/": both(opens(*SIGNED_IN)),
    "notices/read/": Row(post=opens(*SIGNED_IN)),
    "notices/<uuid:notice>/": Row(get=absent(*SIGNED_IN)),
}

WORKFLOWS = {
    "tasks/": Row(get=opens(*ON_A_LIST)),
    "tasks/views/new/": both(opens(*ON_A_LIST)),
    "tasks/views/<uuid:view_id>/": both(absent(*ON_A_LIST)),
    "tasks/views/<uuid:view_id>/delete/": Row(post=absent(*ON_A_LIST)),
    "tasks/away/": Row(get=opens(*ON_A_LIST)),
    "tasks/away/new/": both(opens(*ON_A_LIST)),
    "tasks/away/<uuid:delegation_id>/end/": Row(post=absent(*ON_A_LIST)),
    "tasks/team/": Row(get=opens(*MANAGERS)),
    "tasks/together/": Row(opens(*ON_A_LIST), opens(*ON_A_LIST)),
    "tasks/<uuid:task_id>/assign/": both(absent(*ON_A_LIST)),
    "tasks/<uuid:task_id>/claim/": Row(post=absent(*PUBLIC)),
    "tasks/<uuid:task_id>/release/": Row(post=absent(*PUBLIC)),
    "tasks/cases/<uuid:case_id>/<slug:transition>/": both(absent(*PUBLIC)),
    "tasks/flows/": Row(get=opens(*FLOWS)),
    "tasks/bring-flow/": both(opens("clinical_lead")),
    "tasks/which-flow/": Row(get=opens(*FLOWS)),
    "tasks/flows/<slug:key>/": Row(get=absent(*FLOWS)),
    "tasks/flows/<slug:key>/<int:number>/": both(absent(*FLOWS)),
    "tasks/flows/<slug:key>/<int:number>/flow.json": Row(get=absent(*FLOWS)),
    "tasks/flows/<slug:key>/<int:number>/activate/": Row(post=absent(*FLOWS)),
    "tasks/flows/<slug:key>/<int:number>/move/": Row(post=absent("clinical_lead")),
    "tasks/flows/<slug:key>/<int:number>/try/": both(absent(*FLOWS)),
    "tasks/flows/<slug:key>/replay/": both(absent(*FLOWS)),
    "tasks/flows/<slug:key>/cases/": Row(get=absent(*FLOWS)),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/": both(absent(*FLOWS)),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/count/": Row(post=absent("clinical_lead")),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/ask/": both(absent("clinical_lead")),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/confirm/": both(
        absent("clinical_lead", "clinical_safety_officer")
    ),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/send-back/": both(
        absent("clinical_lead", "clinical_safety_officer")
    ),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/go-on/": Row(post=absent("clinical_lead")),
    "tasks/flows/<slug:key>/cases/<uuid:migration_id>/cancel/": Row(post=absent("clinical_lead")),
}

READERS = (*CLINICAL, "care_home")
_FIND, _READ = absent(*CLINICAL), absent(*READERS)

CAREPLAN_FORMS = {
    "people/": both(opens(*CLINICAL)),
    "people/match/<str:token>/": both(opens(*CLINICAL)),  # a match that is over leads back to the search
    "people/<uuid:person_id>/": Row(get=_FIND),
    "people/<uuid:person_id>/consent/": both(_FIND),
    "people/<uuid:person_id>/death/": both(_FIND),
    "people/<uuid:person_id>/plan/": both(_FIND),
    "plans/<uuid:plan_id>/": Row(get=_READ),
    "samples/<uuid:version_id>/": Row(get=absent("clinical_lead", *READERS)),
    "plans/<uuid:plan_id>/tasks/": Row(get=_FIND),
    "plans/<uuid:plan_id>/language/": Row(post=_FIND),
    "plans/<uuid:plan_id>/sections/<slug:section>/": both(_FIND),
    "plans/<uuid:plan_id>/sections/<slug:section>/keep/": Row(post=_FIND),
    "plans/<uuid:plan_id>/sections/<slug:section>/discard/": Row(post=_FIND),
    "plans/<uuid:plan_id>/files/<uuid:file_id>/": Row(get=_READ),
    "plans/<uuid:plan_id>/clashes/": both(_FIND),
    "plans/<uuid:plan_id>/form-change/": both(_FIND),
    "plans/<uuid:plan_id>/check/": both(_FIND),
    "plans/<uuid:plan_id>/sent/": Row(get=_FIND),
    "plans/<uuid:plan_id>/submissions/<uuid:submission_id>/": both(_READ),
    "plans/<uuid:plan_id>/submissions/<uuid:submission_id>/take-back/": Row(post=_FIND),
    "plans/<uuid:plan_id>/approved/<int:number>/": Row(get=_READ),
    "plans/<uuid:plan_id>/versions/": Row(get=_READ),
    "plans/<uuid:plan_id>/versions/compare/": Row(get=_READ),
    "plans/<uuid:plan_id>/versions/<int:number>/": Row(get=_READ),
    "plans/<uuid:plan_id>/viewers/": Row(get=_READ),
    "plans/<uuid:plan_id>/care-team/": both(_FIND),
    "plans/<uuid:plan_id>/care-team/<int:share_id>/end/": Row(post=_FIND),
    "plans/<uuid:plan_id>/withheld/": both(_FIND),
    "plans/<uuid:plan_id>/withheld/<int:withheld_id>/end/": Row(post=_FIND),
    "plans/<uuid:plan_id>/stop-marks/": both(_FIND),
    "plans/<uuid:plan_id>/stop-marks/<int:mark_id>/clear/": Row(post=_FIND),
    "plans/<uuid:plan_id>/withdraw/": both(_FIND),
    "plans/<uuid:plan_id>/access/": Row(get=_FIND),
    "plans/<uuid:plan_id>/access/account/": both(_FIND),
    "plans/<uuid:plan_id>/access/account/end/": Row(post=_FIND),
    "plans/<uuid:plan_id>/access/others/": both(_FIND),
    "plans/<uuid:plan_id>/access/others/<uuid:delegation_id>/end/": Row(post=_FIND),
    "my-plan/": Row(get=opens(*PEOPLE)),
    "my-plan/<uuid:plan_id>/": Row(get=absent(*PEOPLE)),
    "my-plan/<uuid:plan_id>/language/": Row(post=absent(*PEOPLE)),
    "my-plan/<uuid:plan_id>/files/<uuid:file_id>/": Row(get=absent(*PEOPLE)),
    "worklist/": Row(get=opens(*READERS)),
    "urgent/": both(opens("urgent_reader")),
    # Without a reason given in this session these lead readers to the reason page.
    "urgent/<uuid:plan_id>/": Row(get=opens("urgent_reader")),
    "urgent/<uuid:plan_id>/paper/": Row(get=opens("urgent_reader")),
    "urgent/<uuid:plan_id>/full/": Row(get=opens("urgent_reader")),
    "urgent/<uuid:plan_id>/files/<uuid:file_id>/": Row(get=opens("urgent_reader")),
    "urgent/<uuid:plan_id>/pdf/": Row(post=opens("urgent_reader")),
    "urgent/papers/<uuid:run_id>/": Row(get=absent("urgent_reader")),
    "urgent/<uuid:plan_id>/access-code/": Row(post=opens("urgent_reader")),
    "urgent/<uuid:plan_id>/reason/": both(absent("urgent_reader")),
}

CONTENT = {
    "learning/": Row(get=opens(*SIGNED_IN)),
    "learning/lessons/<int:pk>/finish/": Row(post=absent(*SIGNED_IN)),
    "learning/results/<uuid:public_id>/": Row(get=absent(*SIGNED_IN)),
    "learning/certificates/": both(opens(*PUBLIC)),
    "learning/<slug:key>/quiz/": both(absent(*SIGNED_IN)),
    "cookies/": both(opens(*PUBLIC)),
}

REPORTING = {
    "reports/": Row(get=opens(*REPORTS)),
    "reports/<slug:key>/": Row(get=absent(*REPORTS)),
    "reports/<slug:key>/csv/": Row(get=absent(*REPORTS)),
    "reports/<slug:key>/pdf/": Row(post=absent(*REPORTS)),
    "reports/papers/<uuid:run_id>/": Row(get=absent(*REPORTS)),
}

#: Machines bring a token, never a session: no persona gets anything but the description and a refusal.
INTEROP = {
    "oauth/token/": Row(post=opens(*PUBLIC)),
    "api/v1/openapi.json": both(opens(*PUBLIC)),
    "api/v1/availability": Row(),
    "api/v1/": both(absent(*PUBLIC)),
}

#: Pages and documents of the CMS are public; what else the CMS registers finds nothing or is shut.
CMS = {
    "documents/^(\\d+)/(.*)$": both(absent(*PUBLIC), "/documents/0/nothing"),
    "documents/authenticate_with_password/<int:restriction_id>/": both(absent(*PUBLIC)),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": both(absent(*PUBLIC)),
    "_util/login/": both(Expect()),
    "^((?:[\\w\\-]+/)*)$": both(absent(*PUBLIC), "/nothing/at/all/"),
}

TABLE = WATCH | ACCOUNTS | GOVERNANCE | NOTICES | WORKFLOWS | CAREPLAN_FORMS | CONTENT | REPORTING | INTEROP | CMS


#: The administration has one rule instead of rows: outsiders never see any of it (test_urls.py).
ADMIN_PREFIX = "admin/"
