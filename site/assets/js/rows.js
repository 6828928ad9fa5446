// Moves through a list by single keys: j to the next row's link, k to the one before; Enter opens it, as it does any
// link. The keys can be turned off, which this browser remembers, and they never act on what somebody types.
const REMEMBERED = "foreword-row-keys";

export function startRows(help) {
  const button = help.querySelector("button");
  const state = help.querySelector("[data-row-keys-state]");
  let on = remembered() !== "off";
  const say = () => {
    state.textContent = on ? "The keys are on." : "The keys are off.";
    button.textContent = on ? "Turn the keys off" : "Turn the keys on";
  };
  button.addEventListener("click", () => {
    on = !on;
    remember(on ? "on" : "off");
    say();
  });
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!on || !step || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const links = [...document.querySelectorAll("[data-row]")];
    const here = links.indexOf(document.activeElement?.closest("tr")?.querySelector("[data-row]"));
    const next = links[here < 0 ? 0 : here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  say();
  help.hidden = false;
}

function isTyping(target) {
  return Boolean(target.closest?.("input, textarea, select, [contenteditable]:not([contenteditable='false'])"));
}

// A browser that keeps nothing for pages just forgets the choice.
function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    localStorage.setItem(REMEMBERED, choice);
  } catch {
    // Nothing to do: the choice holds for this page.
  }
}
