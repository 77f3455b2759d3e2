// What a hand does to the map: draw around points, move it, come nearer with two fingers, step from point to point.

// From how far apart a drawn line has corners (pixels); a shorter way is a click.
const CORNER = 7;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Hand {
  constructor(map, root) {
    this.map = map;
    this.said = root.querySelector("#said");
    this.buttons = [...root.querySelectorAll("[data-map]")];
    this.drawn = [];
    this.fingers = new Map();
    this.pinch = null;
    this.setMode(matchMedia("(pointer: coarse)").matches ? "read" : "area");
    this.listen();
  }

  listen() {
    const on = (name, act) => this.map.marks.addEventListener(name, (event) => act.call(this, event));
    on("pointerdown", this.press);
    on("pointermove", this.move);
    on("pointerup", this.release);
    on("pointercancel", this.lift);
    on("pointerleave", () => this.map.hover(-1));
    on("wheel", this.wheel);
    on("keydown", this.key);
    for (const button of this.buttons) button.addEventListener("click", () => this.act(button.dataset.map));
  }

  pointer(event) {
    const box = this.map.marks.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  setMode(mode) {
    this.mode = mode;
    // Where nothing is drawn by dragging, a finger on the map scrolls the page; two always hold the map.
    this.map.marks.style.touchAction = mode === "read" ? "pan-x pan-y" : "none";
    for (const button of this.buttons) {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.dataset.map === mode));
    }
  }

  press(event) {
    if (event.button !== 0) return;
    const at = this.pointer(event);
    this.fingers.set(event.pointerId, at);
    if (this.fingers.size > 2) return;
    this.began = this.map.zoom;
    this.from = at;
    this.drawn = [at];
    if (this.fingers.size === 2) this.grip();
    if (this.mode !== "read" || this.pinch) this.map.marks.setPointerCapture(event.pointerId);
  }

  move(event) {
    const at = this.pointer(event);
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, at);
    if (this.pinch) return this.stretch();
    if (!this.from || this.mode === "read") return this.map.hover(this.map.pointAt(...at));
    this.map.hover(-1);
    if (this.mode === "move") return this.drag(at);
    const last = this.drawn[this.drawn.length - 1];
    if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= CORNER) this.drawn.push(at);
    this.map.drawMarks();
  }

  // The middle between two fingers, and how far they are apart.
  span() {
    const [[ax, ay], [bx, by]] = [...this.fingers.values()];
    return { middle: [(ax + bx) / 2, (ay + by) / 2], apart: Math.max(1, Math.hypot(ax - bx, ay - by)) };
  }

  grip() {
    const { middle, apart } = this.span();
    this.pinch = { place: this.map.toMap(...middle), apart, unit: this.map.frame.unit };
    this.from = null;
    this.drawn = [];
    this.map.hover(-1);
    this.map.drawMarks();
  }

  // What lay between the fingers stays between them.
  stretch() {
    if (this.fingers.size !== 2) return;
    const { middle: [px, py], apart } = this.span();
    const { width, height } = this.map;
    const times = Math.min(NEAREST, Math.max(1, (this.began.times * apart) / this.pinch.apart));
    const unit = (this.pinch.unit * times) / this.began.times;
    const [x, y] = this.pinch.place;
    this.map.look(x - (px - width / 2) / unit, y - (py - height / 2) / unit, times);
  }

  drag(at) {
    const { unit } = this.map.frame;
    const { x, y, times } = this.began;
    this.map.look(x - (at[0] - this.from[0]) / unit, y - (at[1] - this.from[1]) / unit, times);
  }

  release(event) {
    if (!this.from || this.pinch) return this.lift(event);
    const at = this.pointer(event);
    const moved = Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) >= CORNER || this.drawn.length > 2;
    const corners = this.drawn;
    this.lift(event);
    if (!moved) {
      const i = this.map.pointAt(...at);
      if (i >= 0) this.map.app.open(i);
    } else if (this.mode === "area" && corners.length > 2) {
      const frame = this.map.frame;
      const places = corners.map(([x, y]) => this.map.toMap(x, y, frame).map(Math.round).join("."));
      this.map.app.set({ area: places.join("~") });
    }
  }

  // A finger is gone; the one that is left of two does nothing more.
  lift(event) {
    this.fingers.delete(event.pointerId);
    if (this.fingers.size === 0) this.pinch = null;
    this.from = null;
    this.drawn = [];
    this.map.drawMarks();
  }

  // A bare wheel scrolls the page; with Ctrl, as a pinch on a touchpad sends it, it comes nearer.
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.nearer(Math.exp(-event.deltaY / 200), this.pointer(event));
  }

  act(what) {
    if (what === "in") this.nearer(1.6);
    else if (what === "out") this.nearer(1 / 1.6);
    else if (what === "whole") this.map.app.set({ view: "" });
    else this.setMode(this.mode === what ? "read" : what);
  }

  nearer(factor, at = [this.map.width / 2, this.map.height / 2]) {
    const { x, y, times } = this.map.zoom;
    const next = Math.min(NEAREST, Math.max(1, times * factor));
    const [fixX, fixY] = this.map.toMap(...at);
    this.map.look(fixX + ((x - fixX) * times) / next, fixY + ((y - fixY) * times) / next, next);
  }

  key(event) {
    const act = { "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
    if (event.key in ARROWS) this.step(...ARROWS[event.key]);
    else if (act) this.act(act);
    else if (event.key === "Escape") this.map.app.set({ area: "", at: "" });
    else return;
    event.preventDefault();
  }

  // The arrow keys go from point to point; without one, to the first of the list.
  step(dx, dy) {
    const { current, refused, list } = this.map.app;
    const from = current >= 0 && refused[current] === 0 && this.map.data.x[current] !== UNKNOWN ? current : -1;
    const next = from < 0 ? list.find((i) => this.map.data.x[i] !== UNKNOWN) ?? -1 : this.map.near.towards(from, dx, dy, refused);
    if (next < 0) return;
    this.map.app.open(next);
    this.said.textContent = `${this.map.data.text[next]} ${nameOf(this.map.data, "author", next)}. ${nameOf(this.map.data, "crux", next)}`;
  }
}
