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

// The words that are searched: an objection's own, without case. Folded once, when somebody first searches.
function folded(data) {
  data.folded ??= data.text.map((text) => text.toLowerCase());
  return data.folded;
}

// Which rows of a table of names are meant: by key, by whole name, else by a part of the name.
function meant(table, value) {
  const size = table.names.length;
  const wanted = value.toLowerCase();
  const names = table.names.map((name) => name.toLowerCase());
  for (const test of [(i) => table.keys[i] === value, (i) => names[i] === wanted]) {
    const hits = Uint8Array.from({ length: size }, (_, i) => test(i) ? 1 : 0);
    if (hits.includes(1)) return hits;
  }
  return Uint8Array.from(names, (name) => name.includes(wanted) ? 1 : 0);
}

function refuse(refused, bit, keeps) {
  for (let i = 0; i < refused.length; i++) if (!keeps(i)) refused[i] |= bit;
}

function refuseByName(data, state, refused, name) {
  if (!state[name] || !data[name]) return;
  const hits = meant(data.tables[name], state[name]);
  const column = data[name];
  refuse(refused, BIT[name], (i) => hits[column[i]] === 1);
}

// What is unknown lies in no range.
function refuseByRange(column, low, high, refused, bit) {
  if (!column || (low === null && high === null)) return;
  const from = low ?? -Infinity;
  const to = high ?? Infinity;
  refuse(refused, bit, (i) => column[i] !== UNKNOWN && column[i] >= from && column[i] <= to);
}

function refuseByWords(data, query, refused) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return;
  const texts = folded(data);
  for (const word of words) refuse(refused, BIT.words, (i) => texts[i].includes(word));
}

function refuseByAnswer(column, value, refused) {
  const wanted = { yes: 1, no: 0, unknown: UNKNOWN }[value];
  if (column && wanted !== undefined) refuse(refused, BIT.answered, (i) => column[i] === wanted);
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

function refuseByArea(data, words, refused) {
  const corners = words && data.x && areaCorners(words);
  if (!corners) return;
  refuse(refused, BIT.area, (i) => data.x[i] !== UNKNOWN && inside(corners, data.x[i], data.y[i]));
}

function whole(words) {
  const number = Number(words);
  return words === "" || Number.isNaN(number) ? null : number;
}

// → one number a row: 0 where every filter keeps it, else the bits of those that refuse it.
function applyFilters(data, state) {
  const refused = new Uint16Array(data.n);
  for (const name of ["author", "post", "crux", "kind"]) refuseByName(data, state, refused, name);
  refuseByAnswer(data.answered, state.answered, refused);
  refuseByRange(data.day, dayNumber(state.from), dayNumber(state.to), refused, BIT.day);
  for (const name of ["karma", "agreement"]) {
    refuseByRange(data[name], whole(state[`${name}-min`]), whole(state[`${name}-max`]), refused, BIT[name]);
  }
  refuseByArea(data, state.area, refused);
  refuseByWords(data, state.q, refused);
  return refused;
}
