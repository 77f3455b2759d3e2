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

// → { size, offsets, red, green, blue, alpha }: the pixels of one look that are not empty.
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
  const found = [];
  for (let p = 0; p < size * size; p++) {
    const alpha = bytes[4 * p + 3];
    if (alpha) found.push([(p % size) - (size >> 1), Math.floor(p / size) - (size >> 1), ...bytes.slice(4 * p, 4 * p + 3), alpha]);
  }
  const column = (k) => Int32Array.from(found, (each) => each[k]);
  return { n: found.length, dx: column(0), dy: column(1), red: column(2), green: column(3), blue: column(4), alpha: column(5), reach: size >> 1 };
}

// Blends a stamp into opaque pixels (an ImageData's bytes).
function press(bytes, width, height, look, x, y) {
  const whole = x >= look.reach && y >= look.reach && x < width - look.reach && y < height - look.reach;
  for (let k = 0; k < look.n; k++) {
    const px = x + look.dx[k];
    const py = y + look.dy[k];
    if (!whole && (px < 0 || py < 0 || px >= width || py >= height)) continue;
    const at = 4 * (py * width + px);
    const alpha = look.alpha[k];
    const rest = 255 - alpha;
    bytes[at] = (look.red[k] * alpha + bytes[at] * rest) / 255;
    bytes[at + 1] = (look.green[k] * alpha + bytes[at + 1] * rest) / 255;
    bytes[at + 2] = (look.blue[k] * alpha + bytes[at + 2] * rest) / 255;
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
