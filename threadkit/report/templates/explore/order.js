// The order of the list: each column is sorted once, when it is first asked for.

const SORTS = {
  crux: { title: "crux, most recurrent first" },
  day: { title: "date" },
  karma: { title: "karma" },
  agreement: { title: "agreement" },
  author: { title: "author" },
  post: { title: "post" },
  answered: { title: "answered" },
  kind: { title: "kind" },
};
const FIRST_DOWN = new Set(["day", "karma", "agreement", "answered"]);

// What a row is sorted by, as small numbers without gaps: scores in their order, names by the alphabet, cruxes by
// their rank; unknown ones last.
function sortKeys(data, name, down) {
  const column = data[name];
  const table = data.tables[name];
  const rank = table ? ranks(table, name) : places(column);
  const { size } = rank;
  const missing = table ? table.none : UNKNOWN;
  const keys = new Uint32Array(data.n);
  for (let i = 0; i < keys.length; i++) {
    const key = rank.of(column[i]);
    keys[i] = column[i] === missing ? size : down ? size - 1 - key : key;
  }
  return { keys, size };
}

function ranks(table, name) {
  const { length: size } = table.names;
  if (name === "crux") return { size, of: (place) => place };
  const sorted = [...table.names.keys()].sort((a, b) => ALPHABET.compare(table.names[a], table.names[b]));
  const rank = new Uint32Array(size);
  sorted.forEach((place, i) => { rank[place] = i; });
  return { size, of: (place) => rank[place] };
}

// The place of each different number among all of them.
function places(column) {
  const sorted = Int32Array.from(new Set(column)).sort();
  const rank = new Map();
  sorted.forEach((value, i) => rank.set(value, i));
  return { size: sorted.length, of: (value) => rank.get(value) };
}

// Equals keep the order of their ids: rows are counted by key, then each is put behind those before it.
function byKey({ keys, size }) {
  const next = new Uint32Array(size + 2);
  for (let i = 0; i < keys.length; i++) next[keys[i] + 1]++;
  for (let key = 0; key <= size; key++) next[key + 1] += next[key];
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[next[keys[i]]++] = i;
  return order;
}

const ALPHABET = new Intl.Collator("en", { numeric: true });

// → all rows in order. `sort` is a column's name, with "-" before it for downwards.
function orderOf(data, sort) {
  data.orders ??= new Map();
  if (!data.orders.has(sort)) data.orders.set(sort, byKey(sortKeys(data, sort.replace("-", ""), sort.startsWith("-"))));
  return data.orders.get(sort);
}

function usableSort(data, sort) {
  const name = sort.replace("-", "");
  return name in SORTS && data[name] ? sort : "crux";
}

function listed(data, refused, sort) {
  const order = orderOf(data, usableSort(data, sort));
  const kept = new Uint32Array(order.length);
  let n = 0;
  for (let place = 0; place < order.length; place++) if (refused[order[place]] === 0) kept[n++] = order[place];
  return kept.subarray(0, n);
}
