// Which objections a set of filters keeps. A state is what the page's address holds: words under names, "" for "any".

const EMPTY = {
  q: "", author: "", post: "", crux: "", kind: "", answered: "", from: "", to: "",
  "karma-min": "", "karma-max": "", "agreement-min": "", "agreement-max": "",
  area: "", sort: "", at: "", view: "",
};
// How the list is ordered, which objection is open and how near the map is are no filters.
const FILTERS = Object.keys(EMPTY).filter((name) => !["sort", "at", "view"].includes(name));
// One bit for each filter that refuses a row, so that a view can leave out its own: the heat map, for example, shows
// what the other filters keep, and the chosen crux and post in it.
const BIT = { words: 1, author: 2, post: 4, crux: 8, kind: 16, answered: 32, day: 64, karma: 128, agreement: 256, area: 512 };

// The words that are searched, without case, as one long text: a browser looks through that many times faster than
// through a hundred thousand short ones. An objection is a line of it. Folded once, at leisure or at the first search.
function folded(data) {
  if (!data.folded) {
    const words = data.text.join("\n").toLowerCase() + "\n";
    const ends = new Uint32Array(data.n);
    for (let i = 0, at = -1; i < data.n; i++) ends[i] = at = words.indexOf("\n", at + 1);
    data.folded = { words, ends };
  }
  return data.folded;
}

// One byte a row, 1 where the row passes.
function passing(n, passes) {
  const kept = new Uint8Array(n);
  for (let i = 0; i < n; i++) if (passes(i)) kept[i] = 1;
  return kept;
}

// Which rows of a table of names are meant: by key, by whole name, else by a part of the name.
function meant(table, value) {
  table.folded ??= table.names.map((name) => name.toLowerCase());
  const { keys, folded: names } = table;
  const wanted = value.toLowerCase();
  for (const test of [(i) => keys[i] === value, (i) => names[i] === wanted]) {
    const hits = passing(names.length, test);
    if (hits.includes(1)) return hits;
  }
  return passing(names.length, (i) => names[i].includes(wanted));
}

function keptByName(data, state, name) {
  const column = data[name];
  if (!state[name] || !column) return null;
  const hits = meant(data.tables[name], state[name]);
  return passing(data.n, (i) => hits[column[i]]);
}

// What is unknown lies in no range.
function keptByRange(column, low, high) {
  if (!column || (low === null && high === null)) return null;
  const from = Math.max(low ?? -Infinity, UNKNOWN + 1);
  const to = high ?? Infinity;
  return passing(column.length, (i) => column[i] >= from && column[i] <= to);
}

function keptByWords(data, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const [first, ...rest] = words.map((word) => linesWith(folded(data), word));
  for (const hits of rest) for (let i = 0; i < first.length; i++) first[i] &= hits[i];
  return first;
}

function linesWith({ words, ends }, word) {
  const hits = new Uint8Array(ends.length);
  let line = 0;
  for (let at = words.indexOf(word); at >= 0; at = words.indexOf(word, ends[line] + 1)) {
    while (ends[line] < at) line++;
    hits[line] = 1;
  }
  return hits;
}

function keptByAnswer(column, value) {
  const wanted = { yes: 1, no: 0, unknown: UNKNOWN }[value];
  return column && wanted !== undefined ? passing(column.length, (i) => column[i] === wanted) : null;
}

// An area is written as "x.y~x.y~x.y" in the map's own steps.
function areaCorners(words) {
  const corners = words.split("~").map((pair) => pair.split(".").map(Number));
  return corners.length > 2 && corners.flat().every(Number.isFinite) ? corners : null;
}

function inside(corners, x, y) {
  let odd = false;
  for (let a = 0, b = corners.length - 1; a < corners.length; b = a++) {
    const [ax, ay] = corners[a];
    const [bx, by] = corners[b];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function keptByArea({ x, y, n }, words) {
  const corners = words && x && areaCorners(words);
  return corners ? passing(n, (i) => x[i] !== UNKNOWN && inside(corners, x[i], y[i])) : null;
}

function whole(words) {
  const number = Number(words);
  return words === "" || Number.isNaN(number) ? null : number;
}

// The filters: the names of the state that each answers to, and which rows it keeps, null for all.
const RULES = {
  ...Object.fromEntries(["author", "post", "crux", "kind"].map((name) => [name, { names: [name], keeps: (data, state) => keptByName(data, state, name) }])),
  answered: { names: ["answered"], keeps: (data, state) => keptByAnswer(data.answered, state.answered) },
  day: { names: ["from", "to"], keeps: (data, state) => keptByRange(data.day, dayNumber(state.from), dayNumber(state.to)) },
  ...Object.fromEntries(["karma", "agreement"].map((name) => [name, {
    names: [`${name}-min`, `${name}-max`],
    keeps: (data, state) => keptByRange(data[name], whole(state[`${name}-min`]), whole(state[`${name}-max`])),
  }])),
  area: { names: ["area"], keeps: (data, state) => keptByArea(data, state.area) },
  words: { names: ["q"], keeps: (data, state) => keptByWords(data, state.q) },
};

// One number a row: 0 where every filter keeps it, else the bits of those that refuse it. A filter that says what it
// said before is not asked again.
class Sieve {
  constructor(data) {
    this.data = data;
    this.refused = new Uint16Array(data.n);
    this.asked = {};
  }

  apply(state) {
    for (const [rule, { names, keeps }] of Object.entries(RULES)) {
      const asked = names.map((name) => state[name]).join("\n");
      if (this.asked[rule] === asked) continue;
      this.asked[rule] = asked;
      this.mark(BIT[rule], keeps(this.data, state));
    }
    return this.refused;
  }

  mark(bit, kept) {
    const { refused } = this;
    for (let i = 0; i < refused.length; i++) refused[i] = kept && !kept[i] ? refused[i] | bit : refused[i] & ~bit;
  }
}
