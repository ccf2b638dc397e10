/** From a picture's pixels to what the network takes, by the steps that `decodeImage` takes in Node: both then see the same. */

/** As a canvas gives them: red, green, blue and alpha of each pixel, row by row, on an opaque ground. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Of a network, from the metadata of its ONNX file. */
export interface Preprocessing {
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Per channel: the network sees (level / 255 − mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The picture as the input of a network: [1, channels, height, width]. */
export function networkInput(picture: Pixels, { channels, height, width, mean, std }: Preprocessing): Float32Array {
  const rgb = cover(picture, width, height);
  const area = height * width;
  const input = new Float32Array(channels * area);
  for (let i = 0; i < area; i++) {
    const [red, green, blue] = rgb.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const levels = channels === 1 ? [luminance(red, green, blue)] : [red, green, blue];
    levels.forEach((level, channel) => {
      input[channel * area + i] = (level / 255 - (mean[channel] as number)) / (std[channel] as number);
    });
  }
  return input;
}

/**
 * Scales a picture so that it just covers width × height, and cuts off what stands over, the same on both sides. Returns red, green
 * and blue of each pixel. A canvas would scale too, but each browser in its own way, and none in that of the training images.
 */
export function cover(picture: Pixels, width: number, height: number): Uint8ClampedArray {
  const scale = Math.max(width / picture.width, height / picture.height);
  const columns = taps(picture.width, scale, width);
  const rows = taps(picture.height, scale, height);
  const narrow = new Float32Array(picture.height * width * 3);
  for (let y = 0, to = 0; y < picture.height; y++)
    for (const { from, weights } of columns)
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        let at = 4 * (y * picture.width + from) + channel;
        for (let k = 0; k < weights.length; k++, at += 4) sum += (weights[k] as number) * (picture.data[at] as number);
        narrow[to++] = sum;
      }
  const small = new Uint8ClampedArray(height * width * 3); // rounds, and keeps to 0…255
  rows.forEach(({ from, weights }, y) => {
    for (let x = 0; x < 3 * width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (narrow[3 * width * (from + k) + x] as number);
      small[3 * width * y + x] = sum;
    }
  });
  return small;
}

/** For each of the `kept` middle pixels of a line that is scaled by `scale`: how much of which old pixels it is. */
function taps(length: number, scale: number, kept: number): { from: number; weights: Float64Array }[] {
  const full = Math.round(length * scale);
  const cut = Math.floor((full - kept + 1) / 2);
  const reach = 3 * Math.max(1, 1 / scale);
  return Array.from({ length: kept }, (_, i) => {
    // libvips, which scales in Node, sets what it enlarges half a pixel off
    const centre = scale > 1 ? (i + cut) / scale : length / 2 + (i + cut + 0.5 - full / 2) / scale;
    const from = Math.max(0, Math.ceil(centre - reach - 0.5));
    const to = Math.min(length, Math.floor(centre + reach + 0.5));
    const weights = Float64Array.from({ length: to - from }, (_, k) =>
      lanczos((3 * (from + k + 0.5 - centre)) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { from, weights: weights.map((weight) => weight / sum) };
  });
}

/** Lanczos' window of three lobes. */
const lanczos = (x: number) => {
  const angle = Math.PI * x;
  return x === 0 ? 1 : Math.abs(x) >= 3 ? 0 : (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
};

/** Grey of the same light. */
function luminance(red: number, green: number, blue: number): number {
  if (red === green && green === blue) return red;
  return Math.round(encoded(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)));
}

/** sRGB's curve, from level to light and back (IEC 61966-2-1). */
const linear = (level: number) => (level <= 10.31475 ? level / 3294.6 : ((level / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (light: number) => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
