/** Whether what a map marks is what the network uses: the class's probability while those pixels come, or go (Petsiuk et al. 2018, arXiv 1806.07421, §4.1). */
import type { Random } from '../tensor/index.ts';
import { enlarge } from './arithmetic/enlarge.ts';
import { gaussianFilter } from './arithmetic/gaussian-filter.ts';
import type { HeatMap } from './heat-map.ts';
import type { Questions } from './questions.ts';

/** Areas under the probability of the class, 0 to 1, and what they are of. */
export interface Curves {
  /** Pixels appear in the blurred image, those that the map marks most first: large where it marks what suffices. */
  readonly insertion: number;
  /** They give way to the data's mean colour: small where it marks what is needed. */
  readonly deletion: number;
  /** The probability after each step, from no pixel to all of them. */
  readonly inserted: readonly number[];
  readonly deleted: readonly number[];
}

/** Deviation of the blur as a share of the image's shorter side: objects are no longer recognised. */
const blurShare = 1 / 8;

/** Steps from no pixel to all. */
const usualSteps = 32;

/** Scores of maps of one image. */
export class PixelScores {
  readonly #network: Questions;
  readonly #image: Float32Array;
  readonly #label: number;
  readonly #steps: number;
  readonly #blurred: Float32Array;

  constructor(network: Questions, image: Float32Array, label: number, steps = usualSteps) {
    const { height, width } = network.image;
    this.#network = network;
    this.#image = image;
    this.#label = label;
    this.#steps = Math.min(steps, height * width);
    this.#blurred = gaussianFilter(image, network.image, Math.min(height, width) * blurShare);
  }

  /** Of a map of any size, which is enlarged to the image's. */
  async of(map: HeatMap): Promise<Curves> {
    const order = pixelOrder(enlarge(map, this.#network.image));
    const grey = new Float32Array(this.#image.length);
    const inserted = await this.#probabilities(this.#blurred, this.#image, order);
    const deleted = await this.#probabilities(this.#image, grey, order);
    return { insertion: areaUnder(inserted), deletion: areaUnder(deleted), inserted, deleted };
  }

  /** The probability while pixels of `from` become those of `to`, in this order. */
  async #probabilities(from: Float32Array, to: Float32Array, order: Uint32Array): Promise<number[]> {
    const steps = this.#steps;
    const { channels } = this.#network.image;
    const area = order.length;
    const size = from.length;
    const images = new Float32Array((steps + 1) * size);
    images.set(from);
    for (let step = 1; step <= steps; step++) {
      const own = images.subarray(step * size, (step + 1) * size);
      own.set(images.subarray((step - 1) * size, step * size));
      const [first, after] = [step - 1, step].map((count) => Math.round((count * area) / steps)) as [number, number];
      for (const at of order.subarray(first, after))
        for (let channel = 0; channel < channels; channel++)
          own[channel * area + at] = to[channel * area + at] as number;
    }
    const found = await this.#network.probabilities(images);
    return found.map((own) => own[this.#label] as number);
  }
}

/** A map that knows nothing of the image: uniform numbers on a grid as fine as that of another map. */
export function randomMap({ height, width }: Pick<HeatMap, 'height' | 'width'>, random: Random): HeatMap {
  return { values: Float32Array.from({ length: height * width }, () => random.uniform()), height, width };
}

/** The largest first; of equals the one that comes first. */
function pixelOrder(values: Float32Array): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => (values[j] as number) - (values[i] as number) || i - j,
  );
}

/** By the trapezoid rule over 0 to 1. */
function areaUnder(curve: readonly number[]): number {
  const ends = ((curve[0] as number) + (curve.at(-1) as number)) / 2;
  return (curve.reduce((sum, value) => sum + value, 0) - ends) / (curve.length - 1);
}
