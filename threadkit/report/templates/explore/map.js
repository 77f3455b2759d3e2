// The map of the objections: pixels on one canvas, marks of the moment on another above it.

// How far from a point the pointer may be, the map's margin (pixels), and how near the map can come (times).
const REACH = 14;
const MARGIN = 18;
const NEAREST = 40;

class ObjectionMap {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.box = root.querySelector("#drawing");
    this.points = this.box.querySelector("canvas.points");
    this.marks = this.box.querySelector("canvas.marks");
    this.tip = this.box.querySelector(".tip");
    this.span = Math.max(1, largest(this.data.x), largest(this.data.y));
    this.middle = [largest(this.data.x) / 2, largest(this.data.y) / 2];
    [this.order, this.lookOf] = drawOrder(this.data);
    [this.width, this.height] = [0, 0];
    this.hovered = -1;
    this.colours = {};
    this.hand = new Hand(this, root);
    this.listen();
  }

  listen() {
    new ResizeObserver(() => this.resize()).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  // Made when somebody first points at the map.
  get near() {
    this.nearest ??= new Near(this.data, this.span);
    return this.nearest;
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
    this.colours = {};
    this.looks = this.under = this.blank = null;
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
    this.colours[name] ??= getComputedStyle(this.box).getPropertyValue(name).trim();
    return this.colours[name];
  }

  looksAt(scale) {
    // To a power of two: a few more or less points look the same.
    const n = 2 ** Math.round(Math.log2(Math.max(1, this.app.list.length)));
    if (this.looks?.scale !== scale || this.looks.n !== n) {
      this.looks = { scale, n, stamps: looksOf(this.data, n, this.order.length, (name) => this.colour(name), scale) };
    }
    return this.looks.stamps;
  }

  // Those that the filters leave out lie below. They are drawn once for as long as the map stands still.
  drawPoints(scale) {
    const { width, height } = this.points;
    const looks = this.looksAt(scale).map((look) => laid(look, width));
    const { refused, list } = this.app;
    const sheet = this.sheet(width, height);
    if (list.length < this.data.n) sheet.words.set(this.ground(sheet, scale, looks[looks.length - 1]));
    const { order, lookOf } = this;
    this.pressAll(sheet, scale, (k) => refused[order[k]] === 0 ? looks[lookOf[k]] : null);
    this.points.getContext("2d", { willReadFrequently: true }).putImageData(sheet.image, 0, 0);
  }

  // The pixels of all points in the colour of those left out.
  ground({ width, height }, scale, faint) {
    const { zoom, unit } = this.frame;
    const key = [width, height, zoom.x, zoom.y, unit, scale].join();
    if (this.under?.key !== key) {
      const sheet = this.sheet(width, height);
      this.pressAll(sheet, scale, () => faint);
      this.under = { key, words: sheet.words };
    }
    return this.under.words;
  }

  // Empty pixels to draw on.
  sheet(width, height) {
    const image = new ImageData(width, height);
    const words = new Int32Array(image.data.buffer);
    this.blank ??= stamp({ shape: "square", fill: this.colour("--surface"), radius: 4 }).solid.word[0];
    return { image, words: words.fill(this.blank), width, height };
  }

  pressAll(sheet, scale, lookFor) {
    const { zoom, unit } = this.frame;
    const { order, data: { x, y } } = this;
    const step = unit * scale;
    const [left, top] = [sheet.width / 2 - zoom.x * step, sheet.height / 2 - zoom.y * step];
    for (let k = 0; k < order.length; k++) {
      const look = lookFor(k);
      if (look) press(sheet, look, Math.round(x[order[k]] * step + left), Math.round(y[order[k]] * step + top));
    }
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
    if (this.hand.drawn.length > 1) this.line(context, this.hand.drawn, false);
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

  look(x, y, times) {
    const clip = (value) => Math.round(Math.min(this.span, Math.max(0, value)));
    this.app.set({ view: times <= 1 ? "" : [clip(x), clip(y), Math.round(times * 100)].join(".") });
  }
}

function largest(column) {
  let most = 0;
  for (let i = 0; i < column.length; i++) if (column[i] > most) most = column[i];
  return most;
}

// The points that have a place: those in no crux undermost, then the cruxes that share a grey, then the others; and
// the look of each.
function drawOrder({ n, x, crux, tables, looks: { own } }) {
  const layers = new Uint32Array(n);
  for (let i = 0; i < n; i++) layers[i] = x[i] === UNKNOWN ? 3 : crux[i] === tables.crux.none ? 0 : crux[i] < own ? 2 : 1;
  const order = byKey({ keys: layers, size: 3 }).subarray(0, n - layers.filter((layer) => layer === 3).length);
  return [order, order.map((i) => crux[i] === tables.crux.none ? own + 1 : Math.min(crux[i], own))];
}
