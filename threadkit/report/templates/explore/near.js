// Which point lies next to a place on the map: points are sorted into square cells once.

const CELLS = 96;

class Near {
  constructor(data, span) {
    this.data = data;
    this.size = span / CELLS + 1e-9;
    const { starts, members } = this.sorted();
    this.starts = starts;
    this.members = members;
  }

  cell(x, y) {
    const clip = (value) => Math.min(CELLS - 1, Math.max(0, Math.floor(value / this.size)));
    return clip(y) * CELLS + clip(x);
  }

  sorted() {
    const { x, y, n } = this.data;
    const starts = new Uint32Array(CELLS * CELLS + 1);
    for (let i = 0; i < n; i++) if (x[i] !== UNKNOWN) starts[this.cell(x[i], y[i]) + 1]++;
    for (let c = 0; c < CELLS * CELLS; c++) starts[c + 1] += starts[c];
    const members = new Uint32Array(starts[CELLS * CELLS]);
    const next = starts.slice();
    for (let i = 0; i < n; i++) if (x[i] !== UNKNOWN) members[next[this.cell(x[i], y[i])]++] = i;
    return { starts, members };
  }

  // → the nearest kept point within `reach` of a place, −1 where there is none.
  find(atX, atY, reach, refused) {
    let best = -1;
    let least = reach * reach;
    const low = this.cell(atX - reach, atY - reach);
    const high = this.cell(atX + reach, atY + reach);
    for (let row = Math.floor(low / CELLS); row <= Math.floor(high / CELLS); row++) {
      const first = this.starts[row * CELLS + (low % CELLS)];
      const last = this.starts[row * CELLS + (high % CELLS) + 1];
      for (let k = first; k < last; k++) {
        const i = this.members[k];
        const far = (this.data.x[i] - atX) ** 2 + (this.data.y[i] - atY) ** 2;
        if (refused[i] === 0 && far <= least) [best, least] = [i, far];
      }
    }
    return best;
  }

  // → the kept point that lies next to another one in a direction (dx, dy), −1 where there is none.
  towards(from, dx, dy, refused) {
    const { x, y, n } = this.data;
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < n; i++) {
      if (refused[i] !== 0 || x[i] === UNKNOWN || i === from) continue;
      const along = (x[i] - x[from]) * dx + (y[i] - y[from]) * dy;
      const aside = Math.abs((x[i] - x[from]) * dy) + Math.abs((y[i] - y[from]) * dx);
      // Twice as much along as aside is "in this direction"; the point that is least far off it comes next.
      if (along > 0 && aside <= along && along + 2 * aside < least) [best, least] = [i, along + 2 * aside];
    }
    return best;
  }
}
