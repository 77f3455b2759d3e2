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

// What a row is sorted by: scores as they are, names by the alphabet, cruxes by their rank; unknown ones last.
function sortKeys(data, name, down) {
  const column = data[name];
  const table = data.tables[name];
  const keys = new Float64Array(data.n);
  const rank = table && name !== "crux" ? ranks(table) : null;
  for (let i = 0; i < keys.length; i++) {
    const key = rank ? rank[column[i]] : column[i];
    const unknown = column[i] === UNKNOWN || (table && column[i] === table.none);
    keys[i] = unknown ? Infinity : down ? -key : key;
  }
  return keys;
}

function ranks(table) {
  const places = [...table.names.keys()].sort((a, b) => ALPHABET.compare(table.names[a], table.names[b]));
  const rank = new Int32Array(places.length);
  places.forEach((place, i) => { rank[place] = i; });
  return rank;
}

const ALPHABET = new Intl.Collator("en", { numeric: true });

// → all rows in order; equals keep the order of their ids. `sort` is a column's name, with "-" before it for downwards.
function orderOf(data, sort) {
  data.orders ??= new Map();
  if (!data.orders.has(sort)) {
    const keys = sortKeys(data, sort.replace("-", ""), sort.startsWith("-"));
    const order = Uint32Array.from(keys.keys());
    order.sort((a, b) => keys[a] === keys[b] ? a - b : keys[a] < keys[b] ? -1 : 1);
    data.orders.set(sort, order);
  }
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
  for (const i of order) if (refused[i] === 0) kept[n++] = i;
  return kept.subarray(0, n);
}
