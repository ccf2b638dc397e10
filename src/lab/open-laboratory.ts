/** The laboratory as experiments see it, over a folder. */
import { join } from 'node:path';
import { type Checkpoint, loadCheckpoint } from '../checkpoint/index.ts';
import type { Engine, Precision } from '../engines/index.ts';
import { trainingTimes } from './forecast.ts';
import { batchOf, someOfEach } from './lab-data.ts';
import { hashOf, type LabFolder } from './lab-folder.ts';
import type { LabCallback } from './lab-options.ts';
import type { Laboratory, LaboratoryBatch, OwnNetwork, Runnable, Trained, Training } from './laboratory.ts';
import { type TrainingPlace, trainOnce } from './train-once.ts';

/** What all experiments of a call share. */
export interface LaboratoryGround {
  readonly folder: LabFolder;
  readonly data: Laboratory['data'];
  readonly image: Laboratory['image'];
  readonly seed: number;
  readonly engine: Engine;
  readonly precision: Precision;
  readonly threads: number;
  readonly own: OwnNetwork | undefined;
  readonly signal: AbortSignal;
  readonly callbacks: readonly LabCallback[];
}

export class OpenLaboratory implements Laboratory {
  readonly #ground: LaboratoryGround;
  readonly #experiment: string;
  /** Before the names of pieces, so that several experiments, or one with several settings, can share a folder. */
  readonly #prefix: string;

  constructor(ground: LaboratoryGround, experiment: string, prefix = experiment) {
    this.#ground = ground;
    this.#experiment = experiment;
    this.#prefix = prefix;
  }

  get data(): Laboratory['data'] {
    return this.#ground.data;
  }
  get image(): Laboratory['image'] {
    return this.#ground.image;
  }
  get classes(): number {
    return this.#ground.data.train.classes.length;
  }
  get seed(): number {
    return this.#ground.seed;
  }
  get engine(): Engine {
    return this.#ground.engine;
  }
  get precision(): Precision {
    return this.#ground.precision;
  }
  get threads(): number {
    return this.#ground.threads;
  }
  get own(): OwnNetwork | undefined {
    return this.#ground.own;
  }
  get signal(): AbortSignal {
    return this.#ground.signal;
  }

  batch(part: 'train' | 'test', count: number): Promise<LaboratoryBatch> {
    return batchOf(someOfEach(this.data[part], count, this.seed), this.data, this.image);
  }

  piece<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#once(`${this.#prefix}: ${name}`, name, work);
  }

  async #once<T>(key: string, text: string, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const done = await this.#ground.folder.piece(key);
    if (done) return done.value as T;
    this.progress(text);
    const value = plain(await work());
    this.signal.throwIfAborted();
    await this.#ground.folder.keepPiece(key, value);
    return value;
  }

  async train(training: Training): Promise<Trained> {
    this.signal.throwIfAborted();
    return trainOnce(this.#trainingPlace, training);
  }

  /** Tells how long these will take. */
  async forecast(trainings: readonly Training[]): Promise<void> {
    const times = await trainingTimes(this.#trainingPlace, trainings);
    this.signal.throwIfAborted();
    if (!times || times.length === 0) return;
    const seconds = times.reduce((sum, time) => sum + time.seconds, 0);
    for (const { onForecast } of this.#ground.callbacks) onForecast?.({ seconds, trainings: times });
  }

  get #trainingPlace(): TrainingPlace {
    const { folder, data, engine, precision, threads, seed, signal } = this.#ground;
    const progress = (text: string, share?: number) => this.progress(text, share);
    return { folder: folder.path, data, engine, precision, threads, seed, signal, progress };
  }

  async result(experiment: Runnable, settings: unknown): Promise<unknown> {
    const prefix = `${experiment.name} ${hashOf(settings ?? null).slice(0, 8)}`;
    const other = new OpenLaboratory(this.#ground, experiment.name, prefix);
    // whoever asks
    return this.#once(`result of ${prefix}`, experiment.name, () => experiment.run(other, settings));
  }

  progress(text: string, share?: number): void {
    for (const { onProgress } of this.#ground.callbacks)
      onProgress?.({ text: `${this.#experiment}: ${text}`, ...(share !== undefined && { share }) });
  }
}

/** As JSON has it, so that a piece gives the same whether it was done now or before. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null)) as T;

/** A checkpoint's file, or the best one of a run's folder. @throws CheckpointError */
export async function ownNetwork(path: string): Promise<OwnNetwork> {
  const file = path.endsWith('.safetensors') ? path : join(path, 'best.safetensors');
  const checkpoint: Checkpoint = await loadCheckpoint(file);
  return { file, checkpoint };
}
