/** @typedef {{low: number, high: number}} Levels the darkest and the brightest grey of an image, from 0 to 1 */

/** How an image is lit on screen, to see into the dark: never written, and gone with the next image. */
export class Light {
  static BRIGHTER = 1.25; // times, a step
  static HARDER = 1.2;
  static MOST = 12; // steps either way

  #brightness = 0;
  #contrast = 0;
  /** @type {Levels | null} */
  #levels = null;

  /** @param {number} step 1 or -1 */
  brighten(step) {
    this.#brightness = bounded(this.#brightness + step);
  }

  /** @param {number} step 1 or -1 */
  harden(step) {
    this.#contrast = bounded(this.#contrast + step);
  }

  /**
   * Stretches the image's own range to black and white; null takes that back.
   * @param {Levels | null} levels
   */
  stretch(levels) {
    this.#levels = levels;
  }

  get stretched() {
    return this.#levels !== null;
  }

  /** As CSS writes it; "" where nothing is changed. */
  get filter() {
    /** @type {[name: string, factor: number][]} */
    const steps = [
      ...(this.#levels ? stretching(this.#levels) : []),
      ["brightness", Light.BRIGHTER ** this.#brightness],
      ["contrast", Light.HARDER ** this.#contrast],
    ];
    return steps
      .filter(([, factor]) => factor !== 1)
      .map(([name, factor]) => `${name}(${Number(factor.toFixed(3))})`)
      .join(" ");
  }

  /** What is changed, in words; "" where nothing is. */
  get words() {
    return [
      this.#levels ? "auto level" : "",
      this.#brightness ? `brightness ${signed(this.#brightness)}` : "",
      this.#contrast ? `contrast ${signed(this.#contrast)}` : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }
}

/**
 * Returns the greys between which nearly all of an image lies; null where stretching them would
 * show nothing: it has one grey only, or all of them.
 * @param {Uint8ClampedArray} pixels red, green, blue and opacity, one after the other
 * @returns {Levels | null}
 */
export function levelsOf(pixels) {
  const counts = new Uint32Array(256);
  let seen = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] < 128) continue;
    counts[Math.round(0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2])] += 1;
    seen += 1;
  }
  const low = percentile(counts, seen * 0.005);
  const high = percentile(counts, seen * 0.995);
  return high - low < 4 || high - low > 250 ? null : { low: low / 255, high: high / 255 };
}

/**
 * @param {Uint32Array} counts
 * @param {number} rank
 */
function percentile(counts, rank) {
  let sum = 0;
  for (let grey = 0; grey < counts.length; grey += 1) {
    sum += counts[grey];
    if (sum > rank) return grey;
  }
  return 255;
}

/**
 * Returns the brightness and the contrast that together stretch a range to 0 … 1: CSS takes
 * contrast about the middle grey.
 * @param {Levels} levels
 * @returns {[name: string, factor: number][]}
 */
function stretching({ low, high }) {
  const slope = 1 / (high - low);
  const contrast = 1 + 2 * low * slope;
  return [
    ["brightness", slope / contrast],
    ["contrast", contrast],
  ];
}

/** @param {number} steps */
function bounded(steps) {
  return Math.min(Light.MOST, Math.max(-Light.MOST, steps));
}

/** @param {number} steps */
function signed(steps) {
  return steps > 0 ? `+${steps}` : `−${-steps}`;
}
