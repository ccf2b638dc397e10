/** What helps a run whose steps waited for their images. */
import { availableParallelism } from 'node:os';
import type { PipelineMeans } from '../pipeline/index.ts';
import type { StepFacts } from './step-facts.ts';

/** Less than this is not worth a word. */
const notable = 0.1;
/** Fewer steps, or a shorter time, say more of how a run starts than of how it goes on. */
const fewSteps = 20;
const shortSeconds = 10;
/** Pixels of a side: images of less cannot become much smaller, and small ones are made in no time. */
const smallSide = 128;
const tinySide = 32;
/** A file of so many times the bytes that the network sees of it has many times its pixels, compressed as it is. */
const large = 4;
/** A cache that is so full turned pictures away. */
const full = 0.9;

/** What is known of a run. */
export interface WaitedRun {
  /** The share of the steps' time in which they waited, 0 to 1. */
  readonly waiting: number | undefined;
  /** Undefined where images are not files. */
  readonly pipeline: PipelineMeans | undefined;
  /** In all. */
  readonly epochs: number;
  readonly steps: StepFacts;
}

/** Sentences for people, and the flags that do what the first one says. */
export interface WaitingAdvice {
  /** What helps most comes first. */
  readonly ways: readonly string[];
  /** Undefined where no flags do that, or an epoch is too short to train again for it. */
  readonly flags: string | undefined;
}

interface Way {
  readonly text: string;
  readonly flags?: string;
}

/** Undefined where steps hardly waited, where they were too few to tell, or nothing is known to help. @param cores of the machine */
export function waitingAdvice(run: WaitedRun, cores = availableParallelism()): WaitingAdvice | undefined {
  const { waiting = 0, pipeline, steps } = run;
  if (waiting <= notable || steps.perEpoch < fewSteps || steps.seconds < shortSeconds) return undefined;
  const ways = pipeline
    ? waysOfFiles(run, pipeline, cores)
    : [{ text: 'a faster `read` of the dataset, or one that keeps what it made' }];
  const [first] = ways;
  if (!first) return undefined;
  const isLong = steps.seconds >= shortSeconds * steps.epochs;
  return { ways: ways.map(({ text }) => text), flags: isLong ? first.flags : undefined };
}

function waysOfFiles({ epochs, steps }: WaitedRun, { workers, cache }: PipelineMeans, cores: number): Way[] {
  const { channels, height, width } = steps.image;
  const side = Math.min(height, width);
  const { fileBytes = 0 } = steps;
  const isLarge = fileBytes > large * channels * height * width;
  if (side <= tinySide && !isLarge) return [];
  const isAgain = epochs > 1 && cache.folder === undefined;
  const isOff = cache.limit === 0;
  return [
    ...(workers < cores
      ? [{ text: `a thread for each core to prepare images (--workers ${cores})`, flags: `--workers ${cores}` }]
      : []),
    ...(isAgain && isOff ? [{ text: 'images that are kept decoded for the next epoch (leave out --cache off)' }] : []),
    ...(isAgain && !isOff && cache.bytes >= full * cache.limit
      ? [{ text: 'a folder of its own for the decoded images that memory had no room for (--cache)' }]
      : []),
    ...(isLarge
      ? [{ text: `smaller files, made once: they are of ${megabytes(fileBytes)} each, for ${height}×${width} pixels` }]
      : []),
    ...(!isLarge && side >= smallSide ? [{ text: 'smaller images (--image-size)' }] : []),
    ...(side > tinySide ? [{ text: 'files on a faster disk' }] : []),
  ];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
