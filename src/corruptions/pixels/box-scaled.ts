/** An image at another size by PIL's box filter: the mean of the pixels whose centres lie within each new one, or the nearest. */
import { type Extent, type Image, tapsOf } from '../../data/index.ts';

const box = { support: 0.5, weight: (x: number) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
/** Of `tapsOf`, and half of it, by which sums are rounded. */
const precision = 22;
const half = 2 ** (precision - 1);

/** First along the rows, then along the columns, each rounded to whole levels. */
export function boxScaled(image: Image, { height, width }: Extent): Image {
  const { channels } = image;
  const across = alongLines(image.pixels, width, { lines: channels * image.height, length: image.width, step: 1 });
  const pixels = new Uint8Array(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    const plane = across.subarray(channel * image.height * width, (channel + 1) * image.height * width);
    const down = alongLines(plane, height, { lines: width, length: image.height, step: width });
    pixels.set(down, channel * height * width);
  }
  return { channels, height, width, pixels };
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  /** From a pixel of a line to the next one. */
  readonly step: number;
}

function alongLines(source: Uint8Array, to: number, { lines, length, step }: Lines): Uint8Array {
  if (to === length) return source;
  const { count, starts, weights } = tapsOf(length, to, step, box);
  const result = new Uint8Array(lines * to);
  const [nextSource, nextResult] = step === 1 ? [length, to] : [1, 1];
  for (let line = 0; line < lines; line++)
    for (let x = 0; x < to; x++) {
      let sum = half;
      const from = line * nextSource + (starts[x] as number);
      for (let i = 0; i < count; i++) sum += (weights[x * count + i] as number) * (source[from + i * step] as number);
      result[line * nextResult + x * step] = Math.floor(sum / 2 ** precision);
    }
  return result;
}
