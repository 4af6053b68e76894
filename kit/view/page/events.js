// The history as a table: filtered by type and state, each row opens its JSON.
const SHOWN = 300;

function makeEvents(box, model, names, select, ask) {
  const types = make("select", {});
  types.setAttribute("aria-label", "Type of event");
  const states = make("select", {});
  states.setAttribute("aria-label", "State");
  const count = make("span", { className: "count" });
  count.setAttribute("role", "status");
  const more = make("button", { type: "button", textContent: "Show more" });
  const filters = make("div", { className: "filters" });
  filters.append("Type ", types, " State ", states, " ", count);
  const table = make("table", { className: "events" });
  const head = make("tr", {});
  for (const name of ["Event", "After", "Type", "State", "Says"]) {
    const cell = make("th", { textContent: name });
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  const body = make("tbody", {});
  const top = make("thead", {});
  top.append(head);
  table.append(top, body);
  box.append(filters, table, more);
  let most = SHOWN;
  const opened = new Set();
  types.addEventListener("change", () => draw());
  states.addEventListener("change", () => select(states.value || null, null));
  more.addEventListener("click", () => {
    most += SHOWN;
    draw();
  });

  function choices(element, pairs, value) {
    const said = pairs.map(([key]) => key).join("\n");
    if (element.dataset.said !== said) {
      element.dataset.said = said;
      element.replaceChildren(...pairs.map(([key, text]) => make("option", { value: key, textContent: text })));
    }
    element.value = value;
  }

  function draw(selection = draw.last || {}) {
    draw.last = selection;
    const rows = model.get("rows");
    const found = [...new Set(rows.map((row) => row[2]))].sort();
    choices(types, [["", "all"], ...found.map((type) => [type, type])], types.value || "");
    const used = [...new Set(rows.map((row) => row[3]))].filter((node) => names.has(node));
    choices(states, [["", "all"], ...used.map((node) => [node, names.get(node)])], selection.node || "");
    const fitting = rows.filter(
      ([, , type, node]) => (!types.value || type === types.value) && (!states.value || node === states.value),
    );
    body.replaceChildren(...fitting.slice(0, most).flatMap((row) => line(row, selection)));
    more.hidden = fitting.length <= most;
    const total = model.get("execution").events || rows.length;
    const kept = rows.length < total ? `, the first ${rows.length} of ${total}; run.events() has them all` : "";
    count.textContent = `${fitting.length} events${kept}`;
  }

  function line([id, after, type, node, iteration, says], selection) {
    const row = make("tr", { tabIndex: 0 });
    row.dataset.event = id;
    if (/(Failed|TimedOut|Aborted)$/.test(type)) row.className = "bad";
    if (selection.visit === id) row.classList.add("chosen");
    const state = node ? `${names.get(node) || ""}${iteration === null ? "" : ` [${iteration}]`}` : "";
    for (const text of [id, `+${lasting(after)}`, type, state, says]) {
      row.append(make("td", { textContent: text }));
    }
    const toggle = () => {
      if (opened.has(id)) opened.delete(id);
      else opened.add(id);
      draw();
      body.querySelector(`[data-event="${id}"]`)?.focus();
    };
    row.setAttribute("aria-expanded", String(opened.has(id)));
    row.addEventListener("click", toggle);
    row.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
    if (!opened.has(id)) return [row];
    const cell = make("td", { colSpan: 5 });
    const text = make("pre", { textContent: "…" });
    cell.append(text);
    const under = make("tr", { className: "json" });
    under.append(cell);
    ask({ event: id }, (answer) => {
      text.textContent = answer || "No details.";
    });
    return [row, under];
  }

  return { draw };
}
