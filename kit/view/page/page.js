// One run, four views, one selection. The values come whole once, afterwards only what is new, in the
// trait `changes`. Drawn in a notebook as a widget, and in a file by the same code.
const ACTIONS = {
  stop: "Stop", pause: "Pause", resume: "Resume", step: "Step", slower: "Slower", faster: "Faster", redrive: "Redrive",
};
const VIEWS = { graph: "Graph", timeline: "Timeline", events: "Events", words: "Words" };
const NOT_STARTED = ["not started", "", null, null];
const memories = new WeakMap(); // What a page remembers of a model from one drawing to the next.

function initialize({ model }) {
  // A view that is drawn later, or again after a reload, finds everything in the traits.
  function keep() {
    const { reset, status, details, bars, rows } = model.get("changes");
    if (reset) {
      model.set("bars", []);
      model.set("rows", []);
      model.set("details", {});
    }
    model.set("status", { ...model.get("status"), ...status });
    const known = { ...model.get("details") };
    for (const [node, texts] of Object.entries(details || {})) {
      const merged = { ...known[node], ...texts };
      known[node] = Object.fromEntries(Object.entries(merged).filter(([, text]) => text !== null));
    }
    model.set("details", known);
    const kept = model.get("bars");
    for (const [place, bar] of Object.entries(bars || {})) kept[place] = bar;
    const last = model.get("rows").length ? model.get("rows")[model.get("rows").length - 1][0] : 0;
    for (const row of rows || []) if (row[0] > last) model.get("rows").push(row);
  }
  model.on("change:changes", keep);
  keep(); // A change may have come while this file was loaded.
  return cover(model);
}

// When a run has ended, its output holds the still picture: that is what the file keeps. Where this model
// lives, the moving view is put over it, so that it goes on to answer.
function cover(model) {
  const covered = new Map();
  let asked = false;

  function look() {
    asked = false;
    const id = model.get("picture");
    for (const [image, undo] of covered) if (!image.isConnected) undo();
    if (!id) return;
    for (const image of document.querySelectorAll('img[src^="data:image/svg+xml"]')) {
      if (covered.has(image) || !image.src.slice(0, 3000).includes(id)) continue;
      const over = make("div", { className: "small-steps-over" });
      const close = render({ model, el: over });
      image.after(over);
      const before = image.style.display;
      image.style.display = "none";
      covered.set(image, () => {
        covered.delete(image);
        close();
        over.remove();
        image.style.display = before;
      });
    }
  }

  const pages = new MutationObserver((changes) => {
    if (asked || !changes.some((change) => change.addedNodes.length + change.removedNodes.length)) return;
    asked = true;
    requestAnimationFrame(look);
  });
  pages.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
  model.on("change:picture", look);
  look();
  return () => {
    pages.disconnect();
    model.off("change:picture", look);
    for (const undo of covered.values()) undo();
  };
}

