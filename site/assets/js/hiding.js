// Takes a secret off the screen after as many seconds as its element names. Asking for it again is logged again.
export function startHiding(element) {
  const hide = () => {
    element.textContent = element.dataset.hiddenText;
  };
  setTimeout(hide, Number(element.dataset.hideAfter) * 1000);
  // A page kept by the browser and come back to must not show it either.
  addEventListener("pagehide", hide);
}
