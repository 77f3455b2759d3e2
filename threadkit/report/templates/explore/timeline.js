// Objections by time: one bar a day, month, quarter or year; pressing bars sets the first and the last day.

const MAX_BARS = 80;

const SPANS = [
  { name: "day", start: (day) => day, next: (day) => day + 1, words: (day) => dayName(day) },
  { name: "month", ...months(1), words: (day) => dayName(day).slice(0, 7) },
  { name: "quarter", ...months(3), words: (day) => `${dayName(day).slice(0, 4)} Q${Math.floor(new Date(day * 864e5).getUTCMonth() / 3) + 1}` },
  { name: "year", ...months(12), words: (day) => dayName(day).slice(0, 4) },
];

// Spans of that many whole months, by their first days.
function months(length) {
  const first = (day, more) => {
    const date = new Date(day * 864e5);
    const month = Math.floor(date.getUTCMonth() / length) * length;
    return Date.UTC(date.getUTCFullYear(), month + more, 1) / 864e5;
  };
  return { start: (day) => first(day, 0), next: (day) => first(day, length) };
}

class Timeline {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.box = root.querySelector("#timeline");
    this.note = root.querySelector("#timeline-note");
    this.build();
    this.box.addEventListener("click", (event) => this.choose(event));
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  build() {
    const [low, high, undated] = ends(this.data.day);
    for (this.span of SPANS) {
      this.starts = starts(this.span, low, high);
      if (this.starts.length <= MAX_BARS) break;
    }
    this.bin = this.binned(low, high);
    this.all = new Uint32Array(this.starts.length);
    for (let i = 0; i < this.bin.length; i++) this.all[this.bin[i]]++;
    this.undated = undated;
    this.bars = this.starts.slice(0, -1).map((start, i) => element("button", {
      type: "button", tabindex: i ? "-1" : "0", "data-bar": String(i),
    }, element("span", { class: "all" }), element("span", { class: "kept" })));
    this.box.replaceChildren(...this.bars);
    const [first, last] = this.box.nextElementSibling.children;
    first.textContent = this.span.words(this.starts[0]);
    last.textContent = this.span.words(this.starts[this.bars.length - 1]);
  }

  // The bar of every objection, past the last one where its day is unknown.
  binned(low, high) {
    const { day, n } = this.data;
    const last = this.starts.length - 1;
    const barOf = new Uint16Array(high - low + 1);
    for (let i = 0; i < last; i++) barOf.fill(i, Math.max(0, this.starts[i] - low), this.starts[i + 1] - low);
    const bin = new Uint16Array(n);
    for (let i = 0; i < n; i++) bin[i] = day[i] === UNKNOWN ? last : barOf[day[i] - low];
    return bin;
  }

  // What the other filters keep, beside all; the days that are not chosen are paler.
  update(changed) {
    if (!changed.filters) return;
    const { refused } = this.app;
    const { all, bin } = this;
    const kept = new Uint32Array(all.length);
    for (let i = 0; i < bin.length; i++) if ((refused[i] & ~BIT.day) === 0) kept[bin[i]]++;
    const most = Math.max(1, ...all.subarray(0, this.bars.length));
    this.bars.forEach((bar, i) => this.show(bar, i, all[i], kept[i], most));
    const undated = this.undated ? ` ${counted(this.undated)} have no date.` : "";
    this.note.textContent = `Objections by ${this.span.name}: pale all of them, dark those that the other filters keep. The highest bar is ${counted(most)}.${undated}`;
  }

  show(bar, i, all, kept, most) {
    const [low, high] = [dayNumber(this.app.state.from), dayNumber(this.app.state.to)];
    const within = (low === null || this.starts[i + 1] > low) && (high === null || this.starts[i] <= high);
    bar.setAttribute("aria-label", `${this.span.words(this.starts[i])}: ${counted(kept)} of ${counted(all)}`);
    bar.setAttribute("aria-pressed", String(within && (low !== null || high !== null)));
    bar.title = bar.getAttribute("aria-label");
    bar.classList.toggle("outside", !within);
    const [pale, dark] = bar.children;
    pale.style.height = `${(all / most) * 100}%`;
    dark.style.height = `${(kept / most) * 100}%`;
  }

  // A second bar with Shift makes a span of both; the only chosen one, pressed again, drops the days.
  choose(event) {
    const bar = event.target.closest("button");
    if (!bar) return;
    const i = Number(bar.dataset.bar);
    const first = event.shiftKey && this.last !== undefined ? Math.min(i, this.last) : i;
    const last = event.shiftKey && this.last !== undefined ? Math.max(i, this.last) : i;
    const days = { from: dayName(this.starts[first]), to: dayName(this.starts[last + 1] - 1) };
    const same = days.from === this.app.state.from && days.to === this.app.state.to;
    if (!event.shiftKey) this.last = i;
    this.app.set(same ? { from: "", to: "" } : days);
  }

  key(event) {
    const bars = this.bars;
    const at = bars.indexOf(event.target.closest("button"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined || !bars[to]) return;
    event.preventDefault();
    bars[at].tabIndex = -1;
    bars[to].tabIndex = 0;
    bars[to].focus();
  }
}

// The first and the last day of a column, and how many rows have none.
function ends(day) {
  let [low, high, undated] = [Infinity, -Infinity, 0];
  for (let i = 0; i < day.length; i++) {
    if (day[i] === UNKNOWN) undated++;
    else if (day[i] < low) low = day[i];
    if (day[i] > high) high = day[i];
  }
  return [low, high, undated];
}

// The first days of all spans, and the day after the last.
function starts(span, low, high) {
  const found = [span.start(low)];
  while (found[found.length - 1] <= high && found.length <= 20 * MAX_BARS) found.push(span.next(found[found.length - 1]));
  return found;
}
