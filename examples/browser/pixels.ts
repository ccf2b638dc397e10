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
  /** Scale the shorter side to this many pixels before height × width is cut out; without it, scale to just cover them. */
  readonly resize?: { readonly shorterSide: number };
  /** How new pixels are made of old ones; `lanczos` where it is not said. */
  readonly interpolation?: Interpolation;
  /** How a colour becomes grey: of its levels, or of its light where a file of an earlier version does not say. */
  readonly grey?: 'luma' | 'light';
}

export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

/** The picture as the input of a network: [1, channels, height, width]. */
export function networkInput(picture: Pixels, preprocessing: Preprocessing): Float32Array {
  const { channels, height, width, mean, std, grey } = preprocessing;
  const greyOf = grey === 'luma' ? luma : luminance;
  const rgb = scaledMiddle(picture, preprocessing);
  const area = height * width;
  const input = new Float32Array(channels * area);
  for (let i = 0; i < area; i++) {
    const [red, green, blue] = rgb.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const levels = channels === 1 ? [greyOf(red, green, blue)] : [red, green, blue];
    levels.forEach((level, channel) => {
      input[channel * area + i] = (level / 255 - (mean[channel] as number)) / (std[channel] as number);
    });
  }
  return input;
}

/**
 * Scales a picture, and cuts off what stands over height × width, the same on both sides. Returns red, green and blue of each pixel.
 * A canvas would scale too, but each browser in its own way, and none in that of the training images.
 */
export function scaledMiddle(
  picture: Pixels,
  { height, width, resize, interpolation = 'lanczos' }: Omit<Preprocessing, 'channels' | 'mean' | 'std' | 'grey'>,
): Uint8ClampedArray {
  const lines = resize ? shorterSide(picture, resize.shorterSide, width, height) : cover(picture, width, height);
  const [columns, rows] = lines.map((line) => taps(line, interpolation)) as [Tap[], Tap[]];
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

/** A row or column of `length` pixels that is scaled to `full`, of which `kept` after the first `cut` remain. */
interface Line {
  readonly length: number;
  readonly scale: number;
  readonly full: number;
  readonly cut: number;
  readonly kept: number;
}

function cover(picture: Pixels, width: number, height: number): Line[] {
  const scale = Math.max(width / picture.width, height / picture.height);
  return [
    [picture.width, width],
    [picture.height, height],
  ].map(([length = 0, kept = 0]) => {
    const full = Math.round(length * scale);
    return { length, scale, full, cut: Math.floor((full - kept + 1) / 2), kept };
  });
}

/** The longer side is rounded down, and half pixels of the cut go to the even side, as in Python. */
function shorterSide(picture: Pixels, side: number, width: number, height: number): Line[] {
  const shorter = Math.min(picture.width, picture.height);
  return [
    [picture.width, width],
    [picture.height, height],
  ].map(([length = 0, kept = 0]) => {
    const full = Math.floor((side * length) / shorter);
    const half = Math.floor((full - kept) / 2);
    const cut = (full - kept) % 2 === 1 && half % 2 === 1 ? half + 1 : half;
    return { length, scale: full / length, full, cut, kept };
  });
}

/** One new pixel: how much of which old ones it is. */
interface Tap {
  readonly from: number;
  readonly weights: Float64Array;
}

function taps({ length, scale, full, cut, kept }: Line, interpolation: Interpolation): Tap[] {
  if (interpolation === 'nearest')
    return Array.from({ length: kept }, (_, i) => ({
      from: Math.min(length - 1, Math.floor((i + cut + 0.5) / scale)),
      weights: Float64Array.of(1),
    }));
  const { lobes, weight: weightAt } = kernels[interpolation];
  const reach = lobes * Math.max(1, 1 / scale);
  return Array.from({ length: kept }, (_, i) => {
    // libvips, which scales in Node, sets what it enlarges half a pixel off
    const centre = scale > 1 ? (i + cut) / scale : length / 2 + (i + cut + 0.5 - full / 2) / scale;
    const from = Math.max(0, Math.ceil(centre - reach - 0.5));
    const to = Math.min(length, Math.floor(centre + reach + 0.5));
    const weights = Float64Array.from({ length: to - from }, (_, k) =>
      weightAt((lobes * (from + k + 0.5 - centre)) / reach),
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

/** Keys' cubic (1981) with a = −1/2. */
const cubic = (x: number) => {
  const d = Math.abs(x);
  if (d >= 2) return 0;
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
};

const kernels = {
  bilinear: { lobes: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { lobes: 2, weight: cubic },
  lanczos: { lobes: 3, weight: lanczos },
};

/** ITU-R BT.601, in the integers that Node's side has. */
const luma = (red: number, green: number, blue: number) => (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;

/** Grey of the same light. */
function luminance(red: number, green: number, blue: number): number {
  if (red === green && green === blue) return red;
  return Math.round(encoded(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)));
}

/** sRGB's curve, from level to light and back (IEC 61966-2-1). */
const linear = (level: number) => (level <= 10.31475 ? level / 3294.6 : ((level / 255 + 0.055) / 1.055) ** 2.4);
const encoded = (light: number) => 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
