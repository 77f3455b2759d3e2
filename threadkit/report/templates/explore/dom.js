// Elements made of names and words. Words are always text: nothing that a forum wrote is ever read as markup.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function linkTo(href, words) {
  return element("a", { href, rel: "noopener noreferrer nofollow" }, words);
}
