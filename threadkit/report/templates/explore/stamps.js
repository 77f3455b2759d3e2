// How points look: each look is drawn once, small, by the browser, and then stamped as pixels. A hundred thousand
// points are a few million bytes to write, which takes a tenth of the time of as many calls to a drawing library.

function outline(context, shape, middle, radius) {
  context.beginPath();
  if (shape === "square") {
    context.rect(middle - radius * 0.85, middle - radius * 0.85, radius * 1.7, radius * 1.7);
  } else if (shape === "diamond") {
    const reach = radius * 1.2;
    context.moveTo(middle, middle - reach);
    context.lineTo(middle + reach, middle);
    context.lineTo(middle, middle + reach);
    context.lineTo(middle - reach, middle);
    context.closePath();
  } else {
    context.arc(middle, middle, radius, 0, 2 * Math.PI);
  }
}

// → the pixels of one look that are not empty: where they lie about its middle, their colours and their cover.
function stamp({ shape, fill, edge, radius }) {
  const size = 2 * Math.ceil(radius * 1.2 + 1) + 1;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  outline(context, shape, size / 2, radius);
  context.fillStyle = fill;
  context.fill();
  if (edge) {
    context.strokeStyle = edge;
    context.lineWidth = Math.max(0.8, radius / 6);
    context.stroke();
  }
  return pixels(context.getImageData(0, 0, size, size).data, size);
}

function pixels(bytes, size) {
  const reach = size >> 1;
  const found = [...Array(size * size).keys()].filter((p) => bytes[4 * p + 3]);
  const part = (cover) => {
    const own = found.filter((p) => cover(bytes[4 * p + 3]));
    const column = (of) => Int32Array.from(own, of);
    return {
      dx: column((p) => (p % size) - reach), dy: column((p) => Math.floor(p / size) - reach),
      // All channels of a pixel at once, in the byte order of every machine that runs a browser.
      word: column((p) => 0xff000000 | (bytes[4 * p + 2] << 16) | (bytes[4 * p + 1] << 8) | bytes[4 * p]),
      alpha: column((p) => bytes[4 * p + 3] + 1),
    };
  };
  return { reach, solid: part((alpha) => alpha === 255), rim: part((alpha) => alpha < 255) };
}

// A colour laid over another, covering so many of 256 parts of it: red and blue together, then green.
function blend(over, under, alpha) {
  const rest = 256 - alpha;
  const redBlue = (Math.imul(over & 0xff00ff, alpha) + Math.imul(under & 0xff00ff, rest)) >>> 8;
  const green = (Math.imul(over & 0xff00, alpha) + Math.imul(under & 0xff00, rest)) >>> 8;
  return 0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00);
}

// A stamp for sheets of one width: how far each of its pixels lies from its middle in their memory.
function laid(look, width) {
  if (look.width !== width) {
    look.width = width;
    for (const part of [look.solid, look.rim]) part.step = part.dx.map((dx, k) => part.dy[k] * width + dx);
  }
  return look;
}

// Presses a stamp into opaque pixels.
function press({ words, width, height }, look, x, y) {
  const { solid, rim, reach } = look;
  if (x < reach || y < reach || x >= width - reach || y >= height - reach) return pressEdge({ words, width, height }, look, x, y);
  const at = y * width + x;
  for (let k = 0; k < solid.step.length; k++) words[at + solid.step[k]] = solid.word[k];
  for (let k = 0; k < rim.step.length; k++) {
    const p = at + rim.step[k];
    words[p] = blend(rim.word[k], words[p], rim.alpha[k]);
  }
}

// The same where a part of the stamp may lie outside.
function pressEdge({ words, width, height }, { solid, rim }, x, y) {
  for (const { dx, dy, word, alpha } of [solid, rim]) {
    for (let k = 0; k < dx.length; k++) {
      const [px, py] = [x + dx[k], y + dy[k]];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      words[py * width + px] = blend(word[k], words[py * width + px], alpha[k]);
    }
  }
}

// The fewer points, the larger; so that few stand out and many leave room between them.
function radiusFor(n) {
  return Math.min(4.5, Math.max(1.6, 4.5 - Math.log10(Math.max(1, n / 1500)) * 1.6));
}

// One look for each crux that has its own, then: further cruxes, in no crux, left out by the filters.
// `n` of `all` points are kept, `scale` is the pixels of the canvas to one of the page.
function looksOf(data, n, all, colour, scale) {
  const { hues, shapes, own, further } = data.looks;
  const radius = radiusFor(n) * scale;
  const edge = radius > 2.6 * scale ? "rgb(29 33 40 / 0.5)" : null;
  const looks = Array.from({ length: own }, (_, i) => (
    stamp({ shape: shapes[Math.floor(i / hues.length)], fill: hues[i % hues.length], edge, radius })
  ));
  looks.push(stamp({ shape: "circle", fill: further, radius: radius * 0.75 }));
  looks.push(stamp({ shape: "circle", fill: colour("--pale"), radius: radius * 0.65 }));
  looks.push(stamp({ shape: "circle", fill: colour("--faint"), radius: radiusFor(all) * scale * 0.65 }));
  return looks;
}
