// The map of the objections: pixels on one canvas, marks of the moment on another above it.

// How far from a point the pointer may be (pixels), how near the map can come, and from how far apart a drawn line has
// corners (pixels).
const REACH = 14;
const NEAREST = 40;
const CORNER = 7;
const MARGIN = 18;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class ObjectionMap {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.box = root.querySelector("#drawing");
    this.points = this.box.querySelector("canvas.points");
    this.marks = this.box.querySelector("canvas.marks");
    this.tip = this.box.querySelector(".tip");
    this.said = root.querySelector("#said");
    this.buttons = [...root.querySelectorAll("[data-map]")];
    this.span = Math.max(1, largest(this.data.x), largest(this.data.y));
    this.middle = [largest(this.data.x) / 2, largest(this.data.y) / 2];
    this.near = new Near(this.data, this.span);
    this.order = drawOrder(this.data);
    [this.width, this.height] = [0, 0];
    this.hovered = -1;
    this.drawn = [];
    this.setMode(matchMedia("(pointer: coarse)").matches ? "read" : "area");
    this.listen();
  }

  listen() {
    const on = (name, act) => this.marks.addEventListener(name, (event) => act.call(this, event));
    on("pointerdown", this.press);
    on("pointermove", this.move);
    on("pointerup", this.release);
    on("pointercancel", this.cancel);
    on("pointerleave", () => this.hover(-1));
    on("wheel", this.wheel);
    on("keydown", this.key);
    for (const button of this.buttons) button.addEventListener("click", () => this.act(button.dataset.map));
    new ResizeObserver(() => this.resize()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  // --- where things are ---

  get zoom() {
    const [x, y, percent] = this.app.state.view.split(".").map(Number);
    return percent >= 100 ? { x, y, times: Math.min(NEAREST, percent / 100) } : { x: this.middle[0], y: this.middle[1], times: 1 };
  }

  // The size is read when it changes: reading it while the page is being drawn makes the browser lay it out again.
  resize() {
    [this.width, this.height] = [this.box.clientWidth, this.box.clientHeight];
    this.draw();
  }

  // Screen pixels a step of the map, and the screen's own size.
  get frame() {
    const { width, height } = this;
    const fit = Math.min((width - 2 * MARGIN) / Math.max(1, 2 * this.middle[0]), (height - 2 * MARGIN) / Math.max(1, 2 * this.middle[1]));
    const zoom = this.zoom;
    return { width, height, zoom, unit: Math.max(1e-6, fit * zoom.times) };
  }

  toScreen(x, y, { width, height, zoom, unit } = this.frame) {
    return [(x - zoom.x) * unit + width / 2, (y - zoom.y) * unit + height / 2];
  }

  toMap(px, py, { width, height, zoom, unit } = this.frame) {
    return [(px - width / 2) / unit + zoom.x, (py - height / 2) / unit + zoom.y];
  }

  pointer(event) {
    const box = this.marks.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  pointAt(px, py) {
    const frame = this.frame;
    return this.near.find(...this.toMap(px, py, frame), REACH / frame.unit, this.app.refused);
  }

  // --- drawing ---

  update() {
    if (this.width) this.draw();
    else this.resize();
  }

  recolour() {
    this.looks = null;
    this.draw();
  }

  draw() {
    const scale = Math.min(2, devicePixelRatio || 1);
    const { width, height } = this.frame;
    if (!width || !height) return;
    for (const canvas of [this.points, this.marks]) {
      if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
      if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    }
    this.drawPoints(scale);
    this.drawMarks();
    this.box.dataset.drawn = "yes";
  }

  colour(name) {
    return getComputedStyle(this.box).getPropertyValue(name).trim();
  }

  looksAt(scale) {
    // To a power of two: a few more or less points look the same.
    const n = 2 ** Math.round(Math.log2(Math.max(1, this.app.list.length)));
    if (this.looks?.scale !== scale || this.looks.n !== n) {
      this.looks = { scale, n, stamps: looksOf(this.data, n, this.order.length, (name) => this.colour(name), scale) };
    }
    return this.looks.stamps;
  }

  drawPoints(scale) {
    const { width, height } = this.points;
    const context = this.points.getContext("2d", { willReadFrequently: true });
    context.fillStyle = this.colour("--surface");
    context.fillRect(0, 0, width, height);
    const image = context.getImageData(0, 0, width, height);
    const looks = this.looksAt(scale);
    const left = looks[looks.length - 1];
    const { zoom, unit } = this.frame;
    const { crux, x, y, tables } = this.data;
    const { refused } = this.app;
    const step = unit * scale;
    // Those that the filters leave out lie below.
    for (const kept of [false, true]) {
      for (const i of this.order) {
        if ((refused[i] === 0) !== kept) continue;
        const px = Math.round((x[i] - zoom.x) * step + width / 2);
        const py = Math.round((y[i] - zoom.y) * step + height / 2);
        press(image.data, width, height, kept ? looks[lookOf(crux[i], tables.crux, this.data.looks.own)] : left, px, py);
      }
    }
    context.putImageData(image, 0, 0);
  }

  drawMarks() {
    const context = this.marks.getContext("2d");
    const frame = this.frame;
    const scale = this.marks.width / frame.width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    context.strokeStyle = this.colour("--ink");
    const corners = areaCorners(this.app.state.area);
    if (corners) this.line(context, corners.map(([x, y]) => this.toScreen(x, y, frame)), true);
    if (this.drawn.length > 1) this.line(context, this.drawn, false);
    for (const [i, radius] of [[this.hovered, 8], [this.app.current, 11]]) this.ring(context, i, radius, frame);
  }

  line(context, corners, closed) {
    context.setLineDash([5, 4]);
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x, y] of corners) context.lineTo(x, y);
    if (closed) context.closePath();
    context.stroke();
    context.setLineDash([]);
  }

  ring(context, i, radius, frame) {
    if (i < 0 || this.data.x[i] === UNKNOWN) return;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(...this.toScreen(this.data.x[i], this.data.y[i], frame), radius, 0, 2 * Math.PI);
    context.stroke();
  }

  // --- reading ---

  hover(i) {
    if (i === this.hovered) return;
    this.hovered = i;
    this.tip.hidden = i < 0;
    this.marks.classList.toggle("on-point", i >= 0);
    if (i >= 0) this.showTip(i);
    this.drawMarks();
  }

  showTip(i) {
    const [words, by, crux] = this.tip.children;
    words.textContent = this.data.text[i];
    by.textContent = nameOf(this.data, "author", i);
    crux.textContent = nameOf(this.data, "crux", i);
    const { width, height } = this.frame;
    const [x, y] = this.toScreen(this.data.x[i], this.data.y[i]);
    const { offsetWidth, offsetHeight } = this.tip;
    const below = y + REACH + offsetHeight < height;
    this.tip.style.left = `${Math.max(4, Math.min(width - offsetWidth - 4, x - offsetWidth / 2))}px`;
    this.tip.style.top = `${below ? y + REACH : Math.max(4, y - REACH - offsetHeight)}px`;
  }

  // --- pointing ---

  setMode(mode) {
    this.mode = mode;
    // Where nothing is drawn by dragging, a finger on the map scrolls the page.
    this.marks.style.touchAction = mode === "read" ? "auto" : "none";
    for (const button of this.buttons) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.dataset.map === mode));
    }
  }

  press(event) {
    if (event.button !== 0) return;
    this.from = this.pointer(event);
    this.began = this.zoom;
    this.drawn = [this.from];
    if (this.mode !== "read") this.marks.setPointerCapture(event.pointerId);
  }

  move(event) {
    const at = this.pointer(event);
    if (!this.from || this.mode === "read") return this.hover(this.pointAt(...at));
    this.hover(-1);
    if (this.mode === "move") return this.drag(at);
    const last = this.drawn[this.drawn.length - 1];
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= CORNER) this.drawn.push(at);
    this.drawMarks();
  }

  drag(at) {
    const { unit } = this.frame;
    const { x, y, times } = this.began;
    this.look(x - (at[0] - this.from[0]) / unit, y - (at[1] - this.from[1]) / unit, times);
  }

  release(event) {
    if (!this.from) return;
    const at = this.pointer(event);
    const moved = Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) >= CORNER || this.drawn.length > 2;
    const corners = this.drawn;
    this.cancel();
    if (!moved) {
      const i = this.pointAt(...at);
      if (i >= 0) this.app.open(i);
    } else if (this.mode === "area" && corners.length > 2) {
      const frame = this.frame;
      const places = corners.map(([x, y]) => this.toMap(x, y, frame).map(Math.round).join("."));
      this.app.set({ area: places.join("~") });
    }
  }

  cancel() {
    this.from = null;
    this.drawn = [];
    this.drawMarks();
  }

  // A bare wheel scrolls the page; with Ctrl, as a pinch on a touchpad sends it, it comes nearer.
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.nearer(Math.exp(-event.deltaY / 200), this.pointer(event));
  }

  // --- coming nearer ---

  act(what) {
    if (what === "in") this.nearer(1.6);
    else if (what === "out") this.nearer(1 / 1.6);
    else if (what === "whole") this.app.set({ view: "" });
    else this.setMode(this.mode === what ? "read" : what);
  }

  nearer(factor, at = [this.width / 2, this.height / 2]) {
    const { x, y, times } = this.zoom;
    const next = Math.min(NEAREST, Math.max(1, times * factor));
    const [fixX, fixY] = this.toMap(...at);
    this.look(fixX + ((x - fixX) * times) / next, fixY + ((y - fixY) * times) / next, next);
  }

  look(x, y, times) {
    const clip = (value) => Math.round(Math.min(this.span, Math.max(0, value)));
    this.app.set({ view: times <= 1 ? "" : [clip(x), clip(y), Math.round(times * 100)].join(".") });
  }

  key(event) {
    const act = { "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
    if (event.key in ARROWS) this.step(...ARROWS[event.key]);
    else if (act) this.act(act);
    else if (event.key === "Escape") this.app.set({ area: "", at: "" });
    else return;
    event.preventDefault();
  }

  // The arrow keys go from point to point; without one, to the first of the list.
  step(dx, dy) {
    const { current, refused, list } = this.app;
    const from = current >= 0 && refused[current] === 0 && this.data.x[current] !== UNKNOWN ? current : -1;
    const next = from < 0 ? list.find((i) => this.data.x[i] !== UNKNOWN) ?? -1 : this.near.towards(from, dx, dy, refused);
    if (next < 0) return;
    this.app.open(next);
    this.said.textContent = `${this.data.text[next]} ${nameOf(this.data, "author", next)}. ${nameOf(this.data, "crux", next)}`;
  }
}

function largest(column) {
  let most = 0;
  for (const value of column) if (value > most) most = value;
  return most;
}

function lookOf(crux, table, own) {
  return crux === table.none ? own + 1 : Math.min(crux, own);
}

// The points that have a place: those in no crux undermost, then the cruxes that share a grey, then the others.
function drawOrder(data) {
  const { own } = data.looks;
  const layers = [[], [], []];
  for (let i = 0; i < data.n; i++) {
    if (data.x[i] === UNKNOWN) continue;
    const look = lookOf(data.crux[i], data.tables.crux, own);
    layers[look > own ? 0 : look === own ? 1 : 2].push(i);
  }
  return Uint32Array.from(layers.flat());
}
