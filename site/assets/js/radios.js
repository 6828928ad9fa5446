// Shows the question that belongs to one answer of a radio group. The design system's own script also sets
// aria-expanded, which radio buttons may not carry (ARIA 1.2), so this one takes its place.

const HIDDEN = "nhsuk-radios__conditional--hidden";

export function startRadios(group) {
  const inputs = [...group.querySelectorAll("input[type=radio]")];
  const shown = new Map();
  for (const input of inputs) {
    const id = input.getAttribute("data-aria-controls");
    const question = id && document.getElementById(id);
    if (!question) continue;
    input.setAttribute("aria-controls", id);
    input.removeAttribute("data-aria-controls");
    shown.set(input, question);
  }
  const update = () => shown.forEach((question, input) => question.classList.toggle(HIDDEN, !input.checked));
  group.addEventListener("change", update);
  // A browser that goes back restores answers after the page has loaded.
  window.addEventListener("pageshow", update);
  update();
}
