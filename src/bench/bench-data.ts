/** How fast image files become batches, in turns with sharp alone and with PyTorch. */
import { flip, randomResizedCrop } from '../augmentations/index.ts';
import { type Augmentation, type Dataset, imageNetNormalisation } from '../data/index.ts';
import { median } from '../metrics/index.ts';
import { Pipeline } from '../pipeline/index.ts';
import { type DataTask, sharpRate, torchDataRate } from './data-sides.ts';

/** Options of `benchData`. */
export interface BenchDataOptions {
  /** Image files. */
  readonly dataset: Dataset;
  readonly augment: readonly Augmentation[];
  readonly workers: number;
  /** Turns of each side. */
  readonly rounds: number;
  readonly cacheBytes: number;
  /** A python3 that has torch. */
  readonly python?: string | undefined;
  readonly signal?: AbortSignal;
  onRound?(round: number): void;
  /** Why a side was left out. */
  onNote?(text: string): void;
}

/** Medians over the rounds; a ratio is ours to the other's, of the same round. */
export interface BenchDataResult {
  readonly images: number;
  readonly imageSize: number;
  readonly augmentation: readonly string[];
  readonly workers: number;
  readonly rounds: number;
  readonly imagesPerSecond: number;
  /** Decoding and scaling alone, on all threads. */
  readonly sharp: OtherRate;
  readonly torch: (OtherRate & { readonly version: string }) | null;
  /** From decoded pictures in memory. */
  readonly cached: { readonly imagesPerSecond: number; readonly ratio: number };
}

interface OtherRate {
  readonly imagesPerSecond: number;
  readonly ratio: number;
}

const batchSize = 64;
/** More make a round long, and no other number. */
const mostImages = 2000;

/** What PyTorch's side does too: the crop and the flip as torchvision has them, and colour jitter after them. */
function isTorchs(augment: readonly Augmentation[]): boolean {
  const [first, second, third, ...more] = augment.map(({ name, options }) => JSON.stringify([name, options]));
  const usual = [randomResizedCrop(), flip()].map(({ name, options }) => JSON.stringify([name, options]));
  const isJitter = third === undefined || augment[2]?.name === 'colourJitter';
  return first === usual[0] && second === usual[1] && isJitter && more.length === 0;
}

/** @throws DataError where an image cannot be read; the signal's reason where it comes */
export async function benchData(options: BenchDataOptions): Promise<BenchDataResult> {
  const { dataset, augment, workers, rounds, cacheBytes, signal, onRound, onNote } = options;
  const python = isTorchs(augment) ? options.python : undefined;
  if (options.python !== undefined && python === undefined)
    onNote?.(
      'PyTorch is left out: it is compared with randomResizedCrop,flip and with colourJitter after them, as they usually are',
    );
  const length = Math.min(dataset.length, mostImages);
  const order = Uint32Array.from({ length }, (_, i) => Math.floor((i * dataset.length) / length));
  const { paths = [], size: { height: size } = { height: 0 } } = dataset.images ?? {};
  const jitter = augment.find(({ name }) => name === 'colourJitter')?.options as Record<string, number> | undefined;
  const task: DataTask = { paths: Array.from(order, (i) => paths[i] as string), size, workers, batchSize, jitter };
  const direct = new Pipeline({ workers, cache: 0 });
  const cached = new Pipeline({ workers, cache: cacheBytes });
  const rates = { ours: [] as number[], sharp: [] as number[], cached: [] as number[], torch: [] as number[] };
  let version = '';
  const rateOf = async (pipeline: Pipeline, epoch: number): Promise<number> => {
    const began = performance.now();
    let images = 0;
    const source = { dataset, order, batchSize, augment, normalisation: imageNetNormalisation, epoch };
    for await (const batch of pipeline.batches(source)) {
      signal?.throwIfAborted();
      images += batch.count;
    }
    return (images * 1000) / (performance.now() - began);
  };
  try {
    // threads start, the system reads the files into its memory, pictures are kept
    await rateOf(direct, 0);
    await rateOf(cached, 0);
    const { bytes, limit } = cached.means.cache;
    if (bytes > 0.9 * limit)
      onNote?.(`memory keeps a part of the decoded pictures alone: ${Math.round(bytes / 1e6)} MB`);
    for (let round = 1; round <= rounds; round++) {
      onRound?.(round);
      rates.ours.push(await rateOf(direct, round));
      rates.sharp.push(await sharpRate(task));
      rates.cached.push(await rateOf(cached, round));
      if (python === undefined || rates.torch.length < round - 1) continue;
      try {
        const report = await torchDataRate(python, task, signal);
        rates.torch.push(report.imagesPerSecond);
        version = report.version;
      } catch (error) {
        signal?.throwIfAborted();
        onNote?.(`PyTorch is left out: ${(error as Error).message}`);
      }
    }
  } finally {
    await direct.close();
    await cached.close();
  }
  const against = (others: readonly number[], own = rates.ours): OtherRate => ({
    imagesPerSecond: median(others),
    ratio: median(own.map((rate, i) => rate / (others[i] as number))),
  });
  return {
    images: length,
    imageSize: size,
    augmentation: augment.map(({ name }) => name),
    workers,
    rounds,
    imagesPerSecond: median(rates.ours),
    sharp: against(rates.sharp),
    torch: rates.torch.length === rounds ? { ...against(rates.torch), version } : null,
    cached: {
      imagesPerSecond: median(rates.cached),
      ratio: median(rates.cached.map((rate, i) => rate / (rates.ours[i] as number))),
    },
  };
}
