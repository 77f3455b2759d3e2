// The objection that is open: its words, who wrote it, and the ways to the original and to its crux.

class One {
  constructor(app, root) {
    this.app = app;
    this.data = app.data;
    this.box = root.querySelector("#one");
    this.hint = this.box.firstElementChild;
  }

  update(changed) {
    if (!changed.at) return;
    const i = this.app.current;
    this.box.replaceChildren(...(i < 0 ? [this.hint] : this.shown(i)));
  }

  shown(i) {
    const { data } = this;
    const facts = [["karma", scoreName], ["agreement", scoreName], ["day", dayName]]
      .filter(([name]) => data[name] && data[name][i] !== UNKNOWN)
      .map(([name, say]) => name === "day" ? ` · ${say(data.day[i])}` : ` · ${name} ${say(data[name][i])}`);
    const author = element("span", { class: "author", dir: "auto" }, nameOf(data, "author", i));
    return [
      element("blockquote", { dir: "auto" }, data.text[i]),
      element("p", { class: "by" }, author, ...facts),
      element("dl", {}, ...this.facts(i).flatMap(([name, ...words]) => [element("dt", {}, name), element("dd", { dir: "auto" }, ...words)])),
      this.ways(i),
    ];
  }

  facts(i) {
    const { data } = this;
    const crux = data.crux[i];
    const here = crux !== data.tables.crux.none && data.cruxHere[crux];
    const name = nameOf(data, "crux", i);
    const facts = [["Crux", here ? element("a", { href: `#crux-${data.tables.crux.keys[crux]}` }, name) : name]];
    facts.push(["Post", nameOf(data, "post", i)]);
    if (data.kind) facts.push(["Kind", nameOf(data, "kind", i)]);
    if (data.answered && data.answered[i] !== UNKNOWN) facts.push(["Answered", answeredName(data.answered[i])]);
    return facts;
  }

  ways(i) {
    const href = addressOf(this.data, i);
    const only = (name) => {
      const button = element("button", { type: "button" }, `All of this ${name}`);
      const table = this.data.tables[name];
      button.addEventListener("click", () => this.app.set({ ...NO_FILTER, [name]: table.keys[this.data[name][i]] }));
      return button;
    };
    return element("p", { class: "ways" }, ...(href ? [linkTo(href, this.data.url[i] === null ? "post" : "original")] : []), only("crux"), only("author"), only("post"));
  }
}
