// The browser's side of a grid: fields to type an array in. What stands in them is read and marked by the kernel
// (grid.py), which also sends every word that is shown, so nothing here knows a language, a number's form or a key.

const SEVERAL = /[\s,;[\]，；、]/; // in a text that is more than one cell
const FRACTION = /^\S+ ?\/ ?\S+$/;
const AXES = [
  ["channel", "channels"],
  ["row", "rows"],
  ["column", "columns"],
];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function makeButton(attributes, ...children) {
  // JupyterLab takes letters typed on a button for commands to the notebook, unless the button itself says otherwise.
  return make("button", { type: "button", "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function sizeOf(cells) {
  return [cells.length, cells[0].length, cells[0][0].length];
}

// The cell that a key leads to, as [row, column]; null where the key is the field's own, as within its text.
function target(event, [row, column], [, rows, columns]) {
  const { value, selectionStart: start, selectionEnd: end } = event.target;
  const whole = start === 0 && end === value.length;
  if (event.shiftKey || event.altKey || event.metaKey || event.isComposing) return null;
  if (event.key === "Home") return [event.ctrlKey ? 0 : row, 0];
  if (event.key === "End") return [event.ctrlKey ? rows - 1 : row, columns - 1];
  if (event.ctrlKey) return null;
  if (event.key === "ArrowUp") return [Math.max(row - 1, 0), column];
  if (event.key === "ArrowDown") return [Math.min(row + 1, rows - 1), column];
  if (event.key === "ArrowLeft" && (whole || end === 0)) return [row, Math.max(column - 1, 0)];
  if (event.key === "ArrowRight" && (whole || start === value.length)) return [row, Math.min(column + 1, columns - 1)];
  if (event.key === "Enter") return row + 1 < rows ? [row + 1, column] : [0, Math.min(column + 1, columns - 1)];
  return null;
}

function render({ model, el }) {
  const words = model.get("words");
  const taken = new Map(); // texts of cells that were taken off, in case they come back
  let channel = 0;
  let drawn = ""; // the size and channel that the fields stand for
  let fields = []; // [row][column]

  const sizes = AXES.map(([one, many], axis) => {
    const count = make("output");
    const less = makeButton({ "aria-label": words[`remove_${one}`], title: words[`remove_${one}`] }, "−");
    const more = makeButton({ "aria-label": words[`add_${one}`], title: words[`add_${one}`] }, "+");
    less.onclick = () => resize(axis, -1);
    more.onclick = () => resize(axis, 1);
    const group = make("span", { role: "group", "aria-label": words[many], class: "grader-size" }, `${words[many]} `, less, count, more);
    return { count, less, more, group };
  });
  const tabs = make("div", { role: "tablist", "aria-label": words.channels, class: "grader-tabs" });
  const table = make("table", { role: "grid", "aria-label": model.get("title") });
  const button = makeButton({ class: "grader-check" }, words.check);
  const note = make("span", { role: "status", class: "grader-note" });
  const seen = make("div", { role: "status", class: "grader-seen" });
  const picture = make("div", { class: "grader-picture" });
  const root = make(
    "div",
    { class: "grader-grid", lang: model.get("language") },
    make("p", { class: "grader-question" }, model.get("question")),
    make("pre", {}, model.get("numbers")),
    make("div", { class: "grader-sizes" }, ...sizes.map(({ group }) => group)),
    tabs,
    table,
    make("p", {}, button, " ", note),
    seen,
    picture,
    make("p", { class: "grader-keys" }, words.keys),
  );

  function put(cells) {
    model.set("cells", cells);
    model.save_changes();
  }

  function resize(axis, step) {
    const cells = model.get("cells");
    const size = sizeOf(cells);
    size[axis] += step;
    cells.forEach((plane, c) => plane.forEach((line, r) => line.forEach((text, k) => taken.set(`${c},${r},${k}`, text))));
    const [channels, rows, columns] = size;
    const at = (c, r, k) => cells[c]?.[r]?.[k] ?? taken.get(`${c},${r},${k}`) ?? "";
    const line = (c, r) => Array.from({ length: columns }, (_, k) => at(c, r, k));
    put(Array.from({ length: channels }, (_, c) => Array.from({ length: rows }, (_, r) => line(c, r))));
    if (axis === 0) show(step > 0 ? channels - 1 : Math.min(channel, channels - 1));
    const { less, more } = sizes[axis];
    if (document.activeElement !== less && document.activeElement !== more) (step < 0 ? more : less).focus(); // the other was switched off
  }

  function check() {
    note.textContent = words.checking;
    model.send({ cells: model.get("cells") });
  }

  function focus(row, column) {
    fields[row]?.[column]?.focus();
  }

  function field(row, column) {
    const input = make("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    input.onfocus = () => input.select();
    input.oninput = () => {
      const cells = structuredClone(model.get("cells"));
      cells[channel][row][column] = input.value;
      put(cells);
    };
    input.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        check();
        return;
      }
      const size = sizeOf(model.get("cells"));
      const next = target(event, [row, column], size);
      if (next === null) return;
      event.preventDefault();
      if (event.key === "Enter" && row + 1 === size[1] && column + 1 === size[2]) button.focus();
      else focus(...next);
    };
    input.onpaste = (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (!SEVERAL.test(text.trim()) || FRACTION.test(text.trim())) return; // one number: it goes where the caret is
      event.preventDefault();
      note.textContent = "";
      model.send({ cells: model.get("cells"), paste: text, at: [channel, row, column] });
    };
    return input;
  }

  function wrong(cells, c, r, k) {
    const { answered, right } = model.get("outcome");
    const same = answered && String(sizeOf(answered)) === String(sizeOf(cells)) && answered[c][r][k] === cells[c][r][k];
    return Boolean(same) && right?.[c]?.[r]?.[k] === false;
  }

  function show(next, focused = false) {
    channel = next;
    draw();
    if (focused) tabs.children[channel].focus();
  }

  function drawTabs(cells) {
    const many = cells.length > 1;
    tabs.hidden = !many;
    const own = many ? cells : [];
    while (tabs.children.length > own.length) tabs.lastChild.remove();
    while (tabs.children.length < own.length) {
      const index = tabs.children.length;
      const tab = makeButton({ role: "tab" });
      tab.onclick = () => show(index);
      tab.onkeydown = (event) => {
        const last = tabs.children.length - 1;
        const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key];
        if (next === undefined) return;
        event.preventDefault();
        show(Math.min(Math.max(next, 0), last), true);
      };
      tabs.append(tab);
    }
    own.forEach((plane, c) => {
      const bad = plane.some((line, r) => line.some((_, k) => wrong(cells, c, r, k)));
      const name = fill(words.channel, { channel: c });
      const tab = tabs.children[c];
      tab.textContent = bad ? `${name} ✗` : name;
      tab.setAttribute("aria-label", bad ? fill(words.wrong, { place: name }) : name);
      tab.setAttribute("aria-selected", String(c === channel));
      tab.tabIndex = c === channel ? 0 : -1;
    });
  }

  function drawFields([, rows, columns]) {
    fields = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, k) => field(r, k)));
    const head = make("tr", { role: "row" }, make("td", { role: "presentation" }));
    for (let k = 1; k <= columns; k++) head.append(make("th", { role: "columnheader", scope: "col" }, String(k)));
    const lines = fields.map((line, r) => {
      const cells = line.map((input) => make("td", { role: "gridcell" }, input));
      return make("tr", { role: "row" }, make("th", { role: "rowheader", scope: "row" }, String(r + 1)), ...cells);
    });
    table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...lines));
  }

  function draw() {
    const cells = model.get("cells");
    const size = sizeOf(cells);
    channel = Math.min(channel, size[0] - 1);
    sizes.forEach(({ count, less, more }, axis) => {
      count.textContent = String(size[axis]);
      less.disabled = size[axis] === 1;
      more.disabled = size[axis] === model.get("largest");
    });
    drawTabs(cells);
    const now = [channel, ...size].join();
    const anew = now !== drawn;
    const active = fields.flatMap((line, r) => line.map((input, k) => [input, r, k])).find(([input]) => input === document.activeElement);
    if (anew) drawFields(size);
    drawn = now;
    const several = size[0] > 1 ? `${fill(words.channel, { channel })}, ` : "";
    fields.forEach((line, r) =>
      line.forEach((input, k) => {
        const text = cells[channel][r][k];
        const bad = wrong(cells, channel, r, k);
        const place = several + fill(words.cell, { row: r + 1, column: k + 1 });
        if (input.value !== text) input.value = text;
        input.size = Math.max(3, text.length);
        input.setAttribute("aria-label", bad ? fill(words.wrong, { place }) : place);
        input.setAttribute("aria-invalid", String(bad));
        input.parentElement.classList.toggle("grader-wrong", bad);
      }),
    );
    if (anew && active) focus(Math.min(active[1], size[1] - 1), Math.min(active[2], size[2] - 1));
    const { answered } = model.get("outcome");
    note.textContent = answered && JSON.stringify(answered) !== JSON.stringify(cells) ? words.changed : "";
  }

  function drawOutcome() {
    const { lines = [], picture: drawing = "" } = model.get("outcome");
    seen.replaceChildren(...lines.map((line, index) => make("p", {}, index ? line : make("strong", {}, line))));
    picture.innerHTML = drawing; // by the kernel's own hand, every text in it escaped
    draw();
  }

  function noted(content) {
    if (content.note) note.textContent = content.note;
  }

  button.onclick = check;
  model.on("change:cells", draw);
  model.on("change:outcome", drawOutcome);
  model.on("msg:custom", noted);
  drawOutcome();
  el.append(root);
  return () => {
    model.off("change:cells", draw);
    model.off("change:outcome", drawOutcome);
    model.off("msg:custom", noted);
  };
}

export default { render };
