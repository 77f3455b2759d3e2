// The views of one state, linked: a change of it is answered by all of them at once.

class Explorer {
  constructor(data, root) {
    this.data = data;
    this.root = root;
    this.state = { ...EMPTY, ...stateOf(location.hash) };
    this.write = hashWriter();
    this.pending = null;
    this.sieve = new Sieve(data);
    this.filter();
    this.views = this.built();
    this.changed({ filters: true, list: true, at: true });
    // While somebody still reads what came up.
    setTimeout(() => folded(data), PAUSE);
    addEventListener("hashchange", () => this.follow());
  }

  built() {
    const views = [new Controls(this, this.root), new One(this, this.root), new HeatMap(this, this.root), new Table(this, this.root)];
    const or = (name, known, View) => {
      this.root.querySelector(name).hidden = !known;
      if (known) views.push(new View(this, this.root));
    };
    or("#map", this.data.x, ObjectionMap);
    or("#time", this.data.day, Timeline);
    return views;
  }

  // The row that is open, −1 where none is.
  get current() {
    const i = this.state.at === "" ? -1 : Number(this.state.at);
    return Number.isInteger(i) && i >= 0 && i < this.data.n ? i : -1;
  }

  open(i) {
    this.set({ at: String(i) });
  }

  // Several changes before the next picture are answered together.
  set(changes) {
    const entries = Object.entries(changes).filter(([name, value]) => this.state[name] !== value);
    if (!entries.length) return;
    Object.assign(this.state, Object.fromEntries(entries));
    this.pending ??= this.answer();
    for (const [name] of entries) this.pending.names.add(name);
  }

  answer() {
    const began = performance.now();
    requestAnimationFrame(() => {
      const { names } = this.pending;
      this.pending = null;
      const filters = FILTERS.some((name) => names.has(name));
      const list = filters || names.has("sort");
      if (list) this.filter();
      this.changed({ filters, list, at: names.has("at") });
      // What a test, or a reader of the browser's own tools, sees of the page's speed: until the new picture stands.
      setTimeout(() => performance.measure(filters ? "explore: filter" : "explore: change", { start: began, end: performance.now() }));
    });
    return { names: new Set() };
  }

  filter() {
    this.refused = this.sieve.apply(this.state);
    this.list = listed(this.data, this.refused, this.state.sort);
  }

  changed(what) {
    for (const view of this.views) view.update(what);
    this.write(this.state);
  }

  // An address that somebody pasted, or a link within the page.
  follow() {
    const given = stateOf(location.hash);
    if (given) {
      this.set(given);
      this.root.scrollIntoView();
    }
  }
}

// A crux that is folded is unfolded by whoever goes there.
function unfold() {
  const place = /^#crux-\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (place) for (const details of place.querySelectorAll(":scope > details")) details.open = true;
}

function start() {
  addEventListener("hashchange", unfold);
  unfold();
  const root = document.getElementById("explore");
  if (!root) return;
  const views = root.querySelector(".views");
  views.hidden = false;
  try {
    new Explorer(readData(JSON.parse(document.getElementById("data").textContent)), root);
    // The browser went there before the views were unfolded.
    if (stateOf(location.hash)) root.scrollIntoView();
    root.dataset.ready = "yes";
    performance.measure("explore: ready", { start: 0, end: performance.now() });
  } catch (error) {
    views.hidden = true;
    root.append(element("p", { class: "empty" }, `This browser could not draw the views (${error.message}). Everything else on the page is complete.`));
  }
}

start();
