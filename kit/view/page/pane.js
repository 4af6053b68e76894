// The picture in its pane: it fits, zooms, pans and follows. Sizes: the picture's own are points, the
// pane's pixels; `scale` is pixels a point.
const FULL = 4 / 3;
const SMALLEST = 0.5; // What can just be read. A picture too wide even so is followed, not shrunk.

function makePane(box, svg, memory, changed) {
  const whole = { width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height };
  let view = memory.view || null;
  svg.setAttribute("preserveAspectRatio", "xMidYMin meet");

  function width() {
    return box.clientWidth || 600;
  }

  function home() {
    const fits = Math.min(FULL, width() / whole.width);
    return { scale: Math.max(fits, Math.min(SMALLEST, FULL)), x: 0, y: 0, own: false };
  }

  function height() {
    const most = Math.max(240, window.innerHeight * 0.7);
    return Math.min(most, Math.max(160, whole.height * home().scale));
  }

  function draw() {
    if (!view || !view.own) view = { ...home(), x: view?.x || 0, y: view?.y || 0 };
    const wide = width() / view.scale;
    const high = height() / view.scale;
    view.x = wide >= whole.width ? (whole.width - wide) / 2 : clamp(view.x, 0, whole.width - wide);
    view.y = high >= whole.height ? 0 : clamp(view.y, 0, whole.height - high);
    box.style.height = `${height()}px`;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${wide} ${high}`);
    memory.view = view;
    changed(view.scale / FULL);
  }

  function zoom(factor, left = width() / 2, top = height() / 2) {
    const scale = clamp(view.scale * factor, 0.05, 6);
    view.x += left / view.scale - left / scale;
    view.y += top / view.scale - top / scale;
    view.scale = scale;
    view.own = true;
    draw();
  }

  function pan(right, down) {
    view.x += right / view.scale;
    view.y += down / view.scale;
    draw();
  }

  function fit() {
    const scale = Math.min(FULL, width() / whole.width, height() / whole.height);
    view = { scale, x: 0, y: 0, own: true };
    draw();
  }

  function reset() {
    view = null;
    draw();
  }

  // Brings a group into sight, in the middle, if it isn't there.
  function reveal(group) {
    const shown = group.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (!shown.width || !frame.width) return;
    const inside = shown.left >= frame.left && shown.right <= frame.right;
    if (inside && shown.top >= frame.top && shown.bottom <= frame.bottom) return;
    pan(
      shown.left + shown.width / 2 - frame.left - frame.width / 2,
      shown.top + shown.height / 2 - frame.top - frame.height / 2,
    );
  }

  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // The page scrolls.
      event.preventDefault();
      const frame = box.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), event.clientX - frame.left, event.clientY - frame.top);
    },
    { passive: false },
  );
  let from = null;
  box.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = { x: event.clientX, y: event.clientY, moved: false };
  });
  box.addEventListener("pointermove", (event) => {
    if (!from || !(event.buttons & 1)) {
      from = null;
      return;
    }
    const [right, down] = [from.x - event.clientX, from.y - event.clientY];
    if (!from.moved && Math.hypot(right, down) < 4) return;
    if (!from.moved) box.setPointerCapture(event.pointerId);
    memory.following = false;
    pan(right, down);
    from = { x: event.clientX, y: event.clientY, moved: true };
  });
  box.addEventListener(
    "click",
    (event) => {
      if (from?.moved) event.stopPropagation(); // A drag that ends on a state is no click on it.
      from = null;
    },
    true,
  );
  const sizes = new ResizeObserver(draw);
  sizes.observe(box);
  return { draw, zoom, pan, fit, reset, reveal, close: () => sizes.disconnect() };
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
