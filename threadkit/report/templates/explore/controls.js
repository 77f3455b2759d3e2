// The form of filters: what it says is the state, and the state is what it says.

// Names offered while somebody types; more would be a list to scroll, not to read.
const MAX_OFFERS = 12;
const NO_FILTER = Object.fromEntries(FILTERS.map((name) => [name, ""]));

class Controls {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.form = root.querySelector("#filters");
    this.status = root.querySelector("#selected");
    this.clear = root.querySelector("#clear");
    this.dropArea = root.querySelector("#drop-area");
    this.fields = [...this.form.elements].filter((each) => each.name);
    for (const field of this.fields) this.prepare(field);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => this.input(event.target));
    this.clear.addEventListener("click", () => this.app.set(NO_FILTER));
    this.dropArea.addEventListener("click", () => this.app.set({ area: "" }));
  }

  // A filter for which the data holds nothing is not offered.
  prepare(field) {
    const column = { q: "text", from: "day", to: "day", sort: "text" }[field.name] ?? field.name.split("-")[0];
    field.closest(".field").hidden = !this.data[column];
    if (field.name === "sort") this.offerSorts(field);
    if (field.name === "kind") for (const name of this.data.tables.kind.keys) field.append(element("option", { value: name }, name));
    if (field.list) field.addEventListener("input", () => this.offer(field));
    if (field.list) field.addEventListener("focus", () => this.offer(field));
  }

  offerSorts(field) {
    for (const [name, { title }] of Object.entries(SORTS)) {
      if (!this.data[name]) continue;
      const ways = name === "crux" ? [["crux", title]]
        : FIRST_DOWN.has(name) ? [[`-${name}`, `${title}, falling`], [name, `${title}, rising`]]
          : [[name, title]];
      for (const [value, words] of ways) field.append(element("option", { value }, words));
    }
  }

  offer(field) {
    const { names } = this.data.tables[field.name];
    const wanted = field.value.toLowerCase();
    const hits = new Set();
    for (const name of names) {
      if (hits.size === MAX_OFFERS) break;
      if (name.toLowerCase().includes(wanted)) hits.add(name);
    }
    field.list.replaceChildren(...[...hits].map((name) => element("option", { value: name })));
  }

  input(field) {
    if (field.name) this.app.set({ [field.name]: field.value });
  }

  update(changed) {
    for (const field of this.fields) this.show(field);
    this.clear.hidden = FILTERS.every((name) => !this.app.state[name]);
    this.dropArea.hidden = !this.app.state.area;
    if (changed.filters) this.say();
  }

  // A field that somebody types in is left alone; one that was set elsewhere shows a name instead of a key.
  show(field) {
    const value = field.name === "sort" ? usableSort(this.data, this.app.state.sort) : this.app.state[field.name];
    const table = field.list && this.data.tables[field.name];
    const place = table && value ? table.keys.indexOf(value) : -1;
    const words = place >= 0 ? table.names[place] : value;
    if (field.value !== words && !(field === document.activeElement && field.value === value)) field.value = words;
  }

  say() {
    const { n } = this.data;
    const kept = this.app.list.length;
    const noun = n === 1 ? "objection" : "objections";
    this.status.textContent = kept === n ? `All ${counted(n)} ${noun} selected` : `${counted(kept)} of ${counted(n)} ${noun} selected`;
  }
}
