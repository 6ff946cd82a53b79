// Full screen: the element fills the window everywhere, and the screen where the browser has a way (iPhones have none).
export class Full {
  constructor(view) {
    this.view = view;
    this.root = view.root;
    this.button = this.root.querySelector("[data-full]");
    this.button.addEventListener("click", () => this.toggle());
    this.root.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement) this.set(false);
    });
  }

  get isOn() {
    return this.root.classList.contains("is-full");
  }

  toggle() {
    const isOn = !this.isOn;
    this.set(isOn);
    // Where it is not allowed, the window has to be enough.
    if (isOn) this.root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  set(isOn) {
    this.root.classList.toggle("is-full", isOn);
    this.button.setAttribute("aria-pressed", String(isOn));
    this.view.reset();
  }
}
