// The one script of every page. Without it every page still works; with it the design system's parts
// (error summary focus, character counts, conditional questions) and our own helpers wake up.
// Left out on purpose: its Radios (see radios.js) and FileUpload, whose button hides its own label from
// people who speak to their computer; the browser's file control does the job.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Scroll,
  SkipLink,
  createAll,
} from "./nhsuk-frontend-10.6.1.js";
import { startAutosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startDrawing } from "./drawings.js";
import { startHiding } from "./hiding.js";
import { startPolling } from "./polling.js";
import { startRadios } from "./radios.js";
import { startRows } from "./rows.js";
import { startSessionWarning } from "./session.js";

const PARTS = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Scroll, SkipLink];

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
PARTS.forEach((part) => createAll(part));
document.querySelectorAll("[data-module='nhsuk-radios']").forEach(startRadios);
document.querySelectorAll("[data-form-rules]").forEach(startConditions);
document.querySelectorAll("form[data-autosave-url]").forEach(startAutosave);
document.querySelectorAll("[data-poll-url]").forEach(startPolling);
document.querySelectorAll("[data-hide-after]").forEach(startHiding);
document.querySelectorAll("[data-drawing]").forEach(startDrawing);
document.querySelectorAll("[data-row-keys]").forEach(startRows);
startSessionWarning(document.getElementById("session-warning"));
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
