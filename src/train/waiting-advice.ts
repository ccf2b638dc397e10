/** What helps a run whose steps waited for their images. */
import { availableParallelism } from 'node:os';
import type { PipelineMeans } from '../pipeline/index.ts';

/** Less than this is not worth a word. */
const notable = 0.1;
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
}

/** Sentences for people, and the flags that do what the first one says. */
export interface WaitingAdvice {
  /** What helps most comes first. */
  readonly ways: readonly string[];
  readonly flags: string | undefined;
}

interface Way {
  readonly text: string;
  readonly flags?: string;
}

/** Undefined where steps hardly waited. @param cores of the machine */
export function waitingAdvice(run: WaitedRun, cores = availableParallelism()): WaitingAdvice | undefined {
  const { waiting = 0, pipeline, epochs } = run;
  if (waiting <= notable) return undefined;
  const ways = pipeline
    ? waysOfFiles(pipeline, epochs, cores)
    : [{ text: 'a faster `read` of the dataset, or one that keeps what it made' }];
  return { ways: ways.map(({ text }) => text), flags: ways[0]?.flags };
}

function waysOfFiles({ workers, cache }: PipelineMeans, epochs: number, cores: number): Way[] {
  // also where memory may keep none
  const isFull = cache.folder === undefined && cache.bytes >= full * cache.limit;
  return [
    ...(workers < cores
      ? [{ text: `a thread for each core to prepare images (--workers ${cores})`, flags: `--workers ${cores}` }]
      : []),
    ...(epochs > 1 && isFull
      ? [
          {
            text: 'a folder for the decoded images that memory had no room for (--cache FOLDER)',
            flags: '--cache FOLDER',
          },
        ]
      : []),
    { text: 'smaller images (--image-size)' },
    { text: 'files that are made smaller once, or lie on a faster disk' },
  ];
}