function render({ model, el }) {
  if (!memories.has(model)) {
    memories.set(model, { node: null, visit: null, following: true, iteration: "", shown: new Set(["graph"]) });
  }
  const memory = memories.get(model);
  const page = build(el, model);
  const svg = page.svg;
  const nodes = new Map();
  const boxes = new Map();
  const names = new Map();
  for (const group of svg.querySelectorAll("[data-node]")) {
    nodes.set(group.dataset.node, group);
    names.set(group.dataset.node, group.dataset.state);
  }
  for (const group of svg.querySelectorAll("[data-box]")) boxes.set(group.dataset.box, group);
  const edges = [...svg.querySelectorAll(".edge")];
  const order = [...nodes.keys()];

  const looks = () => model.get("looks")[dark() ? "dark" : "light"];
  const pane = makePane(page.picture, svg, memory, (scale) => {
    page.scale.textContent = `${Math.round(scale * 100)} %`;
  });
  const timeline = makeTimeline(page.views.timeline, model, names, looks, select);
  const events = makeEvents(page.views.events, model, names, select, ask);

  // The statuses of all states, those of a chosen iteration in place of their Map's.
  function statuses() {
    const all = { ...Object.fromEntries(order.map((id) => [id, NOT_STARTED])), ...model.get("status") };
    if (memory.iteration === "") return all;
    const chosen = Number(memory.iteration);
    const now = model.get("execution").last;
    const inside = new Set();
    const bars = model.get("bars").filter((bar) => bar[5] !== null);
    for (const [node] of bars) if (!inside.has(node)) inside.add(node);
    for (const node of inside) all[node] = NOT_STARTED;
    for (const [node, status, start, end, , iteration] of bars) {
      if (iteration !== chosen) continue;
      const look = looks()[status];
      all[node] = [status, `${look.glyph} ${look.word} · ${lasting((end ?? now) - start)}`, null, all[node][3]];
    }
    return all;
  }

  function paint(changes) {
    for (const [id, [status, footer, caption, from]] of Object.entries(changes)) {
      const group = nodes.get(id);
      if (!group) continue;
      const look = looks()[status];
      const name = group.dataset.state;
      group.dataset.status = status;
      group.dataset.from = from || "";
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
      page.words.get(id).textContent = said;
      page.words.get(id).dataset.status = status;
    }
    for (const edge of edges) {
      const head = nodes.get(edge.dataset.to);
      const came = head && head.dataset.from === edge.dataset.from && head.dataset.from !== "";
      const open = came && ["running", "waiting"].includes(head.dataset.status);
      edge.classList.toggle("running", Boolean(open));
      edge.classList.toggle("taken", Boolean(came && !open && head.dataset.status !== "not started"));
    }
    follow();
  }

  function follow() {
    page.follow.setAttribute("aria-pressed", String(memory.following));
    if (!memory.following || model.get("execution").status !== "RUNNING") return;
    const open = order.filter((id) => ["running", "waiting"].includes(nodes.get(id).dataset.status));
    const group = nodes.get(open.find((id) => !boxes.has(id)) || open[0]);
    if (group) pane.reveal(group);
  }

  function repaint() {
    page.root.dataset.theme = dark() ? "dark" : "light";
    paint(statuses());
  }

  function select(node, visit) {
    memory.node = node;
    memory.visit = visit;
    choose();
    if (node) pane.reveal(nodes.get(node));
  }

  // Shows the selection in every view.
  function choose() {
    for (const [id, group] of nodes) {
      group.classList.toggle("selected", id === memory.node);
      page.words.get(id).classList.toggle("chosen", id === memory.node);
    }
    showDetails();
    showViews();
  }

  function showViews() {
    for (const [name, view] of Object.entries(page.views)) {
      const shown = memory.shown.has(name);
      view.hidden = !shown;
      page.tabs.get(name).setAttribute("aria-pressed", String(shown));
    }
    if (memory.shown.has("graph")) pane.draw();
    if (memory.shown.has("timeline")) timeline.draw(memory);
    if (memory.shown.has("events")) events.draw(memory);
    const iterations = [...new Set(model.get("bars").map((bar) => bar[5]))].filter((one) => one !== null);
    page.iterationLabel.hidden = iterations.length < 2;
    if (page.iteration.options.length !== iterations.length + 1) {
      const made = iterations.sort((a, b) => a - b).map((one) => make("option", { value: one, textContent: one }));
      page.iteration.replaceChildren(make("option", { value: "", textContent: "all" }), ...made);
      page.iteration.value = memory.iteration;
    }
  }

  function showDetails() {
    page.side.hidden = !memory.node;
    page.side.replaceChildren();
    if (!memory.node) return;
    const { node, visit } = memory;
    const close = make("button", { type: "button", className: "close", textContent: "Close" });
    close.addEventListener("click", () => {
      select(null, null);
      focus(node);
    });
    const body = make("div", {});
    page.side.append(make("h3", { textContent: names.get(node) }), close, body);
    const last = model.get("bars").findLast((bar) => bar[0] === node);
    const texts = model.get("details")[node];
    const current = visit === null || (last && last[7] === visit);
    const open = (answer, whole) => {
      body.replaceChildren();
      for (const [label, text] of Object.entries(answer)) {
        body.append(make("h4", { textContent: label }), make("pre", { textContent: readable(text) }));
      }
      const isCut = Object.values(answer).some((text) => /… \([\d,]+ characters\)$/.test(text));
      if (!isCut || whole) return;
      const more = make("button", { type: "button", textContent: "Show the whole" });
      more.addEventListener("click", () => ask({ visit: visit ?? last[7] }, (found) => open(found, true)));
      body.append(more);
    };
    if (!texts) body.append(make("p", { textContent: "Not started." }));
    else if (current) open(texts, false);
    else {
      body.append(make("p", { textContent: "Asking the kernel." }));
      ask({ visit }, (found) => open(found, true));
    }
    const notes = (model.get("notes") || {})[node];
    for (const [label, text] of notes || []) {
      page.side.append(make("h4", { textContent: label }), make("p", { textContent: text }));
    }
  }

  // Asks for what doesn't travel by itself. The kernel answers when it is idle.
  const waiting = new Map();
  function ask(what, answer) {
    const key = Object.entries(what)[0].join(" ");
    waiting.set(key, [...(waiting.get(key) || []), answer]);
    model.send({ ask: what });
  }
  function answered(message) {
    if (!message || !("answer" in message)) return;
    for (const answer of waiting.get(message.to) || []) answer(message.answer);
    waiting.delete(message.to);
  }

  function focus(id) {
    for (const [other, group] of nodes) group.setAttribute("tabindex", other === id ? "0" : "-1");
    nodes.get(id).focus({ preventScroll: true });
    pane.reveal(nodes.get(id));
  }

  order.forEach((id, place) => {
    const group = nodes.get(id);
    const toggle = () => (memory.node === id ? select(null, null) : select(id, null));
    group.setAttribute("tabindex", place ? "-1" : "0");
    group.setAttribute("role", "button");
    group.addEventListener("click", () => {
      focus(id);
      toggle();
    });
    group.addEventListener("keydown", (event) => {
      if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
      if (event.key === "Enter" || event.key === " ") toggle();
      else if (event.key === "Escape") select(null, null);
      else if (event.key in steps) focus(order[(place + steps[event.key] + order.length) % order.length]);
      else if (event.key === "Home") focus(order[0]);
      else if (event.key === "End") focus(order[order.length - 1]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    page.words.get(id).addEventListener("click", toggle);
  });

  page.root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT/.test(event.target.tagName)) return;
    const steps = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
    if (event.key === "+" || event.key === "=") pane.zoom(1.25);
    else if (event.key === "-") pane.zoom(0.8);
    else if (event.key === "0") pane.fit();
    else if (event.key === "1") pane.reset();
    else if (event.key === "/") page.search.focus();
    else if (event.shiftKey && event.key in steps) {
      memory.following = false;
      pane.pan(...steps[event.key]);
    } else return;
    event.preventDefault();
  });

  page.tools.zoomOut.addEventListener("click", () => pane.zoom(0.8));
  page.tools.zoomIn.addEventListener("click", () => pane.zoom(1.25));
  page.tools.fit.addEventListener("click", () => pane.fit());
  page.tools.width.addEventListener("click", () => pane.reset());
  page.follow.addEventListener("click", () => {
    memory.following = !memory.following;
    follow();
  });
  page.iteration.addEventListener("change", () => {
    memory.iteration = page.iteration.value;
    repaint();
  });
  for (const [name, tab] of page.tabs) {
    tab.addEventListener("click", () => {
      if (memory.shown.has(name)) memory.shown.delete(name);
      else memory.shown.add(name);
      showViews();
    });
  }

  let found = [];
  function search() {
    const sought = page.search.value.trim().toLowerCase();
    found = sought ? order.filter((id) => names.get(id).toLowerCase().includes(sought)) : [];
    for (const [id, group] of nodes) group.classList.toggle("found", found.includes(id));
    page.matches.textContent = sought ? `${found.length} found` : "";
    if (found.length) pane.reveal(nodes.get(found[0]));
  }
  page.search.addEventListener("input", search);
  page.search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length) {
      const at = found.indexOf(memory.node);
      select(found[(at + 1) % found.length], null);
    }
    if (event.key === "Escape") {
      page.search.value = "";
      search();
    }
    event.stopPropagation();
  });

  function head() {
    const execution = model.get("execution");
    page.headline.textContent = execution.headline;
    page.root.dataset.execution = execution.status;
    page.notice.textContent = model.get("notice");
    const running = execution.status === "RUNNING";
    page.follow.hidden = !running;
    for (const [name, button] of page.buttons) {
      button.disabled = name === "redrive" ? running || execution.status === "SUCCEEDED" : !running;
    }
  }

  function say() {
    page.said.replaceChildren(
      ...model.get("said").map((text) => make(text.startsWith(" ") ? "p" : "h4", { textContent: text.trim() })),
    );
  }

  let due = false;
  function changed() {
    const changes = model.get("changes");
    if (memory.iteration !== "") repaint();
    else paint(changes.status || {});
    if (memory.node && changes.details && memory.node in changes.details) showDetails();
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      if (memory.shown.has("timeline") || memory.shown.has("events") || changes.bars) showViews();
    }, 250); // The tables are for reading: four times a second is enough.
  }

  const themes = new MutationObserver(() => {
    repaint();
    showViews();
  });
  themes.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"],
  });
  const scaled = () => memory.shown.has("timeline") && timeline.draw(memory);
  model.on("change:changes", changed);
  model.on("change:execution change:notice", head);
  model.on("change:said", say);
  model.on("change:scale", scaled);
  model.on("msg:custom", answered);
  head();
  say();
  repaint();
  choose();
  return () => {
    pane.close();
    themes.disconnect();
    model.off("change:changes", changed);
    model.off("change:execution change:notice", head);
    model.off("change:said", say);
    model.off("change:scale", scaled);
    model.off("msg:custom", answered);
  };
}

