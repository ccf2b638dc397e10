/** A run under way: the loop over epochs, and what is saved and told between them. */
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../checkpoint/index.ts';
import type { Dataset } from '../data/index.ts';
import type { EnginePlan, Executable } from '../engines/index.ts';
import { countParams, initialState, type Value } from '../ir/index.ts';
import type { TrainingPrograms } from '../step/index.ts';
import { TrainingError, zeros } from '../tensor/index.ts';
import { evaluateSplit, type Score } from '../trained/index.ts';
import { Answers } from './answers.ts';
import { configOf, engineConfigOf } from './config.ts';
import { runEpoch } from './epoch.ts';
import type { EpochEvent } from './events.ts';
import type { RunFolder } from './run-folder.ts';
import type { Settings, TrainOptions } from './settings.ts';
import { type Position, snapshot, start } from './snapshot.ts';
import { type StartingState, startingWeights } from './starting-weights.ts';
import { writeReport } from './write-report.ts';

/** How a run ended. */
export interface Run {
  readonly folder: string;
  readonly stopped: 'finished' | 'interrupted' | 'callback';
  /** The epochs of this call. */
  readonly epochs: readonly EpochEvent[];
  /** The epoch with the highest validation accuracy; the test set has no say in it. */
  readonly best: { readonly epoch: number; readonly top1: number } | undefined;
  /** On the test split, where there is one and the run is over: the best epoch's weights, and the last one's. */
  readonly test: { readonly best: Score; readonly last: Score } | undefined;
  /** The run's report.html, where it is over. */
  readonly report: string | undefined;
  /** Why there is none although the run is over; the run itself is complete. */
  readonly reportProblem?: string;
  readonly params: number;
  /** That it was trained on. */
  readonly engine: string;
  readonly precision: EnginePlan['precision'];
  readonly threads: number;
  /** The most memory that the engine held. */
  readonly peakBytes: number;
}

/** Whether checkpoints hold a state entry: what adds up within a step is 0 between steps. */
export const isKept = ({ source }: Value): boolean => source.kind === 'state' && source.role !== 'gradient';

/** What a run goes on with. */
export interface Resumed extends Pick<Checkpoint, 'tensors'> {
  readonly position: Position;
}

/** One call of `train`: what its parts share. */
export class TrainingRun {
  readonly settings: Settings;
  readonly programs: TrainingPrograms;
  readonly folder: RunFolder;
  readonly executable: Executable;
  readonly recipe: Readonly<Record<string, unknown>>;
  position: Position = start();
  /** The path of the head, where starting weights left it out. */
  renewedHead: string | undefined;
  #plan: EnginePlan | undefined;

  constructor(
    settings: Settings,
    programs: TrainingRun['programs'],
    folder: RunFolder,
    executable: Executable,
    recipe: Readonly<Record<string, unknown>>,
  ) {
    this.settings = settings;
    this.programs = programs;
    this.folder = folder;
    this.executable = executable;
    this.recipe = recipe;
  }

  /** Loads the first state, or that of the run to go on with. */
  async begin(resumed: Resumed | undefined): Promise<void> {
    const { whole } = this.programs;
    if (resumed) {
      this.position = resumed.position;
      await this.executable.load(this.complete(resumed.tensors));
      await this.folder.rewind(this.position.step);
      await this.folder.updateConfig(engineConfigOf(this.settings, await this.plan()));
      return;
    }
    const { network, seed, weights, splits } = this.settings;
    const initial = initialState(whole.graph, seed);
    const { network: prediction } = this.programs;
    const { state, renewedHead }: StartingState =
      weights === undefined
        ? { state: initial }
        : await startingWeights(weights, network, whole, prediction, initial, splits.train.classes);
    this.renewedHead = renewedHead;
    await this.folder.rewind(-1);
    await this.executable.load(state);
    await this.folder.writeConfig(await configOf(this.settings, await this.plan()));
  }

  /** The epochs that are left, and the test at the end. */
  async finish({ callbacks = [], signal }: TrainOptions): Promise<Run> {
    const events: EpochEvent[] = [];
    const { peakBytes: _, ...about } = await this.cost();
    const { engineReason, splits } = this.settings;
    const started = {
      ...about,
      folder: this.folder.path,
      samples: splits.train.length,
      step: this.position.step,
      ...(engineReason !== undefined && { engineReason }),
      ...(this.renewedHead !== undefined && { renewedHead: this.renewedHead }),
      ...(this.settings.freeze.length > 0 && { frozen: this.settings.freeze }),
    };
    for (const { onStart } of callbacks) onStart?.(started);
    let stopped: Run['stopped'] = 'finished';
    while (this.position.epoch < this.settings.epochs && stopped === 'finished') {
      const began = performance.now();
      const ended = await runEpoch({ ...this, callbacks, signal });
      const validation = ended && (await this.score(this.settings.splits.validation, { signal }));
      if (!validation) {
        await this.save(this.folder.last);
        stopped = 'interrupted';
        break;
      }
      const event = await this.closeEpoch(ended, validation, began);
      events.push(event);
      const answers = callbacks.map((callback) => callback.onEpoch?.(event));
      if (answers.includes('stop')) stopped = 'callback';
      else if (signal?.aborted && this.position.epoch < this.settings.epochs) stopped = 'interrupted';
    }
    // all is saved by now: an interrupted test is done when the run is resumed
    const over = stopped === 'interrupted' ? undefined : await this.close(events, signal);
    return {
      folder: this.folder.path,
      stopped: over ? stopped : 'interrupted',
      epochs: events,
      best: this.position.best,
      ...(over ?? { test: undefined, report: undefined }),
      ...(await this.cost()),
    };
  }

