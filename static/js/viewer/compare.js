// How the two pictures are compared: a divider, side by side, or one until the other is asked for.
const A_YEAR = 365 * 24 * 3600;
const PRESS_AFTER = 180; // milliseconds: a double tap or a drag is no press

export class Compare {
  constructor(view) {
    this.view = view;
    this.root = view.root;
    this.divider = this.root.querySelector(".viewer__divider");
    this.hold = this.root.querySelector(".viewer__hold");
    this.hasTwo = Boolean(this.divider);
    this.wasPressed = false;
    if (!this.hasTwo) return;
    this.divider.addEventListener("input", () => this.show());
    for (const radio of this.root.querySelectorAll("[name=viewer-mode]")) {
      radio.addEventListener("change", () => this.choose(radio.value));
    }
    this.listenToHold();
    this.show();
  }

  get mode() {
    return this.hasTwo ? this.root.dataset.mode : "";
  }

  // The server reads the cookie: the next page comes in this mode.
  choose(mode) {
    this.root.dataset.mode = mode;
    document.cookie = `viewer_mode=${mode}; path=/; max-age=${A_YEAR}; samesite=lax`;
    this.view.reset();
  }

  show() {
    this.view.frame.style.setProperty("--at", this.divider.value / 100);
  }

  dragTo(event) {
    const { from, span } = this.view.seen;
    this.divider.value = Math.round((100 * (this.view.pointOf(event).x - from)) / span);
    this.show();
  }

  // Pressed for a while anywhere on the picture.
  press() {
    this.wasPressed = false;
    if (this.mode === "hold") this.timer = setTimeout(() => this.setHeld(true), PRESS_AFTER);
  }

  cancelPress() {
    clearTimeout(this.timer);
  }

  release() {
    this.cancelPress();
    if (this.root.classList.contains("is-held")) this.wasPressed = true;
    this.setHeld(false);
  }

  setHeld(isHeld) {
    if (!this.hasTwo) return;
    this.root.classList.toggle("is-held", isHeld);
    this.hold.setAttribute("aria-pressed", String(isHeld));
  }

  // A click without a pointer comes from a screen reader: it stays until the next.
  listenToHold() {
    const isKey = ({ key }) => key === " " || key === "Enter";
    this.hold.addEventListener("pointerdown", () => this.setHeld(true));
    for (const type of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
      this.hold.addEventListener(type, () => this.setHeld(false));
    }
    this.hold.addEventListener("keydown", (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      this.setHeld(true);
    });
    this.hold.addEventListener("keyup", (event) => isKey(event) && this.setHeld(false));
    this.hold.addEventListener("click", ({ detail }) => {
      if (!detail) this.setHeld(!this.root.classList.contains("is-held"));
    });
    this.hold.addEventListener("contextmenu", (event) => event.preventDefault());
  }
}
