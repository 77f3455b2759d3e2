// The page's data → typed columns. Nothing here draws.

// A score, a day, an answer or a place that the export lacks.
const UNKNOWN = -2147483648;

function typed(values, missing) {
  const column = new Int32Array(values.length);
  for (let i = 0; i < column.length; i++) column[i] = values[i] === null ? missing : values[i];
  return column;
}

// A table of names. Rows without a name point behind its end, where the words for "none" stand.
function nameTable(names, keys, none) {
  return { keys: [...keys.map(String), "none"], names: [...names, none], none: names.length };
}

function readData(raw) {
  const rows = raw.rows;
  const tables = {
    author: nameTable(raw.authors, raw.authors, raw.unknown),
    post: nameTable(raw.posts.name, raw.posts.id, "no post"),
    crux: nameTable(raw.cruxes.name, raw.cruxes.id, "in no crux"),
    kind: nameTable(raw.kinds, raw.kinds, "not told"),
  };
  const data = { n: rows.text.length, text: rows.text, url: rows.url, tables, looks: raw.looks };
  data.postUrls = raw.posts.url;
  data.cruxHere = raw.cruxes.here;
  for (const [name, table] of Object.entries(tables)) data[name] = rows[name] && typed(rows[name], table.none);
  for (const name of ["day", "karma", "agreement", "answered", "x", "y"]) {
    data[name] = rows[name] && typed(rows[name], UNKNOWN);
  }
  return data;
}

function nameOf(data, table, i) {
  return data.tables[table].names[data[table][i]];
}

// The address of the original comment, else of its post, null where there is neither.
function addressOf(data, i) {
  const start = data.postUrls[data.post[i]] || "";
  const rest = data.url[i];
  const url = rest === null ? start : rest.startsWith("http") ? rest : start + rest;
  return /^https?:\/\//.test(url) ? url : null;
}

function dayName(day) {
  return day === UNKNOWN ? "–" : new Date(day * 864e5).toISOString().slice(0, 10);
}

function dayNumber(words) {
  const time = Date.parse(words + "T00:00:00Z");
  return Number.isNaN(time) ? null : Math.floor(time / 864e5);
}

function scoreName(score) {
  return score === UNKNOWN ? "–" : counted(score).replace("-", "−");
}

function counted(number) {
  return number.toLocaleString("en-US");
}

function answeredName(answered) {
  return answered === UNKNOWN ? "–" : answered ? "yes" : "no";
}