  /** Saves and records an epoch whose steps and validation are done. */
  async closeEpoch(
    ended: { readonly lr: number; readonly imagesPerSecond: number },
    validation: Score,
    began: number,
  ): Promise<EpochEvent> {
    const { position, settings, folder } = this;
    const { loss, correct, count } = position.partial;
    const train = { loss: loss / count, top1: correct / count };
    const epoch = position.epoch + 1;
    if (!Number.isFinite(validation.loss))
      throw new TrainingError(
        `train: after epoch ${epoch} the loss on the validation images is ${validation.loss}`,
        `try a lower --lr or a warm-up; nothing saved in ${folder.path} was touched`,
      );
    const isBest = position.best === undefined || validation.top1 > position.best.top1;
    if (isBest) position.best = { epoch, top1: validation.top1 };
    position.epoch = epoch;
    position.partial = start().partial;
    position.history.push({ epoch, train, validation, lr: ended.lr });
    const seconds = (performance.now() - began) / 1000;
    const event: EpochEvent = { epoch, epochs: settings.epochs, train, validation, isBest, seconds, ...ended };
    await folder.log({ kind: 'epoch', step: position.step, ...event });
    await folder.writeResults(position.history);
    // `last` comes last: what it says about the run is then on disk
    if (isBest) await this.save(folder.best);
    await this.save(folder.last);
    return event;
  }

  async save(path: string): Promise<void> {
    const kept = [...this.programs.whole.graph.state].filter(([, entry]) => isKept(entry)).map(([name]) => name);
    const tensors = await this.executable.read(kept);
    await saveCheckpoint(path, snapshot(this.settings, this.programs.network, this.recipe, this.position, tensors));
  }

  /** Undefined where the signal came before the end. */
  async score(
    dataset: Dataset,
    {
      signal,
      answers,
      executable = this.executable,
    }: {
      readonly signal: AbortSignal | undefined;
      readonly answers?: Answers | undefined;
      readonly executable?: Executable;
    },
  ): Promise<Score | undefined> {
    const { normalisation } = this.settings.splits;
    const imageShape = this.programs.predict.graph.inputs.get('image')?.type.shape ?? [];
    try {
      return await evaluateSplit({
        executable,
        entry: 'predict',
        imageShape,
        dataset,
        normalisation,
        signal,
        ...(answers && { onBatch: answers.add }),
      });
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return undefined;
      throw error;
    }
  }

  /**
   * The last weights and the best epoch's on the test split, and the report, of which the best epoch's are the subject.
   * Undefined where the signal came before the end.
   */
  async close(
    events: readonly EpochEvent[],
    signal: AbortSignal | undefined,
  ): Promise<Pick<Run, 'test' | 'report' | 'reportProblem'> | undefined> {
    const executable = await this.tester();
    try {
      return await this.closeWith(executable, events, signal);
    } finally {
      // the other one is its owner's
      if (executable !== this.executable) await executable.dispose();
    }
  }

  async closeWith(
    executable: Executable,
    events: readonly EpochEvent[],
    signal: AbortSignal | undefined,
  ): Promise<Pick<Run, 'test' | 'report' | 'reportProblem'> | undefined> {
    const { test, train, validation } = this.settings.splits;
    const answers = new Answers(train.classes.length);
    const lastIsBest = this.position.best?.epoch === this.position.epoch;
    const last = test && (await this.score(test, { executable, signal, answers: lastIsBest ? answers : undefined }));
    if (test && !last) return undefined;
    if (!lastIsBest) {
      const { tensors } = await loadCheckpoint(this.folder.best);
      await executable.load(executable === this.executable ? this.complete(tensors) : this.predicted(tensors));
    }
    const best = lastIsBest && last ? last : await this.score(test ?? validation, { executable, signal, answers });
    if (!best) return undefined;
    if (last) await this.folder.log({ kind: 'test', step: this.position.step, best, last });
    const split = test ? 'test' : 'validation';
    const ended = { ...this, params: countParams(this.programs.whole.graph), split, score: best, answers } as const;
    const written = await writeReport({ ...ended, plan: await this.plan(), trained: events.length > 0 });
    return { test: last && { best, last }, ...written };
  }

  /** What the test runs on: where that is another engine than training's, training's gives its memory back first. */
  async tester(): Promise<Executable> {
    const { engine, testEngine, threads } = this.settings;
    if (testEngine === engine) return this.executable;
    const { predict } = this.programs;
    const state = this.predicted(await this.executable.read());
    this.#plan = await this.executable.plan();
    await this.executable.dispose();
    const tester = await testEngine.compile({ predict }, threads === undefined ? {} : { threads });
    try {
      await tester.load(state);
    } catch (error) {
      await tester.dispose();
      throw error;
    }
    return tester;
  }

  /** What a checkpoint keeps, and zeros for what it does not. */
  complete(tensors: Checkpoint['tensors']): Checkpoint['tensors'] {
    const sums = [...this.programs.whole.graph.state].filter(([, entry]) => !isKept(entry));
    return new Map([...tensors, ...sums.map(([name, { type }]) => [name, zeros('float32', type.shape)] as const)]);
  }

  /** The entries that prediction has, without the optimiser's. */
  predicted(tensors: Checkpoint['tensors']): Checkpoint['tensors'] {
    const { state } = this.programs.predict.graph;
    return new Map([...tensors].filter(([name]) => state.has(name)));
  }

  /** Of the training engine. */
  async plan(): Promise<EnginePlan> {
    return this.#plan ?? (await this.executable.plan());
  }

  async cost(): Promise<Pick<Run, 'params' | 'engine' | 'precision' | 'threads' | 'peakBytes'>> {
    const { engine, precision, threads, peakBytes } = await this.plan();
    return { params: countParams(this.programs.whole.graph), engine, precision, threads, peakBytes };
  }
}
