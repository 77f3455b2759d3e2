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
  const found = [...Array(size * size).keys()].filter((p) => bytes[4 * p + 3]);
  const column = (of) => Int32Array.from(found, of);
  const channel = (k) => column((p) => bytes[4 * p + k]);
  return {
    n: found.length, reach: size >> 1,
    dx: column((p) => (p % size) - (size >> 1)), dy: column((p) => Math.floor(p / size) - (size >> 1)),
    red: channel(0), green: channel(1), blue: channel(2), alpha: channel(3),
    // All four channels of an opaque pixel at once, in the byte order of every machine that runs a browser.
    opaque: Uint32Array.from(found, (p) => (0xff000000 | (bytes[4 * p + 2] << 16) | (bytes[4 * p + 1] << 8) | bytes[4 * p]) >>> 0),
  };
}

function blend(over, under, alpha) {
  return ((over * alpha + under * (255 - alpha)) * 257 + 32768) >> 16;
}

// Presses a stamp into opaque pixels, which are given as bytes and, over the same memory, as words.
function press({ bytes, words, width, height }, look, x, y) {
  const { n, dx, dy, alpha, reach } = look;
  const whole = x >= reach && y >= reach && x < width - reach && y < height - reach;
  if (!whole && (x < -reach || y < -reach || x >= width + reach || y >= height + reach)) return;
  for (let k = 0; k < n; k++) {
    const px = x + dx[k];
    const py = y + dy[k];
    if (!whole && (px < 0 || py < 0 || px >= width || py >= height)) continue;
    const at = py * width + px;
    if (alpha[k] === 255) {
      words[at] = look.opaque[k];
    } else {
      bytes[4 * at] = blend(look.red[k], bytes[4 * at], alpha[k]);
      bytes[4 * at + 1] = blend(look.green[k], bytes[4 * at + 1], alpha[k]);
      bytes[4 * at + 2] = blend(look.blue[k], bytes[4 * at + 2], alpha[k]);
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
