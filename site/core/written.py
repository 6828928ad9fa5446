"""What somebody wrote in their own words, given back on the page that says why it could not be taken."""

from django.http import HttpRequest

#: The names under which our forms ask for sentences (tests/architecture/test_written.py).
NAMES = ("reason", "explanation", "comment", "change_note", "body", "text", "address")


def words_of(request: HttpRequest) -> list[str]:
    """The sentences a form sent; nothing chosen, ticked or hidden, and no short answers, which are soon typed again."""
    if request.method != "POST":
        return []
    return [text for name in NAMES for text in request.POST.getlist(name) if text.strip()]
