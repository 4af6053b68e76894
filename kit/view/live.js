// The moving graph. The SVG comes once; afterwards only what changed, in the trait `changes`.
const ACTIONS = { stop: "Stop", pause: "Pause", resume: "Resume", step: "Step", redrive: "Redrive" };

function initialize({ model }) {
  // A view that is drawn later, or again after a reload, finds everything in `status` and `details`.
  function keep() {
    const changes = model.get("changes");
    model.set("status", { ...model.get("status"), ...changes.status });
    model.set("details", { ...model.get("details"), ...changes.details });
  }
  model.on("change:changes", keep);
  keep(); // A change may have come while this file was loaded.
}

function render({ model, el }) {
  const view = build(el, model);
  const nodes = new Map();
  const boxes = new Map();
  for (const group of view.picture.querySelectorAll("[data-node]")) nodes.set(group.dataset.node, group);
  for (const group of view.picture.querySelectorAll("[data-box]")) boxes.set(group.dataset.box, group);
  const order = [...nodes.keys()];
  let selected = null;

  function dark() {
    const body = document.body;
    if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
    if (body.dataset.vscodeThemeKind) return !body.dataset.vscodeThemeKind.includes("light");
    return false;
  }

  function paint(statuses) {
    const looks = model.get("looks")[dark() ? "dark" : "light"];
    for (const [id, [status, footer, caption]] of Object.entries(statuses)) {
      const group = nodes.get(id);
      if (!group) continue;
      const look = looks[status];
      const name = group.dataset.state;
      group.dataset.status = status;
      const shape = group.querySelector("path");
      shape.setAttribute("fill", look.fill);
      shape.setAttribute("stroke", look.stroke);
      shape.setAttribute("stroke-width", look.border);
      if (look.dashes) shape.setAttribute("stroke-dasharray", look.dashes);
      else shape.removeAttribute("stroke-dasharray");
      const frame = boxes.get(id)?.querySelector("path");
      if (frame) frame.setAttribute("stroke", look.stroke);
      const foot = group.querySelector(".footer");
      if (foot) {
        foot.textContent = footer;
        foot.setAttribute("fill", look.text);
      }
      if (caption) group.querySelector(".caption").textContent = caption;
      const said = `${name}: ${footer ? footer.slice(footer.indexOf(" ") + 1) : look.word}`;
      group.querySelector("title").textContent = said;
      group.setAttribute("aria-label", said);
      view.words.get(id).textContent = said;
    }
  }

  function repaint() {
    view.root.dataset.theme = dark() ? "dark" : "light";
    const blank = Object.fromEntries(order.map((id) => [id, ["not started", "", null]]));
    paint({ ...blank, ...model.get("status") });
  }

  function select(id) {
    if (selected) nodes.get(selected).classList.remove("selected");
    selected = id;
    if (id) nodes.get(id).classList.add("selected");
    showDetails();
  }

  function showDetails() {
    view.side.hidden = !selected;
    view.side.replaceChildren();
    if (!selected) return;
    const name = nodes.get(selected).dataset.state;
    const close = make("button", { type: "button", className: "close", textContent: "Close" });
    close.addEventListener("click", () => {
      const last = selected;
      select(null);
      nodes.get(last).focus();
    });
    view.side.append(make("h3", { textContent: name }), close);
    const entries = model.get("details")[selected];
    if (!entries) {
      view.side.append(make("p", { textContent: "Not started." }));
      return;
    }
    for (const [label, text] of entries) {
      view.side.append(make("h4", { textContent: label }), make("pre", { textContent: readable(text) }));
    }
  }

  function focus(id) {
    for (const [other, group] of nodes) group.setAttribute("tabindex", other === id ? "0" : "-1");
    nodes.get(id).focus();
  }

  order.forEach((id, place) => {
    const group = nodes.get(id);
    group.setAttribute("tabindex", place ? "-1" : "0");
    group.setAttribute("role", "button");
    group.addEventListener("click", () => {
      focus(id);
      select(selected === id ? null : id);
    });
    group.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
      if (event.key === "Enter" || event.key === " ") select(selected === id ? null : id);
      else if (event.key === "Escape") select(null);
      else if (event.key in steps) focus(order[(place + steps[event.key] + order.length) % order.length]);
      else if (event.key === "Home") focus(order[0]);
      else if (event.key === "End") focus(order[order.length - 1]);
      else return;
      event.preventDefault();
      event.stopPropagation(); // JupyterLab has shortcuts of its own on these keys.
    });
  });

  function head() {
    const execution = model.get("execution");
    view.headline.textContent = execution.headline;
    view.root.dataset.execution = execution.status;
    view.notice.textContent = model.get("notice");
    const running = execution.status === "RUNNING";
    for (const [name, button] of view.buttons) {
      button.disabled = name === "redrive" ? running || execution.status === "SUCCEEDED" : !running;
    }
  }

  function changed() {
    const changes = model.get("changes");
    paint(changes.status || {});
    if (selected && changes.details && selected in changes.details) showDetails();
  }

  const themes = new MutationObserver(repaint);
  themes.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"],
  });
  model.on("change:changes", changed);
  model.on("change:execution change:notice", head);
  repaint();
  head();
  return () => {
    themes.disconnect();
    model.off("change:changes", changed);
    model.off("change:execution change:notice", head);
  };
}

function build(el, model) {
  const root = make("div", { className: "small-steps-live" });
  const headline = make("span", { className: "headline" });
  headline.setAttribute("role", "status");
  const notice = make("span", { className: "notice" });
  notice.setAttribute("role", "alert");
  const bar = make("div", { className: "bar" });
  bar.append(headline);
  const buttons = new Map();
  for (const name of model.get("actions")) {
    const button = make("button", { type: "button", textContent: ACTIONS[name] });
    button.addEventListener("click", () => model.send({ press: name }));
    buttons.set(name, button);
    bar.append(button);
  }
  bar.append(notice);
  const parsed = new DOMParser().parseFromString(model.get("svg"), "image/svg+xml").documentElement;
  const svg = document.importNode(parsed, true);
  svg.setAttribute("role", "group");
  svg.style.minWidth = `${svg.viewBox.baseVal.width}px`; // Three quarters of its full size: still legible.
  const picture = make("div", { className: "picture" });
  picture.append(svg);
  const side = make("aside", { className: "side", hidden: true });
  side.setAttribute("aria-label", "Details of the selected state");
  const panes = make("div", { className: "panes" });
  panes.append(picture, side);
  const twin = make("details", { className: "twin" });
  const list = make("ul", {});
  const words = new Map();
  for (const group of svg.querySelectorAll("[data-node]")) {
    const item = make("li", {});
    words.set(group.dataset.node, item);
    list.append(item);
  }
  twin.append(make("summary", { textContent: "In words" }), list);
  root.append(bar, panes, twin);
  el.append(root);
  return { root, headline, notice, buttons, picture, side, words };
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export default { initialize, render };
