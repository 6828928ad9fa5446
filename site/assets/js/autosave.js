// Keeps unsaved answers on the server when someone leaves a field. It never replaces the Save button.
//
// <form data-autosave-url="/…"> gets, per change, a POST of the changed fields alone, each with all its
// values, plus `_fields`: the names it speaks for (a cleared tick box sends no value of its own).
// The answer may be JSON {"message": "…"}; anything but 2xx is said in words beside the form.

const PAUSE = 400;

/** The names that belong together: a date's three boxes travel as one answer. */
function namesOf(field) {
  const boxes = field.closest(".nhsuk-date-input");
  const fields = boxes ? [...boxes.querySelectorAll("input[name]")] : [field];
  return fields.map((one) => one.name);
}

function statusRegion(form) {
  let region = form.querySelector("[data-autosave-status]");
  if (!region) {
    region = document.createElement("p");
    region.className = "fw-save-status";
    region.setAttribute("role", "status");
    form.append(region);
  }
  return region;
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function startAutosave(form) {
  const region = statusRegion(form);
  const changed = new Set();
  let timer = 0;
  let lastSent = serialise(form);

  function body() {
    const all = new FormData(form);
    const part = new FormData();
    part.set("csrfmiddlewaretoken", all.get("csrfmiddlewaretoken") ?? "");
    for (const name of changed) {
      part.append("_fields", name);
      all.getAll(name).forEach((value) => part.append(name, value));
    }
    return part;
  }

  async function send() {
    window.clearTimeout(timer);
    if (!changed.size || serialise(form) === lastSent) return;
    const sending = serialise(form);
    const request = {
      method: "POST",
      body: body(),
      credentials: "same-origin",
      redirect: "manual",
      keepalive: true,
      headers: {
        "X-CSRFToken": form.elements.csrfmiddlewaretoken?.value ?? "",
        "X-Requested-With": "autosave",
        Accept: "application/json",
      },
    };
    const names = [...changed];
    changed.clear();
    try {
      const answer = await fetch(form.dataset.autosaveUrl, request);
      if (!answer.ok) throw new Error(String(answer.status));
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      lastSent = sending;
      region.textContent = said.message ?? `Saved at ${clock()}`;
      document.dispatchEvent(new CustomEvent("foreword:server-answered"));
    } catch {
      names.forEach((name) => changed.add(name));
      region.textContent = "Not saved yet. Your answers are still on this page. Select save before you leave it.";
    }
  }

  function note(event) {
    const field = event.target;
    if (!field.name || field.type === "file" || field.type === "hidden" || field.type === "password") return;
    namesOf(field).forEach((name) => changed.add(name));
  }

  form.addEventListener("input", note);
  form.addEventListener("change", (event) => {
    note(event);
    window.clearTimeout(timer);
    timer = window.setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    changed.clear();
  });
  window.addEventListener("pagehide", send);
  document.addEventListener("foreword:session-ending", send);
}

/** The form's answers as one string, to tell a change from a mere visit to a field. */
function serialise(form) {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}
