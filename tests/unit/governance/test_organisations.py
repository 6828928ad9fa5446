"""What an organisation keeps of its own past."""

from governance.models import Agreement
from governance.services import organisations


def test_an_organisation_keeps_its_history_with_who_and_why(host_officer, practice):
    organisations.amend(organisation=practice, name="New name", reason="Merged", by=host_officer)
    newest = practice.history.first()
    assert (newest.name, newest.history_user_id, newest.history_change_reason) == (
        "New name",
        host_officer.user_id,
        "Merged",
    )
    assert Agreement.objects.filter(organisation=practice).exists()
