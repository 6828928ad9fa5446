"""Background work of care plans."""

from careplan_forms.services import plan_file_upkeep, reviews, sampling
from core import clock
from core.jobs import job, schedule
from governance.actors import Actor


@job()
def clear_files_away() -> dict[str, int]:
    """Delete files that no plan has named for a week, and what uploads that broke off left behind."""
    return plan_file_upkeep.clear_away(by=Actor.job("clear files away"), now=clock.now())


@job()
def ask_for_reviews() -> dict[str, int]:
    """Ask for the reviews of plans that come due; end those that something else has settled."""
    return reviews.follow_dates(by=Actor.job("ask for reviews"), now=clock.now())


@job()
def draw_sample() -> dict[str, int]:
    """Draw last month's sample of plans that one doctor wrote and approved."""
    return {"opened": sampling.draw_last_month(by=Actor.job("draw the month's sample"), now=clock.now())}


def register_schedules() -> None:
    """Called once the apps are ready."""
    schedule("clear unused files of plans away", "25 2 * * *", clear_files_away)
    schedule("ask for reviews of plans", "20 5 * * *", ask_for_reviews)
    schedule("draw the month's sample", "40 5 1 * *", draw_sample)
