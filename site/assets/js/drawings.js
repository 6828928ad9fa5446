// A drawing wider than its room opens where the case stands, or begins, and not at its empty corner.
// Without this one scrolls there, and the table below says the same.
export function startDrawing(region) {
  const show = () => {
    region.scrollLeft = Number(region.dataset.drawing) - region.clientWidth / 2;
  };
  show();
  region.closest("details")?.addEventListener("toggle", show);
}
