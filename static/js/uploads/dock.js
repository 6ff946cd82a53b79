// How high the bar at the lower edge is: pages end above it, and the next page knows at once.
const KEY = "uploads-dock";

export function watchHeight(panel) {
  new ResizeObserver(() => {
    const height = Math.ceil(panel.offsetHeight);
    document.documentElement.style.setProperty("--dock", `${height}px`);
    if (height) localStorage.setItem(KEY, height);
    else localStorage.removeItem(KEY);
  }).observe(panel);
}
