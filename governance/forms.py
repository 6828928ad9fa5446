"""The forms of governance's own pages. What the services refuse is said beside the field it is about."""

from typing import Any, cast

from django import forms

from core.forms import DateField, LongTextField, NHSForm
from governance.enums import HOST_ROLES, LEAD_MAY_LIST, UNLISTED_ROLES, CareSetting, RoleKey
from governance.models import (
    AgreementTemplate,
    AgreementTemplateVersion,
    JobTitle,
    NoticeChoice,
    Notification,
    OrgContact,
)


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class OrganisationForm(NHSForm):
    """Bring an organisation into the register."""

    ods_code = forms.CharField(label="ODS code", max_length=10, help_text="Capitals and digits, for example A81001")
    name = forms.CharField(label="Name", max_length=200)
    care_setting = forms.ChoiceField(label="Kind of care", choices=CareSetting.choices)
    postcode = forms.CharField(label="Postcode (optional)", max_length=10, required=False)
    phone = forms.CharField(label="Phone number (optional)", max_length=30, required=False)


class ReasonForm(NHSForm):
    """Why: asked before anything is stopped, ended or allowed again."""

    reason = LongTextField(
        label="Reason",
        max_length=200,
        help_text="Do not enter details of patients",
        error_messages={"required": "Enter the reason"},
    )


class OrganisationDetailsForm(ReasonForm):
    """Correct what may be corrected on an organisation, and record what its data security toolkit says."""

    name = forms.CharField(label="Name", max_length=200)
    postcode = forms.CharField(label="Postcode (optional)", max_length=10, required=False)
    phone = forms.CharField(label="Phone number (optional)", max_length=30, required=False)
    dspt_status = forms.CharField(
        label="Data security toolkit (optional)",
        max_length=40,
        required=False,
        help_text="As it is published, for example: Standards met",
    )
    field_order = ["name", "postcode", "phone", "dspt_status", "reason"]


class EndForm(ReasonForm):
    """End a place on the list, now or on a day."""

    ends_on = DateField(
        label="Last day (optional)", subject="last day", required=False, help_text="Leave it empty to end it now"
    )
    field_order = ["ends_on", "reason"]


class PostForm(NHSForm):
    """Who takes a post."""

    email = forms.EmailField(label="Email address")
    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    post = forms.ChoiceField(label="Post", choices=OrgContact.Post.choices)
    evidence = forms.CharField(
        label="How you know", max_length=200, help_text="For example: letter of the chief executive, 3 March 2026"
    )


