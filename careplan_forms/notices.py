"""What the mails about forms and about access to plans say."""

from governance.notices import Topic, topics


def register() -> None:
    """Called once the apps are ready."""
    opened = "An account is open for you. The first time, choose a password with “I have forgotten my password”."
    topics.add("access.given", Topic("Access that was given to you", opened))
    topics.add("form.sign_off", Topic("Forms and their sign-off", "There is news of the sign-off of a form."))
    topics.add("form.comment", Topic("Comments on forms", "There is a new comment on a question of a form."))
