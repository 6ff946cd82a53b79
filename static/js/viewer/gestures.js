// Pointer, wheel and double taps on the picture. What a drag means depends on the place: the divider's thumb takes
// its own, a mouse elsewhere moves the divider or the picture, a finger that swipes goes on to the next photo.
const TAP = { milliseconds: 320, pixels: 24 };
const SWIPE = { pixels: 60, slope: 2 };
const DOUBLE_TAP_ZOOM = 3;

export function followGestures(view, compare, goTo) {
  const { frame, root } = view;
  const pointers = new Map();
  let start = null;
  let pinch = null;
  let lastTap = null;

  frame.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.matches("input, button, a")) return;
    pointers.set(event.pointerId, event);
    start = { x: event.clientX, y: event.clientY, moved: false, hasFellow: pointers.size > 1 };
    if (pointers.size === 2) {
      compare.release();
      pinch = spread(pointers);
    } else if (!view.isZoomed && compare.mode === "slider" && event.pointerType === "mouse") {
      compare.dragTo(event);
    } else compare.press();
    if (event.pointerType === "mouse") frame.setPointerCapture(event.pointerId);
  });

  frame.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) pinchTo(spread(pointers));
    else move(before, event);
  });

  for (const type of ["pointerup", "pointercancel"]) {
    frame.addEventListener(type, (event) => {
      if (!pointers.delete(event.pointerId)) return;
      root.classList.remove("is-moving");
      compare.release();
      if (pinch) pinch = pointers.size === 2 ? pinch : null;
      else if (type === "pointerup") finish(event);
    });
  }

  frame.addEventListener("wheel", (event) => {
    // The page scrolls as always, unless somebody zooms already or begins to at its top.
    if (!view.isZoomed && !event.ctrlKey && (event.deltaY > 0 || scrollY > 0) && !root.classList.contains("is-full")) return;
    event.preventDefault();
    view.zoomBy(Math.exp(-event.deltaY / (event.deltaMode ? 12 : 400)), view.pointOf(event));
  }, { passive: false });

  frame.addEventListener("dblclick", (event) => toggle(event));

  function move(before, event) {
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > 8) start.moved = true;
    if (start.moved) compare.cancelPress();
    if (view.isZoomed) {
      root.classList.add("is-moving");
      view.moveBy(event.clientX - before.clientX, event.clientY - before.clientY);
    } else if (event.pointerType === "mouse" && compare.mode === "slider") compare.dragTo(event);
  }

  function pinchTo(now) {
    view.zoomBy(now.distance / pinch.distance, view.pointOf(now));
    view.moveBy(now.clientX - pinch.clientX, now.clientY - pinch.clientY);
    pinch = now;
    start.moved = true;
  }

  function finish(event) {
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    // Of two fingers that zoomed, the one that is lifted last has not swiped: the other one began.
    if (event.pointerType === "mouse" || start.hasFellow) return;
    if (!view.isZoomed && !compare.wasPressed && Math.abs(dx) > SWIPE.pixels && Math.abs(dx) > SWIPE.slope * Math.abs(dy)) {
      goTo(dx < 0 ? "next" : "prev");
    } else if (!start.moved) tap(event);
  }

  // Browsers make no double click of taps where they may not zoom themselves.
  function tap(event) {
    const again = lastTap && event.timeStamp - lastTap.timeStamp < TAP.milliseconds
      && Math.hypot(event.clientX - lastTap.clientX, event.clientY - lastTap.clientY) < TAP.pixels;
    lastTap = again ? null : event;
    if (again) toggle(event, true);
  }

  let toggledAt = 0;
  function toggle(event, isTap = false) {
    if (!isTap && event.timeStamp - toggledAt < 500) return;
    toggledAt = event.timeStamp;
    if (view.isZoomed) view.reset();
    else view.zoomTo(Math.min(DOUBLE_TAP_ZOOM, view.largest), view.pointOf(event));
  }
}

function spread(pointers) {
  const [one, other] = [...pointers.values()];
  return {
    clientX: (one.clientX + other.clientX) / 2,
    clientY: (one.clientY + other.clientY) / 2,
    distance: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
  };
}
