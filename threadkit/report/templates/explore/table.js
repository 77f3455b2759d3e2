// The list of the objections that the filters keep. Only the rows in sight are in the document.

const COLUMNS = [
  { name: "text", title: "Objection" },
  { name: "author", title: "Author", sort: "author" },
  { name: "crux", title: "Crux", sort: "crux" },
  { name: "post", title: "Post", sort: "post" },
  { name: "kind", title: "Kind", sort: "kind" },
  { name: "day", title: "Date", sort: "day" },
  { name: "karma", title: "Karma", sort: "karma" },
  { name: "agreement", title: "Agreement", sort: "agreement" },
  { name: "answered", title: "Answered", sort: "answered" },
];
const NUMBERS = { day: dayName, karma: scoreName, agreement: scoreName, answered: answeredName };
// Rows drawn above and below those in sight.
const SPARE = 4;

class Table {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.grid = root.querySelector("#list");
    this.head = this.grid.querySelector(".head");
    this.body = this.grid.querySelector(".body");
    this.columns = COLUMNS.filter(({ name }) => this.data[name]);
    this.pool = [];
    this.nothing = element("div", { role: "row", class: "row none" },
      element("div", { role: "gridcell", class: "cell c-text" }, "No objection passes these filters."));
    this.buildHead();
    this.grid.setAttribute("aria-colcount", String(this.columns.length));
    // Read once, when they change: to ask while rows are written makes the browser lay out the page again and again.
    [this.top, this.room] = [0, 0];
    this.grid.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.head.addEventListener("click", (event) => this.sort(event));
    this.body.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.resize()).observe(this.grid);
  }

  buildHead() {
    const cells = this.columns.map(({ name, title, sort }) => element("div", { role: "columnheader", class: `cell c-${name}`, "data-sort": sort ?? "" },
      sort ? element("button", { type: "button", tabindex: "-1" }, title) : title));
    this.head.replaceChildren(element("div", { role: "row", class: "row", "aria-rowindex": "1" }, ...cells));
  }

  scrolled() {
    this.top = this.grid.scrollTop;
    this.draw();
  }

  scrollTo(top) {
    if (top === this.top) return;
    this.grid.scrollTop = top;
    this.top = top;
  }

  // A row's height is the style sheet's; it differs between a phone and a desk.
  resize() {
    this.height = parseFloat(getComputedStyle(this.grid).getPropertyValue("--row")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.room = this.grid.clientHeight - this.head.offsetHeight;
    this.place();
    this.draw();
  }

  place() {
    this.body.style.height = `${Math.max(1, this.app.list.length) * this.height}px`;
  }

  update(changed) {
    if (!this.height) this.resize();
    if (changed.list) {
      this.grid.setAttribute("aria-rowcount", String(this.app.list.length + 1));
      this.place();
      this.scrollTo(0);
      this.showSort();
    }
    if (changed.list || changed.at) this.reveal();
    this.draw();
  }

  showSort() {
    const sort = usableSort(this.data, this.app.state.sort);
    for (const cell of this.head.querySelectorAll("[data-sort]")) {
      const down = sort === `-${cell.dataset.sort}`;
      if (down || sort === cell.dataset.sort) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
  }

  // The place of the open objection in the list, −1 where it holds none. Asked whenever it is needed: a key may come
  // before the picture of the key before it.
  get open() {
    return this.app.current < 0 ? -1 : this.app.list.indexOf(this.app.current);
  }

  // Bring the open objection into sight, if the list holds it.
  reveal() {
    const { open } = this;
    if (open < 0) return;
    const top = open * this.height;
    if (top < this.top) this.scrollTo(top);
    else if (top + this.height > this.top + this.room) this.scrollTo(top + this.height - this.room);
  }

  draw() {
    const { list } = this.app;
    const first = Math.max(0, Math.floor(this.top / this.height) - SPARE);
    const last = Math.min(list.length, Math.ceil((this.top + this.room) / this.height) + SPARE);
    while (this.pool.length < last - first) this.pool.push(this.blank());
    const rows = this.pool.slice(0, Math.max(0, last - first));
    rows.forEach((row, k) => this.fill(row, first + k, list[first + k]));
    this.body.replaceChildren(...(list.length ? rows : [this.nothing]));
    const active = this.app.current >= 0 && document.getElementById(`row-${this.app.current}`);
    if (active) this.grid.setAttribute("aria-activedescendant", active.id);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  // Rows are made once and say something else whenever the list changes.
  blank() {
    return element("div", { role: "row", class: "row" }, ...this.columns.map(({ name }) => (
      element("div", { role: "gridcell", class: `cell c-${name}` }, element("span", { dir: "auto" }))
    )));
  }

  fill(row, place, i) {
    row.id = `row-${i}`;
    row.dataset.row = String(i);
    row.setAttribute("aria-rowindex", String(place + 2));
    row.setAttribute("aria-selected", String(i === this.app.current));
    row.style.top = `${place * this.height}px`;
    this.columns.forEach(({ name }, k) => {
      const words = this.words(name, i);
      const cell = row.children[k].firstChild;
      if (cell.textContent !== words) cell.textContent = words;
    });
  }

  words(name, i) {
    if (name === "text") return this.data.text[i];
    return name in NUMBERS ? NUMBERS[name](this.data[name][i]) : nameOf(this.data, name, i);
  }

  sort(event) {
    const name = event.target.closest("[data-sort]")?.dataset.sort;
    if (!name) return;
    const now = usableSort(this.data, this.app.state.sort);
    const first = FIRST_DOWN.has(name) ? `-${name}` : name;
    const other = FIRST_DOWN.has(name) ? name : `-${name}`;
    this.app.set({ sort: now === first ? other : first });
  }

  click(event) {
    const row = event.target.closest("[data-row]");
    if (row) this.app.open(Number(row.dataset.row));
  }

  key(event) {
    if (event.target !== this.grid) return;
    const { list } = this.app;
    const { open } = this;
    const page = Math.max(1, Math.floor(this.room / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === "Enter" && open >= 0) document.querySelector("#one a")?.focus();
    else if (event.key === "Escape") this.app.set({ at: "" });
    else if (event.key in steps && list.length) {
      const from = open >= 0 ? open : steps[event.key] > 0 ? -1 : 0;
      this.app.open(list[Math.min(list.length - 1, Math.max(0, from + steps[event.key]))]);
    } else return;
    event.preventDefault();
  }
}
