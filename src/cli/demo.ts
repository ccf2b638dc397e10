/** The demo: a linear classifier, then a residual and a dense network side by side, on images that ship with the package. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadData } from '../data/index.ts';
import { plan } from '../ir/index.ts';
import { wilsonInterval } from '../metrics/index.ts';
import { buildNetwork, type ImageSize } from '../nn/index.ts';
import { type Callback, freeFolder, type Run, train } from '../train/index.ts';
import { type DemoEntry, demoEntries, demoRecipe, demoSchedule } from './demo-recipe.ts';

export interface DemoOptions {
  /** Default: the first free `runs/demo-N`. */
  readonly out?: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  /** Watches the run of the network called `name`. */
  callbackFor(name: string): Callback;
}

/** One network's run, as `skein demo --json` prints it. */
export interface DemoResult {
  readonly name: string;
  readonly folder: string;
  readonly stopped: Run['stopped'];
  readonly epochs: number;
  readonly params: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Of the last epoch's weights; absent where the run was interrupted. */
  readonly test?: DemoScore;
  /** While training; the mean over the epochs. */
  readonly imagesPerSecond: number;
  readonly threads: number;
  readonly peakBytes: number;
}

/** `interval` is Wilson's, at 95 %. */
export interface DemoScore {
  readonly top1: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly correct: number;
  readonly total: number;
}

/**
 * Trains the three networks. Where one fails or the signal comes, the others stop and save too.
 * @throws what `train` throws
 */
export async function demo(options: DemoOptions): Promise<{ folder: string; networks: DemoResult[] }> {
  const { threads = availableParallelism(), signal } = options;
  const { train: images } = await loadData(demoRecipe.data);
  const image = (await images.read(0)).image;
  const size = { image, classes: images.classes.length };
  const folder = options.out ?? (await freeFolder('demo'));
  const start = (entry: DemoEntry, share: number, stop: AbortSignal) =>
    trainEntry({ ...options, signal: stop }, entry, folder, share, size);

  const { linear, residual, dense } = demoEntries;
  const networks = [await start(linear, threads, signal)];
  const rest = [residual, dense];
  if (threads >= 2)
    networks.push(...(await together(rest, signal, (entry, stop) => start(entry, Math.floor(threads / 2), stop))));
  else for (const entry of rest) if (!signal.aborted) networks.push(await start(entry, threads, signal));
  return { folder, networks };
}

/** Runs all at the same time; the failure of one stops the others. */
async function together<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  run: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  if (signal.aborted) return [];
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const results = await Promise.allSettled(
    items.map((item) =>
      run(item, either).catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    ),
  );
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function trainEntry(
  { seed = 0, signal, callbackFor }: DemoOptions,
  { network, epochs, lr }: DemoEntry,
  folder: string,
  threads: number,
  size: { readonly image: ImageSize; readonly classes: number },
): Promise<DemoResult> {
  const { name } = network;
  const run = await train({
    ...demoRecipe,
    model: network,
    epochs,
    lr: demoSchedule(lr),
    seed,
    threads,
    signal,
    out: join(folder, name),
    callbacks: [callbackFor(name)],
  });
  const score = run.test?.last;
  const { graph, logits } = buildNetwork(network, { ...size, batch: 1, training: false });
  const outputs = new Map([['logits', logits]]);
  return {
    name,
    folder: run.folder,
    stopped: run.stopped,
    epochs: run.epochs.length,
    params: run.params,
    macs: plan({ name, graph, outputs, updates: new Map() }).macs,
    ...(score && {
      test: {
        top1: score.top1,
        interval: wilsonInterval(score.correct, score.total),
        correct: score.correct,
        total: score.total,
      },
    }),
    imagesPerSecond: run.epochs.reduce((sum, epoch) => sum + epoch.imagesPerSecond, 0) / Math.max(1, run.epochs.length),
    threads: run.threads,
    peakBytes: run.peakBytes,
  };
}