class AgreementForm(NHSForm):
    """Prepare an agreement on one text."""

    text = forms.ChoiceField(label="Text", choices=())
    starts_on = DateField(label="First day", subject="first day")
    ends_on = DateField(label="Last day (optional)", subject="last day", required=False)

    def __init__(self, *args: Any, texts: list[AgreementTemplateVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {str(text.pk): text for text in texts}
        _choices(self, "text").choices = [(pk, f"{text.template.title}, {text}") for pk, text in self.texts.items()]

    @property
    def chosen_text(self) -> AgreementTemplateVersion:
        return self.texts[self.cleaned_data["text"]]


class TemplateField(forms.ModelChoiceField):
    """Kinds of agreement by their titles."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class TextForm(NHSForm):
    """Publish a text of a kind of agreement. It is never changed afterwards."""

    template = TemplateField(label="Kind of agreement", queryset=AgreementTemplate.objects.none())
    body = LongTextField(
        label="Text", max_length=100_000, help_text="A line that starts with two number signs and a space is a heading"
    )
    resign_required = forms.BooleanField(
        label="Organisations on an older text have to sign again", required=False, initial=True
    )
    grace_days = forms.IntegerField(label="Days until the older text ends", min_value=0, max_value=730, initial=90)

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["template"]).queryset = templates


class SignForm(NHSForm):
    """The declaration under an agreement, bound to the text that was shown."""

    shown_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    declaration = forms.BooleanField(label="I have read this agreement and I sign it")
    typed_name = forms.CharField(
        label="Your full name", max_length=120, help_text="As it stands on your account. Typing it is your signature"
    )


class StaffForm(NHSForm):
    """Put somebody on the staff list. `roles` are those the actor may give."""

    email = forms.EmailField(label="Work email address")
    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    role = forms.ChoiceField(label="Role", choices=())
    job_title = forms.ModelChoiceField(
        label="Job title (optional)",
        queryset=JobTitle.objects.none(),
        required=False,
        to_field_name="label",
        empty_label="No job title",
    )
    registration_body = forms.CharField(
        label="Registration body (optional)", max_length=10, required=False, help_text="For example GMC, NMC or HCPC"
    )
    registration_number = forms.CharField(
        label="Registration number (optional)", max_length=20, required=False, help_text="Needed for doctors"
    )
    starts_on = DateField(
        label="First day (optional)", subject="first day", required=False, help_text="Leave it empty to start today"
    )

    def __init__(self, *args: Any, role_of_actor: RoleKey | None, job_titles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "role").choices = [("", "Select a role"), *roles_offered(role_of_actor)]
        cast(forms.ModelChoiceField, self.fields["job_title"]).queryset = job_titles


def roles_offered(role_of_actor: RoleKey | None) -> list[tuple[str, str]]:
    """The roles somebody may give: the everyday ones, all listed ones for information governance."""
    everything = set(RoleKey) - UNLISTED_ROLES
    offered = everything if role_of_actor == RoleKey.IG_OFFICER else everything & LEAD_MAY_LIST - HOST_ROLES
    return [(role.value, role.label) for role in RoleKey if role in offered]


class AuditForm(NHSForm):
    """Narrow the trail down."""

    who = forms.UUIDField(label="Account reference", required=False)
    what = forms.CharField(label="Record reference", max_length=60, required=False)
    action = forms.CharField(label="Action begins with", max_length=60, required=False, help_text="For example plan.")
    result = forms.ChoiceField(
        label="Result", choices=[("", "Any"), ("done", "Done"), ("refused", "Refused")], required=False
    )
    first_day = DateField(label="From", subject="first day", required=False)
    last_day = DateField(label="To", subject="last day", required=False)


class AccountForm(NHSForm):
    """Find an account's reference by its address; sent by POST, so that no address stands in a URL."""

    email = forms.EmailField(label="Email address of the account")


class AsAtForm(NHSForm):
    """A day to look back to."""

    on = DateField(label="As it was at the end of", subject="the date")


class ActingForForm(NHSForm):
    """Whom the account acts for in this session."""

    key = forms.ChoiceField(label="Who are you acting for?", choices=(), widget=forms.RadioSelect)

    def __init__(self, *args: Any, capacities: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "key").choices = [
            (c.key, ", ".join(part for part in (c.role_label, c.organisation_name) if part)) for c in capacities
        ]


class WebhookForm(NHSForm):
    """The address of a system that is to be told."""

    url = forms.CharField(
        label="Address",
        max_length=300,
        help_text="It must begin with https:// and be reachable from the internet",
        error_messages={"required": "Enter the address"},
    )


class SentForm(NHSForm):
    """Narrow down what was sent."""

    about = forms.RegexField(
        r"^[0-9a-f-]{4,36}$",
        label="Reference of the record",
        required=False,
        help_text="At least its first 4 characters",
        error_messages={"invalid": "Enter the reference as it stands in the address of the record"},
    )
    channel = forms.ChoiceField(label="How", required=False, choices=[("", "All"), *Notification.Channel.choices])
    outcome = forms.ChoiceField(
        label="What became of it", required=False, choices=[("", "All"), *Notification.Outcome.choices]
    )

    @property
    def asked_about(self) -> str:
        """The reference that was looked up, for the trail."""
        return str(self.cleaned_data.get("about") or "")


class NoticeChoiceForm(NHSForm):
    """How somebody wants to be mailed."""

    mail = forms.ChoiceField(
        label="When do you want emails?",
        choices=[
            (NoticeChoice.Mail.AT_ONCE, "At once, one for each notice"),
            (NoticeChoice.Mail.DAILY, "Once a day, in one email at 7am"),
            (NoticeChoice.Mail.NEVER, "Never: I look at this page"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when you want emails"},
    )
