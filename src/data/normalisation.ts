import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../tensor/index.ts';
import type { Dataset, Normalisation } from './dataset.ts';
import { pixelMemory } from './pixel-memory.ts';

/** Of the CIFAR-10 training images. */
export const cifar10Normalisation: Normalisation = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

/** Of the CIFAR-100 training images. */
export const cifar100Normalisation: Normalisation = { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] };

/** Of the Fashion-MNIST training images. */
export const fashionMnistNormalisation: Normalisation = { mean: [0.286], std: [0.353] };

/** Of ImageNet, as used by torchvision's models and for image folders here. */
export const imageNetNormalisation: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** The same for grey images: of the levels 0.299 R + 0.587 G + 0.114 B, as if the three channels moved together. */
export const greyNormalisation = ({ mean, std }: Normalisation): Normalisation => ({
  mean: [lightness(mean)],
  std: [lightness(std)],
});

const lightness = ([red = 0, green = 0, blue = 0]: readonly number[]) => 0.299 * red + 0.587 * green + 0.114 * blue;

/** Mean and standard deviation per channel over all pixels of a dataset, exact; a constant channel gets std 1. */
export async function measureNormalisation(dataset: Dataset): Promise<Normalisation> {
  const histograms: Float64Array[] = [];
  for (let index = 0; index < dataset.length; index++) {
    const read = dataset.read(index);
    const { channels, pixels } = ('then' in read ? await read : read).image;
    const area = pixels.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      histograms[channel] ??= new Float64Array(256);
      const histogram = histograms[channel] as Float64Array;
      for (let i = channel * area; i < (channel + 1) * area; i++) {
        const level = pixels[i] as number;
        histogram[level] = (histogram[level] as number) + 1;
      }
    }
  }
  const moments = histograms.map((histogram) => {
    let count = 0;
    let sum = 0;
    let squares = 0;
    histogram.forEach((times, level) => {
      count += times;
      sum += times * level;
      squares += times * level * level;
    });
    // var = E[x²] - E[x]², exact enough here: the sums are integers below 2⁵³
    const variance = Math.max(0, squares / count - (sum / count) ** 2);
    return { mean: sum / count / 255, std: Math.sqrt(variance) / 255 || 1 };
  });
  return { mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) };
}

/**
 * One table per channel from a byte to its normalised value.
 * @throws ConfigError where the number of channels differs or a std is not positive
 */
export function normalisationTables({ mean, std }: Normalisation, channels: number): Float32Array[] {
  if (mean.length !== channels || std.length !== channels)
    throw new ConfigError(
      `normalisation: images have ${channels} channel(s), but there are ${mean.length} mean(s) and ${std.length} std(s)`,
      'give one mean and one std per channel',
    );
  return mean.map((center, channel) => {
    const scale = std[channel] as number;
    if (!(Number.isFinite(center) && Number.isFinite(scale) && scale > 0))
      throw new ConfigError(
        `normalisation: expected a finite mean and a positive std, but channel ${channel} has ${center} and ${scale}`,
      );
    return Float32Array.from({ length: 256 }, (_, level) => (level / 255 - center) / scale);
  });
}

/** Writes an image's pixels to `images` from `offset` on, each through its channel's table. */
export function normalise(
  pixels: Uint8Array,
  tables: readonly Float32Array[],
  images: Float32Array,
  offset: number,
): void {
  const { length } = pixels;
  const area = length / tables.length;
  const memory = pixelMemory();
  const [source, table, target] = memory.layOut(length, 4 * 256 * tables.length, 4 * length) as [
    number,
    number,
    number,
  ];
  memory.bytes.set(pixels, source);
  tables.forEach((levels, channel) => {
    const of = table + 4 * 256 * channel;
    memory.floats.set(levels, of / 4);
    memory.kernels.lookUp(source + channel * area, area, of, target + 4 * channel * area);
  });
  images.set(memory.floats.subarray(target / 4, target / 4 + length), offset);
}

/** Of several datasets together: exact where each is its dataset's own. */
export function pooledNormalisation(
  several: readonly { readonly normalisation: Normalisation; readonly samples: number }[],
): Normalisation {
  const [first] = several.map(({ normalisation }) => normalisation) as [Normalisation];
  if (several.every(({ normalisation }) => isDeepStrictEqual(normalisation, first))) return first;
  const total = several.reduce((sum, { samples }) => sum + samples, 0);
  const mean = (of: (normalisation: Normalisation) => number) =>
    several.reduce((sum, { normalisation, samples }) => sum + samples * of(normalisation), 0) / total;
  const means = first.mean.map((_, channel) => mean((of) => of.mean[channel] as number));
  return {
    mean: means,
    // var = E[var of each + (mean of each)²] - mean²
    std: means.map((all, channel) =>
      Math.sqrt(mean((of) => (of.std[channel] as number) ** 2 + (of.mean[channel] as number) ** 2) - all ** 2),
    ),
  };
}
