/** A run: what its parts share while it is under way, and how it ended. */

import type { Checkpoint } from '../checkpoint/index.ts';
import type { EnginePlan, Executable } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import type { Batch, BatchesOptions, FolderUse, Pipeline, PipelineMeans } from '../pipeline/index.ts';
import type { TrainingPrograms } from '../step/index.ts';
import type { Tensor } from '../tensor/index.ts';
import type { Score } from '../trained/index.ts';
import type { BadImages } from './bad-images.ts';
import type { BadImageEvent, Callback, EpochEvent, StepEvent } from './events.ts';
import type { PhaseOfRun } from './phase-at.ts';
import type { AgreedSignal } from './ranks/agreed-signal.ts';
import type { RateSearch } from './rate-search/suggested-rate.ts';
import type { RunSink } from './run-sink.ts';
import type { Settings } from './settings.ts';
import type { Position } from './snapshot.ts';
import type { StepFacts } from './step-facts.ts';
import type { Transfer } from './transfer.ts';

/** Sees the steps of a run from within. The run waits for it, and goes the same way as without. */
export interface Witness {
  /** Before a step: `run.position.step` are complete. */
  onStepBegins?(run: RunUnderWay): Promise<void>;
  /** Each batch of the step with all that was fed, which is over when this returns. */
  onBatch?(batch: Batch, fed: ReadonlyMap<string, Tensor>, outputs: ReadonlyMap<string, Tensor>): void;
  /** The second half of a step whose gradients added up. */
  onUpdate?(outputs: ReadonlyMap<string, Tensor>): void;
  /** After the step: the state has changed, and `run.position` with it. */
  onStepEnds?(run: RunUnderWay, step: Pick<StepEvent, 'loss' | 'lr'>): Promise<void>;
}

/** Settled, with a sink that is taken. */
export interface PreparedRun {
  readonly settings: Settings;
  /** `recipeOf(settings)`. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** The whole network's prediction, which checkpoints carry. */
  readonly network: Program;
  /** Whether an earlier call of `train` began it. */
  readonly isResumed: boolean;
  readonly pipeline: Pipeline;
  /** Where decoded images are kept, if somebody said: what the machine has is not asked for. */
  readonly askedCache: number | string | undefined;
  readonly sink: RunSink;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
  /** Among ranks: what the signal is told by, once all know. */
  readonly agreed?: AgreedSignal | undefined;
  /** When this call of `train` did, by `performance.now()`. */
  readonly began: number;
  /** Who looks at the steps from within. */
  readonly witness?: Witness | undefined;
}

/** What all its phases share. */
export interface RunGround extends PreparedRun {
  /** Moved forward by every step. */
  readonly position: Position;
  /** Filled as they are met. */
  readonly badImages: BadImages;
}

/** What gives the batches of a phase. */
export interface Feed {
  /** What must be done before the first batch, which may take long. @throws what the signal says where it comes before the end */
  ready(): Promise<void>;
  /** As `Pipeline.batches`. */
  batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined>;
}

/** A phase of a run, compiled and loaded. */
export interface OpenPhase extends PhaseOfRun {
  /** Of the whole network, or of its head alone. */
  readonly programs: TrainingPrograms;
  readonly executable: Executable;
  /** What gives batches of images, or of features. */
  readonly feed: Feed;
  /** What checkpoints hold besides the state of `executable`: the layers that it does not know. */
  readonly untouched: Checkpoint['tensors'];
}

/** In a phase whose state is loaded. */
export interface RunUnderWay extends RunGround, OpenPhase {}

/** How a run ended. */
export interface Run {
  /** The path of its folder, or the name of another sink: `memory`. */
  readonly folder: string;
  /** `patience`: its validation accuracy had not risen for as many epochs. */
  readonly stopped: 'finished' | 'interrupted' | 'callback' | 'patience';
  /** The epochs of this call. */
  readonly epochs: readonly EpochEvent[];
  /** The epoch with the highest validation accuracy; the test set has no say in it. */
  readonly best: { readonly epoch: number; readonly top1: number } | undefined;
  /** On the test split, where there is one and the run is over: the best epoch's weights, and the last one's. */
  readonly test: { readonly best: Score; readonly last: Score } | undefined;
  /** The path of its report.html, where it is over and has a folder. */
  readonly report: string | undefined;
  /** Why there is no report although the run is over; the run itself is complete. */
  readonly reportProblem?: string;
  /** Images that could not be read and were passed over, also by earlier calls. */
  readonly badImages: readonly BadImageEvent[];
  /** The share of the steps' time in this call in which they waited for images, 0 to 1; undefined where there were none. */
  readonly waiting: number | undefined;
  /** What prepared the images, where they are files. */
  readonly pipeline: PipelineMeans | undefined;
  /** What the steps of this call were. */
  readonly steps: StepFacts;
  /** What it took from starting weights, where this call of `train` began it with some. */
  readonly transfer?: Transfer;
  /** How its learning rate was found, where this call of `train` looked for it. */
  readonly rates?: RateSearch;
  readonly params: number;
  /** That it was trained on. */
  readonly engine: string;
  readonly precision: EnginePlan['precision'];
  readonly threads: number;
  /** The most memory that the engine held. */
  readonly peakBytes: number;
  /** What trained together, where a launcher started several processes for this run; `host` is the machine of this one. */
  readonly ranks?: { readonly size: number; readonly library: string; readonly host: string };
  /** What the folder for decoded images holds, where `cache` is one. */
  readonly cache?: FolderUse;
}
