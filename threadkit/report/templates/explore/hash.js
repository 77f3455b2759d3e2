// The state of the views as the part of the address behind "#", so that what somebody sees can be sent to others.

const MARK = "#explore?";
// Browsers refuse more than a few changes of the address a second.
const PAUSE = 250;

// → the state that an address holds, null where it is another place of the page.
function stateOf(hash) {
  if (!hash.startsWith(MARK)) return null;
  const given = new URLSearchParams(hash.slice(MARK.length));
  return Object.fromEntries(Object.keys(EMPTY).map((name) => [name, given.get(name) ?? ""]));
}

function hashOf(state) {
  const given = Object.entries(state).filter(([, value]) => value !== "");
  return MARK + new URLSearchParams(given);
}

// Writing does not scroll, leaves no step to go back to and calls no listener.
function hashWriter() {
  let waiting = null;
  return (state) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const hash = hashOf(state);
      // An untouched view leaves the address of another place of the page alone.
      if (hash !== MARK || location.hash.startsWith(MARK)) history.replaceState(null, "", hash === MARK ? "#explore" : hash);
    }, PAUSE);
  };
}
