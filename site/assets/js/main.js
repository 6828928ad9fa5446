// The one script of every page. Without it every page still works; with it the design system's parts
// (error summary focus, character counts, conditional questions) and our three helpers wake up.
import { initAll } from "./nhsuk-frontend-10.6.1.js";
import { startAutosave } from "./autosave.js";
import { startPolling } from "./polling.js";
import { startSessionWarning } from "./session.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
startSessionWarning(document.getElementById("session-warning"));
document.querySelectorAll("form[data-autosave-url]").forEach(startAutosave);
document.querySelectorAll("[data-poll-url]").forEach(startPolling);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
