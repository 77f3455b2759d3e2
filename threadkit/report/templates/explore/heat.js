// Crux by post: a table whose cells are darker the more objections they hold; pressing one keeps only those.

const MAX_ROWS = 24;
const MAX_COLUMNS = 36;
const SHADES = 5;

class HeatMap {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.box = root.querySelector("#heat");
    this.note = root.querySelector("#heat-note");
    this.box.addEventListener("click", (event) => this.choose(event));
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  update(changed) {
    if (!changed.filters) return;
    const { rows, columns, counts, n } = this.counted();
    this.box.hidden = !rows.length;
    this.note.textContent = rows.length ? heatNote(rows, columns, n) : "None of these objections is in a crux.";
    const held = this.box.contains(document.activeElement) ? document.activeElement.dataset : null;
    this.box.replaceChildren(...(rows.length ? [this.table(rows, columns, counts)] : []));
    if (held) this.focusCell(held);
  }

  // What the other filters keep, by crux and post: the cruxes that recur most (a chosen one among them), and the posts
  // that hold most of their objections.
  counted() {
    const { crux, post, tables, n } = this.data;
    const { refused } = this.app;
    const others = ~(BIT.crux | BIT.post);
    const perCrux = new Uint32Array(tables.crux.names.length);
    for (let i = 0; i < n; i++) if ((refused[i] & others) === 0) perCrux[crux[i]]++;
    const found = filled(perCrux).filter((place) => place !== tables.crux.none);
    const rows = firstWith(found, MAX_ROWS, this.chosen("crux"));

    const width = tables.post.names.length;
    const rowOf = new Int16Array(perCrux.length).fill(-1);
    rows.forEach((place, row) => { rowOf[place] = row; });
    const cells = new Uint32Array(rows.length * width);
    const perPost = new Uint32Array(width);
    for (let i = 0; i < n; i++) {
      const row = rowOf[crux[i]];
      if (row < 0 || (refused[i] & others) !== 0) continue;
      cells[row * width + post[i]]++;
      perPost[post[i]]++;
    }
    const busiest = filled(perPost).sort((a, b) => perPost[b] - perPost[a] || a - b);
    const counts = (place, column) => cells[rowOf[place] * width + column];
    return { rows, columns: firstWith(busiest, MAX_COLUMNS, this.chosen("post")), counts, n: { cruxes: found.length } };
  }

  // The one crux or post that the filters name, null where they name none or several.
  chosen(name) {
    const place = this.data.tables[name].keys.indexOf(this.app.state[name]);
    return this.app.state[name] && place >= 0 ? place : null;
  }

  table(rows, columns, counts) {
    const { crux, post } = this.data.tables;
    const most = Math.max(1, ...rows.flatMap((row) => columns.map((column) => counts(row, column))));
    const head = element("tr", {}, element("td"), ...columns.map((column) => (
      element("th", { scope: "col", title: post.names[column] }, element("span", { dir: "auto" }, post.names[column]))
    )));
    const body = rows.map((row) => element("tr", {},
      element("th", { scope: "row", dir: "auto", title: crux.names[row] }, crux.names[row]),
      ...columns.map((column) => this.cell(row, column, counts(row, column), most)),
    ));
    const table = element("table", {}, element("caption", { class: "hidden" }, "Objections by crux and post"),
      element("thead", {}, head), element("tbody", {}, ...body));
    // One stop for the Tab key; the arrow keys go on from there.
    const first = table.querySelector("button[aria-pressed=true]") ?? table.querySelector("button");
    if (first) first.tabIndex = 0;
    return table;
  }

  cell(row, column, count, most) {
    if (!count) return element("td");
    const { crux, post } = this.data.tables;
    const pressed = this.chosen("crux") === row && this.chosen("post") === column;
    const button = element("button", {
      type: "button",
      tabindex: "-1",
      "data-crux": crux.keys[row],
      "data-post": post.keys[column],
      "data-shade": String(Math.ceil((count / most) * SHADES)),
      "aria-pressed": String(pressed),
      title: `${crux.names[row]}\n${post.names[column]}`,
    }, counted(count));
    return element("td", {}, button);
  }

  choose(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { crux, post } = button.dataset;
    const pressed = button.getAttribute("aria-pressed") === "true";
    this.app.set(pressed ? { crux: "", post: "" } : { crux, post });
  }

  // The table is built anew; the key that was pressed stays under the finger. Only where the focus was in the table: it
  // is not called back from where the reader has gone meanwhile.
  focusCell({ crux, post }) {
    const same = [...this.box.querySelectorAll("button")].find((each) => each.dataset.crux === crux && each.dataset.post === post);
    if (same) this.focus(same);
  }

  focus(button) {
    for (const each of this.box.querySelectorAll("button[tabindex='0']")) each.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  }

  key(event) {
    const step = ARROWS[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    event.preventDefault();
    const next = nextButton(cell, ...step);
    if (next) this.focus(next);
  }
}

// The places of a column of counts that hold any.
function filled(counts) {
  const places = [];
  for (let place = 0; place < counts.length; place++) if (counts[place]) places.push(place);
  return places;
}

// The first of a list, a wanted one among them.
function firstWith(all, limit, wanted) {
  const first = all.slice(0, limit);
  if (wanted !== null && all.includes(wanted) && !first.includes(wanted)) first[first.length - 1] = wanted;
  return first;
}

function heatNote(rows, columns, n) {
  const more = n.cruxes > rows.length ? ` of ${counted(n.cruxes)}` : "";
  return `${counted(rows.length)}${more} ${n.cruxes === 1 ? "crux" : "cruxes"}, the most recurrent first, under the ${counted(columns.length)} `
    + `${columns.length === 1 ? "post" : "posts"} that hold most of their objections. A number is a count of objections; press it to keep only those.`;
}

// The next cell that holds a button, left, right, up or down.
function nextButton(cell, dx, dy) {
  const rows = [...cell.closest("tbody").rows];
  let row = rows.indexOf(cell.parentElement) + dy;
  let column = cell.cellIndex + dx;
  while (rows[row]?.cells[column]) {
    const button = rows[row].cells[column].querySelector("button");
    if (button) return button;
    row += dy;
    column += dx;
  }
  return null;
}
