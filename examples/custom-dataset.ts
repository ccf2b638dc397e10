/** A dataset of your own is a length and a way to read a sample. Run it with `npx tsx examples/custom-dataset.ts`. */
import { fileURLToPath } from 'node:url';
import { type Dataset, Random, type Run, resnet, type Sample, type Splits, type TrainOptions, train } from 'skein';

const classes = ['disc', 'square', 'cross'] as const;

/** Whether a pixel at this distance from the shape's centre belongs to it. */
const inside: Readonly<Record<(typeof classes)[number], (down: number, right: number, radius: number) => boolean>> = {
  disc: (down, right, radius) => Math.hypot(down, right) <= radius,
  square: (down, right, radius) => Math.max(Math.abs(down), Math.abs(right)) <= radius,
  cross: (down, right, radius) =>
    Math.min(Math.abs(down), Math.abs(right)) <= radius / 3 && Math.max(Math.abs(down), Math.abs(right)) <= radius,
};

/** A grey image of one bright shape on noise; equal random streams draw equal images. */
function draw(label: number, size: number, random: Random): Sample {
  const shape = classes[label] as (typeof classes)[number];
  const radius = size / 5 + random.uniform() * (size / 8);
  const [row, column] = [0, 1].map(() => radius + random.uniform() * (size - 2 * radius)) as [number, number];
  const pixels = new Uint8Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      pixels[y * size + x] = random.integer(90) + (inside[shape](y - row, x - column, radius) ? 150 : 0);
  return { image: { channels: 1, height: size, width: size, pixels }, label };
}

/** `length` drawn images of `size` × `size` pixels. Nothing is stored: image i is drawn again whenever it is read. */
export function shapes(options: {
  readonly name: string;
  readonly length: number;
  readonly size?: number;
  readonly seed?: number;
}): Dataset {
  const { name, length, size = 16, seed = 0 } = options;
  const labels = Array.from({ length }, (_, index) => index % classes.length);
  const random = new Random(seed).fork(name);
  return { name, classes, length, labels, read: (index) => draw(labels[index] as number, size, random.fork(index)) };
}

export function shapeSplits({ length = 600, size = 16 } = {}): Splits {
  return {
    train: shapes({ name: 'shapes/train', length, size }),
    test: shapes({ name: 'shapes/test', length: Math.ceil(length / 5), size }),
    normalisation: { mean: [0.3], std: [0.25] },
  };
}

export function run(options: Partial<TrainOptions> = {}): Promise<Run> {
  return train({ model: resnet({ depth: 8 }), data: shapeSplits(), epochs: 3, batchSize: 32, ...options });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, test } = await run();
  console.log(`${test?.best.correct} of ${test?.best.total} new shapes are recognised; the run is in ${folder}`);
}
