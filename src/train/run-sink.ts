/** Where a run's results go: a run folder, memory, or what somebody writes for a place of their own. */
import type { Checkpoint } from '../checkpoint/index.ts';
import type { Score } from '../trained/index.ts';
import type { BadImageEvent, EpochEvent, EpochRecord, StepEvent } from './events.ts';
import type { RateSearch } from './rate-search/suggested-rate.ts';

/** What a run measures on its way; `step` counts from 1, over all epochs. */
export type Measurement =
  /** Every 50 steps. */
  | ({ readonly kind: 'step' } & Omit<StepEvent, 'running' | 'secondsLeft'>)
  | ({ readonly kind: 'epoch'; readonly step: number } & EpochEvent)
  /** Before the first step, where the run looked for its learning rate. */
  | ({ readonly kind: 'rates'; readonly step: number } & RateSearch)
  /** Once for each, with the step that first met it. */
  | ({ readonly kind: 'bad image'; readonly step: number } & BadImageEvent)
  /** At the end, where there is a test split: the weights of the best epoch, and the last ones. */
  | { readonly kind: 'test'; readonly step: number; readonly best: Score; readonly last: Score };

/** How far a run had come. All steps of an epoch may be complete before it is itself: its validation is then to come. */
export interface RunPoint {
  /** Complete ones. */
  readonly epoch: number;
  readonly step: number;
}

/** Whether it was measured when the run had come to `at`, and not later. */
export function isBefore(measured: Measurement, at: RunPoint): boolean {
  if (measured.kind === 'test') return false;
  return measured.step <= at.step && (measured.kind !== 'epoch' || measured.epoch <= at.epoch);
}

/** Which of a run's epochs a checkpoint is of, and how many such checkpoints stay. */
export interface EpochToKeep {
  /** From 1 on. */
  readonly epoch: number;
  readonly epochs: number;
  readonly most: number;
}

/**
 * What a run tells of itself, in this order: `take`; `begin`, or `goOn` where an earlier call of `train` began it; what it measures and saves;
 * `report`; `leave`, whatever happened. It never calls two at a time. What they throw ends the run, but for `report`.
 */
export interface RunSink {
  /** What `Run.folder` and messages call it: the path of a folder. */
  readonly name: string;
  /** What is kept of the run, as hints end: `runs/a keeps the run as it was after epoch 3`. Undefined where nothing is yet. */
  readonly kept: string | undefined;

  /**
   * Keeps other runs out until `leave`.
   * @throws ConfigError where another run is here now; where one was, unless the run is to `resume`; where none was, and it is to
   */
  take(options: { readonly resume: boolean }): Promise<void>;
  leave(): Promise<void>;

  /**
   * A new run begins with this configuration, which is plain JSON, and with this list of its samples (`split,label,id`, as `splitText` writes it), which
   * is undefined for very many. Whatever a run that failed at once left is dropped.
   */
  begin(config: Readonly<Record<string, unknown>>, split: string | undefined): Promise<void>;
  /** What `begin` was given, as `goOn` changed it; undefined where it cannot be read. May be asked before `take`. */
  recorded(): Promise<unknown>;
  /** The list that `begin` was given, or `goOn` after it. May be asked once it is taken. */
  split(): Promise<string | undefined>;
  /**
   * The run goes on after `at`: `isBefore` tells the measurements that stay; others are taken again. `changes` go into the configuration; undefined takes a key out. `split` is
   * another list, where the data has changed.
   */
  goOn(at: RunPoint, changes: Readonly<Record<string, unknown>>, split?: string): Promise<void>;

  log(measurement: Measurement): Promise<void>;
  /** What was logged so far and not taken back, oldest first; what an earlier version logged has fewer keys. */
  measured(): Promise<readonly Measurement[]>;
  /** All epochs so far, oldest first, in place of those told before. */
  results(epochs: readonly EpochRecord[]): Promise<void>;

  /** Keeps a checkpoint in place of the one before: `best` after the epoch with the highest validation accuracy, and then `last`. */
  save(which: 'last' | 'best', checkpoint: Checkpoint): Promise<void>;
  /**
   * Keeps the checkpoint of a complete epoch besides those of `save`, and once it is safe, of such checkpoints the `most` newest alone. Told
   * before `save` is, and again where a run goes on from before that epoch. Only runs with `keep` ask for it; a sink may leave it out.
   */
  keepEpoch?(checkpoint: Checkpoint, at: EpochToKeep): Promise<void>;
  /** What `save` kept, and what messages call it. @throws CheckpointError where it is damaged or gone */
  load(which: 'last' | 'best'): Promise<{ readonly name: string; readonly checkpoint: Checkpoint }>;

  /** The run is over. `page` makes its report, one HTML page: only asked where it is wanted. Returns its path, where it became a file. */
  report(page: () => Promise<string>): Promise<string | undefined>;
}

/** A hint that ends with what is kept of the run, where something is. */
export function withKept(hint: string | undefined, { kept }: RunSink): string | undefined {
  if (kept === undefined) return hint;
  return hint === undefined ? kept : `${hint}; ${kept}`;
}

/** `runs/a keeps the run as it was after epoch 3`; undefined without a checkpoint to go on from. */
export function keptText(name: string, training: Checkpoint['training']): string | undefined {
  if (!training) return undefined;
  const { epoch, step, partial } = training;
  const isBetween = epoch > 0 && (partial?.count ?? 0) === 0;
  return `${name} keeps the run as it was after ${isBetween ? `epoch ${epoch}` : `step ${step}`}`;
}
