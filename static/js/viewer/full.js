// Full screen: the viewer of a photo or film fills the window everywhere, and the screen where the browser has a way (iPhones have none).
// The page has the screen, not the viewer, which comes anew when a version is ready.
const WALKING = "viewer-full";

export class Full {
  constructor(root, changed = () => {}) {
    this.root = root;
    this.changed = changed;
    this.button = this.root.querySelector("[data-full]");
    this.button.addEventListener("click", () => this.toggle());
    const controller = new AbortController();
    document.addEventListener("fullscreenchange", () => {
      if (!this.root.isConnected) controller.abort();
      else if (!document.fullscreenElement) this.set(false);
    }, { signal: controller.signal });
  }

  get isOn() {
    return this.root.classList.contains("is-full");
  }

  toggle() {
    const isOn = !this.isOn;
    this.set(isOn);
    // Where it is not allowed, the window has to be enough. Who has left before it came is not brought in.
    if (isOn) document.documentElement.requestFullscreen?.().then(() => this.isOn || document.exitFullscreen(), () => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  set(isOn) {
    this.root.classList.toggle("is-full", isOn);
    this.button.setAttribute("aria-pressed", String(isOn));
    this.changed();
  }
}

// Browsers take the screen back with each page, so the next photo fills the window. Only the next: who goes elsewhere
// and comes back later sees the page.
export function rememberFull() {
  document.addEventListener("click", ({ target }) => {
    if (target.closest(".viewer__album a") && document.querySelector(".is-full")) sessionStorage.setItem(WALKING, "yes");
  });
}

export function takeFull() {
  const wasFull = sessionStorage.getItem(WALKING) === "yes";
  sessionStorage.removeItem(WALKING);
  return wasFull;
}