function dark() {
  const body = document.body;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (body.dataset.vscodeThemeKind) return !body.dataset.vscodeThemeKind.includes("light");
  return body.dataset.ownPage === "true" && window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function build(el, model) {
  const root = make("div", { className: "small-steps-live" });
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab has shortcuts of its own on these keys.
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

  const line = make("div", { className: "tools" });
  const tabs = new Map();
  for (const [name, text] of Object.entries(VIEWS)) {
    const tab = make("button", { type: "button", textContent: text, className: "view" });
    tabs.set(name, tab);
    line.append(tab);
  }
  const tool = (text, label) => {
    const button = make("button", { type: "button", textContent: text, title: label });
    button.setAttribute("aria-label", label);
    return button;
  };
  const tools = {
    zoomOut: tool("−", "Zoom out (-)"),
    zoomIn: tool("+", "Zoom in (+)"),
    fit: tool("Fit", "Show the whole graph (0)"),
    width: tool("Width", "Fit the width (1)"),
  };
  const scale = make("span", { className: "scale" });
  const follow = tool("Follow", "Keep the running state in sight");
  const search = make("input", { type: "search", placeholder: "Find a state" });
  search.setAttribute("aria-label", "Find a state");
  const matches = make("span", { className: "count" });
  matches.setAttribute("role", "status");
  const iterationLabel = make("label", { textContent: "Iteration ", hidden: true });
  const iteration = make("select", {});
  iterationLabel.append(iteration);
  line.append(make("span", { className: "gap" }), iterationLabel, follow, search, matches);
  line.append(tools.zoomOut, scale, tools.zoomIn, tools.width, tools.fit);

  const parsed = new DOMParser().parseFromString(model.get("svg"), "image/svg+xml").documentElement;
  const svg = document.importNode(parsed, true);
  svg.setAttribute("role", "group");
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const picture = make("div", { className: "picture" });
  picture.append(svg);
  const views = {
    graph: picture,
    timeline: make("div", { className: "timeline", hidden: true }),
    events: make("div", { className: "event-list", hidden: true }),
    words: make("div", { className: "twin", hidden: true }),
  };
  const side = make("aside", { className: "side", hidden: true });
  side.setAttribute("aria-label", "Details of the selected state");
  const stack = make("div", { className: "stack" });
  stack.append(...Object.values(views));
  const panes = make("div", { className: "panes" });
  panes.append(stack, side);
  const list = make("ul", {});
  const words = new Map();
  for (const group of svg.querySelectorAll("[data-node]")) {
    const item = make("li", {});
    words.set(group.dataset.node, item);
    list.append(item);
  }
  const said = make("div", { className: "said" });
  views.words.append(said, make("h4", { textContent: "States" }), list);
  root.append(bar, line, panes);
  el.append(root);
  return {
    root, headline, notice, buttons, tabs, tools, scale, follow, search, matches, iteration, iterationLabel,
    picture, svg, views, side, words, said,
  };
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
