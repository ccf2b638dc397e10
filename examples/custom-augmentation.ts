/** An augmentation of your own returns a changed sample. Run it with `npx tsx examples/custom-augmentation.ts`. */
import { fileURLToPath } from 'node:url';
import { type Augmentation, flip, type Image, type Run, resnet, type TrainOptions, train } from 'skein';

/** Blanks a square of `size` pixels around a random place (DeVries and Taylor 2017, arXiv 1708.04552). */
export function cutout({ size, fill = 0 }: { readonly size: number; readonly fill?: number }): Augmentation {
  return {
    name: 'cutout',
    options: { size, fill },
    apply(sample, random) {
      const { height, width } = sample.image;
      const top = random.integer(height) - Math.floor(size / 2);
      const left = random.integer(width) - Math.floor(size / 2);
      return { ...sample, image: blank(sample.image, top, left, size, fill) };
    },
  };
}

/** A copy, because samples are shared; the square may lie partly outside. */
function blank(image: Image, top: number, left: number, size: number, fill: number): Image {
  const { channels, height, width } = image;
  const pixels = Uint8Array.from(image.pixels);
  const [from, to] = [Math.max(0, left), Math.min(width, left + size)];
  for (let channel = 0; channel < channels; channel++)
    for (let row = Math.max(0, top); row < Math.min(height, top + size); row++) {
      const start = (channel * height + row) * width;
      pixels.fill(fill, start + from, start + to);
    }
  return { ...image, pixels };
}

export function run(options: Partial<TrainOptions> = {}): Promise<Run> {
  return train({
    model: resnet({ depth: 8 }),
    data: 'fashion-mnist-sample',
    augment: [flip(), cutout({ size: 8 })],
    epochs: 1,
    ...options,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, test } = await run();
  console.log(`${test?.best.correct} of ${test?.best.total} test images are right; the run is in ${folder}`);
}
