/** A trained network and what is left of it: its answers without some blocks, or with blocks in another order. */
import type { Checkpoint } from '../../checkpoint/index.ts';
import type { Engine, Executable } from '../../engines/index.ts';
import { freeze, type Program } from '../../ir/index.ts';
import { topK } from '../../metrics/index.ts';
import { predictingState } from '../../step/index.ts';
import { DataError, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import type { LaboratoryBatch } from '../laboratory.ts';
import { lesionedProgram, switchOf } from './lesioned-program.ts';
import { blocksOf, type NetworkBlock } from './network-blocks.ts';
import { reorderedState } from './reordered-state.ts';

/** Images that a program takes together. */
const most = 100;

/** What lesions are made of. */
export interface LesionedNetwork {
  readonly file: string;
  readonly checkpoint: Checkpoint;
  readonly batch: LaboratoryBatch;
  readonly engine: Engine;
  readonly threads?: number;
}

/** Compiles at most two programs, when they are first asked for: frozen with switches, and one whose weights can change places. */
export class Lesions {
  readonly blocks: readonly NetworkBlock[];
  readonly #network: LesionedNetwork;
  readonly #program: Program;
  readonly #state: ReadonlyMap<string, Tensor>;
  readonly #compiled = new Map<'switched' | 'moved', Promise<Executable>>();

  /** @throws DataError where the network has no blocks; CheckpointError */
  constructor(network: LesionedNetwork) {
    const { file, checkpoint, batch } = network;
    this.#network = network;
    this.#program = wholeProgramOf(file, checkpoint, Math.min(most, batch.labels.length));
    this.#state = onlyOf(this.#program, predictingState(checkpoint.tensors, this.#program.graph));
    this.blocks = blocksOf(this.#program);
    if (!this.blocks.some(({ isRemovable }) => isRemovable))
      throw new DataError(
        `lesion: ${checkpoint.network.name} has no block that can be taken out`,
        'give a residual, dense or plain network with convolutions that keep the shape of their input',
      );
  }

  /** [images, classes], without the blocks at these places. */
  async without(removed: readonly number[]): Promise<Float32Array> {
    const switches = this.blocks.flatMap(({ isRemovable }, place) =>
      isRemovable
        ? [[switchOf(place), tensor('float32', [], new Float32Array([removed.includes(place) ? 0 : 1]))]]
        : [],
    ) as [string, Tensor][];
    return this.#predict(await this.#executable('switched'), switches);
  }

  /** The same with the weights of block `order[i]` in the place of block i. @throws ConfigError where one does not fit */
  async reordered(order: readonly number[]): Promise<Float32Array> {
    const executable = await this.#executable('moved');
    await executable.load(reorderedState(this.#state, this.blocks, order));
    return this.#predict(executable, []);
  }

  /** The share of wrong answers. */
  errorOf(logits: Float32Array): number {
    const { labels } = this.#network.batch;
    return 1 - topK(logits, labels, this.#network.checkpoint.classes.length, 1) / labels.length;
  }

  async dispose(): Promise<void> {
    const compiled = await Promise.allSettled(this.#compiled.values());
    for (const result of compiled) if (result.status === 'fulfilled') await result.value.dispose();
  }

  #executable(kind: 'switched' | 'moved'): Promise<Executable> {
    const known = this.#compiled.get(kind);
    if (known) return known;
    const { engine, threads } = this.#network;
    const predict = kind === 'moved' ? this.#program : freeze(lesionedProgram(this.#program, this.blocks), this.#state);
    const compiling = engine.compile({ predict }, threads === undefined ? {} : { threads });
    this.#compiled.set(kind, compiling);
    return compiling;
  }

  async #predict(executable: Executable, others: readonly [string, Tensor][]): Promise<Float32Array> {
    const { images, labels } = this.#network.batch;
    const shape = (this.#program.graph.inputs.get('image') as { type: { shape: readonly number[] } }).type.shape;
    const [together = 1] = shape;
    const each = sizeOf(shape.slice(1));
    const classes = this.#network.checkpoint.classes.length;
    const logits = new Float32Array(labels.length * classes);
    for (let first = 0; first < labels.length; first += together) {
      // the last batch is filled up with images that were there before
      const start = Math.min(first, labels.length - together);
      const image = tensor('float32', shape, images.slice(start * each, (start + together) * each));
      const outputs = await executable.run('predict', new Map([['image', image], ...others]));
      logits.set((outputs.get('logits') as Tensor<'float32'>).data, start * classes);
    }
    return logits;
  }
}

const onlyOf = ({ graph }: Program, state: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
  new Map([...state].filter(([name]) => graph.state.has(name)));
