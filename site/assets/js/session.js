// Warns before a session ends. The server alone decides when that is; without scripts the next request after
// the end leads to the sign-in page, which returns to where the person was.
//
// <dialog id="session-warning" data-idle="1800" data-warn="120" data-left="43200"
//         data-keep-alive-url="/…" data-ended-url="/account/login/?next=/…">
//   data-idle: seconds without a request until the end; data-left: seconds until the end nobody can put off.

const CHANNEL = "foreword-session";
const LAST_WARNING = 600;

/** "2 minutes", "1 minute", "40 seconds": said rarely enough not to talk over a screen reader. */
function spoken(seconds) {
  if (seconds < 60) return `${Math.max(10, Math.ceil(seconds / 10) * 10)} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

export function startSessionWarning(dialog) {
  if (!dialog || typeof dialog.showModal !== "function") return;
  const idle = Number(dialog.dataset.idle) * 1000;
  const warn = Number(dialog.dataset.warn) * 1000;
  const finalEnd = Date.now() + Number(dialog.dataset.left) * 1000;
  const remaining = dialog.querySelector("[data-session-remaining]");
  const stay = dialog.querySelector("[data-session-stay]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
  let end = 0;
  let finalWarningSeen = false;
  let lastSaid = "";

  function renewed(tellOthers) {
    end = Math.min(Date.now() + idle, finalEnd);
    if (dialog.open && !atFinalEnd()) dialog.close();
    if (tellOthers) channel?.postMessage("renewed");
  }

  function atFinalEnd() {
    return end >= finalEnd;
  }

  function say(left) {
    const words = spoken(left / 1000);
    if (words !== lastSaid) remaining.textContent = words;
    lastSaid = words;
  }

  function check() {
    const left = end - Date.now();
    if (left <= 0) {
      window.location.assign(dialog.dataset.endedUrl);
      return;
    }
    const due = atFinalEnd() ? LAST_WARNING * 1000 : warn;
    if (left > due || (atFinalEnd() && finalWarningSeen && left > warn)) return;
    say(left);
    if (!dialog.open) {
      finalWarningSeen = atFinalEnd();
      document.dispatchEvent(new CustomEvent("foreword:session-ending"));
      dialog.showModal();
      stay.focus();
    }
  }

  async function keepAlive() {
    dialog.close();
    if (atFinalEnd()) return;
    const answer = await fetch(dialog.dataset.keepAliveUrl, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-CSRFToken": dialog.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" },
    }).catch(() => null);
    if (answer?.ok) renewed(true);
    else window.location.assign(dialog.dataset.endedUrl);
  }

  stay.addEventListener("click", keepAlive);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    keepAlive();
  });
  channel?.addEventListener("message", () => renewed(false));
  document.addEventListener("foreword:server-answered", () => renewed(true));
  document.addEventListener("visibilitychange", check);
  renewed(true);
  window.setInterval(check, 5000);
}
