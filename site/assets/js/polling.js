// A page that waits for a background job: <… data-poll-url="/…" data-poll-seconds="3">.
// The address answers 202 while the work goes on; anything else means the page has news and is loaded again.

const LONGEST_PAUSE = 30;

export function startPolling(region) {
  let pause = Number(region.dataset.pollSeconds ?? 3);

  async function ask() {
    const answer = await fetch(region.dataset.pollUrl, {
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-Requested-With": "polling" },
    }).catch(() => null);
    if (answer && answer.status !== 202) {
      window.location.reload();
      return;
    }
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
    window.setTimeout(ask, pause * 1000);
  }

  window.setTimeout(ask, pause * 1000);
}
