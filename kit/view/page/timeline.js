// A bar for each visit on the run's time. Time stands still in folds, which say how long they are.
const ROW = 26;
const LABELS = 190;
const LENGTHS = 120; // Room on the right for how long the last visits took.
const SVG = "http://www.w3.org/2000/svg";

function makeTimeline(box, model, names, looks, select) {
  function place(points, time) {
    let before = points[0];
    for (const after of points.slice(1)) {
      if (time <= after[0]) {
        const length = after[0] - before[0];
        return before[1] + (length ? Math.max(0, (time - before[0]) / length) : 0) * (after[1] - before[1]);
      }
      before = after;
    }
    return before[1];
  }

  function draw(selection) {
    const bars = model.get("bars");
    const scale = model.get("scale");
    const folds = scale.folds;
    const now = model.get("execution").last;
    const order = [...new Set(bars.map((bar) => bar[0]))].filter((node) => names.has(node));
    const total = order.length * ROW + 34;
    const wide = Math.max(box.clientWidth, 420);
    const points = scale.points.map(([time, x]) => [time, (x * (wide - LABELS - LENGTHS)) / 1000]);
    const svg = draft("svg", { width: wide, height: total, class: "bars", role: "group" });
    svg.setAttribute("aria-label", "Timeline");
    for (const fold of folds) {
      const left = LABELS + points[fold][1];
      const span = points[fold + 1][1] - points[fold][1];
      svg.append(draft("rect", { class: "fold", x: left, y: 20, width: span, height: total - 20 }));
      svg.append(note(left + span / 2, 13, lasting(points[fold + 1][0] - points[fold][0]), "fold-text middle"));
    }
    for (const [time, x] of ticks(points, folds)) {
      svg.append(draft("line", { class: "tick", x1: LABELS + x, x2: LABELS + x, y1: 20, y2: total }));
      svg.append(note(LABELS + x + 2, 28, `+${lasting(time)}`, "tick-text"));
    }
    const sizes = new Map();
    for (const bar of bars) sizes.set(bar[0], Math.max(sizes.get(bar[0]) || 1, bar[4] + 1));
    const lastOf = new Map(bars.map((bar, index) => [bar[0], index]));
    order.forEach((node, row) => {
      const top = 34 + row * ROW;
      const chosen = selection.node === node;
      const strip = draft("rect", { class: chosen ? "strip chosen" : "strip", x: 0, y: top, height: ROW });
      strip.setAttribute("width", wide);
      strip.dataset.node = node;
      svg.append(strip, note(6, top + 17, clipped(names.get(node), 30), chosen ? "label chosen" : "label"));
    });
    bars.forEach((bar, index) => {
      const [node, status, start, end, lane, iteration, segments, event, replaced] = bar;
      const row = order.indexOf(node);
      if (row < 0) return;
      const many = sizes.get(node);
      const high = many > 1 ? (ROW - 6) / many : 14;
      const top = 34 + row * ROW + (many > 1 ? 3 + lane * high : 6);
      const look = looks()[status];
      const until = end === null ? now : end;
      const [left, right] = [LABELS + place(points, start), LABELS + place(points, until)];
      const group = draft("g", { class: "visit", "data-visit": event, "data-bar": node, tabindex: -1 });
      if (replaced) group.classList.add("replaced");
      if (selection.visit === event) group.classList.add("chosen");
      const says = `${names.get(node)}${iteration === null ? "" : ` [${iteration}]`}: ${look.word}, ${lasting(until - start)}`;
      const title = draft("title", {});
      title.textContent = says;
      group.append(title);
      group.append(draft("rect", {
        class: "stay", x: left, y: top + high / 4, height: high / 2, width: Math.max(right - left, 3),
        stroke: look.stroke,
      }));
      for (const [from, to, kind] of segments) {
        const [a, b] = [LABELS + place(points, from), LABELS + place(points, to === null ? until : to)];
        const failed = kind === "failed";
        const shape = draft("rect", { class: kind, x: a, y: top, height: Math.max(high - 1, 2), width: Math.max(b - a, 3) });
        shape.setAttribute("stroke", failed ? looks().failed.stroke : look.stroke);
        if (kind === "work") shape.setAttribute("fill", look.stroke);
        if (failed) shape.setAttribute("fill", looks().failed.fill);
        group.append(shape);
      }
      if (lastOf.get(node) === index) {
        const after = right > wide - LENGTHS + 10;
        const text = note(after ? left - 4 : right + 5, 34 + row * ROW + 17, `${look.glyph} ${lasting(until - start)}`, "length");
        if (after) text.classList.add("end");
        text.setAttribute("fill", look.text);
        group.append(text);
      }
      group.addEventListener("click", () => select(node, event));
      svg.append(group);
    });
    svg.addEventListener("click", (event) => {
      const strip = event.target.closest(".strip");
      if (strip) select(strip.dataset.node, null);
    });
    box.replaceChildren(svg);
    if (!bars.length) box.textContent = "Nothing has run yet.";
  }

  function note(x, y, text, kind) {
    const made = draft("text", { x, y, class: kind });
    made.textContent = text;
    return made;
  }

  return { draw };
}

function ticks(points, folds) {
  const found = [];
  const [first, last] = [points[0][0], points[points.length - 1][0]];
  if (last <= first) return found;
  let reach = -100;
  for (let at = 0; at + 1 < points.length; at += 1) {
    if (folds.includes(at)) continue;
    const [[t0, x0], [t1, x1]] = [points[at], points[at + 1]];
    if (x1 - x0 < 60) continue;
    const step = niceStep(((t1 - t0) / (x1 - x0)) * 130);
    for (let time = Math.ceil(t0 / step) * step; time <= t1; time += step) {
      const x = x0 + ((time - t0) / (t1 - t0)) * (x1 - x0);
      if (x - reach < 70) continue;
      reach = x;
      found.push([time, x]);
    }
  }
  return found;
}

function niceStep(seconds) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];
  return steps.find((step) => step >= seconds) || Math.ceil(seconds / 86400) * 86400;
}

// As in the pictures: 0.8 s, 41 s, 12 min 5 s, 3 h 20 min, 2 d 4 h.
function lasting(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  for (const [size, unit, smaller, name] of [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]]) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / smaller);
    return `${Math.floor(whole / size)} ${unit}${rest ? ` ${rest} ${name}` : ""}`;
  }
  return `${whole} s`;
}

function draft(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function clipped(text, most) {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}
