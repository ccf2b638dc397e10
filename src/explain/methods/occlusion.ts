import { optional, whole } from '../../parts/index.ts';
import type { Questions } from '../questions.ts';
import { defineMethod } from './method.ts';

/**
 * How much of the class's probability is lost where a square of the data's mean colour covers the image: for each pixel the mean over all
 * squares that cover it (Zeiler and Fergus 2014, arXiv 1311.2901, §4.2).
 */
export const occlusion = defineMethod({
  name: 'occlusion',
  about: 'what the class loses where a square is covered, without any gradient',
  source: 'arXiv:1311.2901',
  options: {
    window: optional(
      whole({ about: 'pixels of the square’s side; without it a quarter of the image’s shorter side', from: 1 }),
    ),
    stride: optional(whole({ about: 'pixels from square to square; without it a quarter of the window', from: 1 })),
  },
  make: ({ window, stride }) => ({
    title: 'Occlusion',
    asks: 'logits',
    explain: async (network, image, label) => {
      const { channels, height, width } = network.image;
      const side = window ?? Math.max(1, Math.round(Math.min(height, width) / 4));
      const step = stride ?? Math.max(1, Math.round(side / 4));
      const boxes = starts(height, side, step).flatMap((top) =>
        starts(width, side, step).map((left) => ({ top, left })),
      );
      const size = { channels, height, width, side: Math.min(side, height, width) };
      const [whole = 0] = await probabilities(network, image, label, [undefined], size);
      const covered = await probabilities(network, image, label, boxes, size);
      const [sums, counts] = [new Float64Array(height * width), new Float64Array(height * width)];
      for (const [i, box] of boxes.entries())
        forEachPixel(box, size, (at) => {
          sums[at]! += whole - (covered[i] as number);
          counts[at]!++;
        });
      return { values: Float32Array.from(sums, (sum, at) => sum / Math.max(1, counts[at] as number)), height, width };
    },
  }),
});

interface Box {
  readonly top: number;
  readonly left: number;
}

interface Covered {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly side: number;
}

/** From one edge to the other: the last window ends with the image. */
function starts(extent: number, side: number, step: number): number[] {
  const last = Math.max(0, extent - side);
  const all = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  return all.at(-1) === last ? all : [...all, last];
}

function forEachPixel({ top, left }: Box, { height, width, side }: Covered, visit: (at: number) => void): void {
  for (let y = top; y < Math.min(top + side, height); y++)
    for (let x = left; x < Math.min(left + side, width); x++) visit(y * width + x);
}

/** Images that are in memory together. */
const together = 64;

/** Of the class, with each of the boxes covered; undefined covers nothing. */
async function probabilities(
  network: Questions,
  image: Float32Array,
  label: number,
  boxes: readonly (Box | undefined)[],
  size: Covered,
): Promise<number[]> {
  const found: number[] = [];
  const area = size.height * size.width;
  for (let first = 0; first < boxes.length; first += together) {
    const some = boxes.slice(first, first + together);
    const images = new Float32Array(some.length * image.length);
    for (const [row, box] of some.entries()) {
      const own = images.subarray(row * image.length, (row + 1) * image.length);
      own.set(image);
      if (!box) continue;
      // the mean is 0 where images are normalised
      for (let c = 0; c < size.channels; c++)
        forEachPixel(box, size, (at) => own.fill(0, c * area + at, c * area + at + 1));
    }
    for (const own of await network.probabilities(images)) found.push(own[label] as number);
  }
  return found;
}
