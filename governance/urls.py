"""Addresses of governance, below `/organisations/`."""

from django.urls import path

from governance.views import acting, agreements, audit, histories, organisations, staff, webhooks

app_name = "governance"
urlpatterns = [
    path("", organisations.register, name="register"),
    path("export.csv", organisations.export, name="export"),
    path("new/", organisations.new, name="new"),
    path("mine/", acting.mine, name="mine"),
    path("who-helps/", acting.who_helps, name="who_helps"),
    path("acting-for/", acting.acting_for, name="acting_for"),
    path("audit/", audit.look_up, name="audit"),
    path("audit/account/", audit.find_account, name="audit_account"),
    path("agreements/texts/new/", agreements.publish_text, name="text_new"),
    path("agreements/<uuid:public_id>/", agreements.detail, name="agreement"),
    path("agreements/<uuid:public_id>/history/", histories.agreement, name="agreement_history"),
    path("agreements/<uuid:public_id>/send/", agreements.send, name="agreement_send"),
    path("agreements/<uuid:public_id>/sign/", agreements.sign, name="agreement_sign"),
    path("agreements/<uuid:public_id>/decline/", agreements.decline, name="agreement_decline"),
    path("agreements/<uuid:public_id>/withdraw/", agreements.withdraw, name="agreement_withdraw"),
    path("agreements/<uuid:public_id>/countersign/", agreements.countersign, name="agreement_countersign"),
    path("agreements/<uuid:public_id>/suspend/", agreements.suspend, name="agreement_suspend"),
    path("agreements/<uuid:public_id>/resume/", agreements.resume, name="agreement_resume"),
    path("agreements/<uuid:public_id>/terminate/", agreements.terminate, name="agreement_terminate"),
    path("staff/<uuid:public_id>/", staff.detail, name="staff_entry"),
    path("staff/<uuid:public_id>/history/", histories.staff_entry, name="staff_history"),
    path("staff/<uuid:public_id>/end/", staff.end, name="staff_end"),
    path("staff/<uuid:public_id>/suspend/", staff.suspend, name="staff_suspend"),
    path("staff/<uuid:public_id>/reinstate/", staff.reinstate, name="staff_reinstate"),
    path("<uuid:public_id>/", organisations.detail, name="organisation"),
    path("<uuid:public_id>/history/", histories.organisation, name="organisation_history"),
    path("<uuid:public_id>/details/", organisations.amend, name="organisation_amend"),
    path("<uuid:public_id>/suspend/", organisations.suspend, name="organisation_suspend"),
    path("<uuid:public_id>/resume/", organisations.resume, name="organisation_resume"),
    path("<uuid:public_id>/posts/new/", organisations.appoint, name="appoint"),
    path("<uuid:public_id>/agreements/new/", agreements.new, name="agreement_new"),
    path("<uuid:public_id>/sent/", webhooks.sent, name="sent"),
    path("<uuid:public_id>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:public_id>/stop/", webhooks.stop, name="webhook_stop"),
    path("webhooks/<uuid:public_id>/test/", webhooks.send_test, name="webhook_test"),
    path("webhooks/<uuid:public_id>/start/", webhooks.start, name="webhook_start"),
    path("<uuid:public_id>/staff/new/", staff.new, name="staff_new"),
]
