/** A trained network as methods ask it: compiled once, over a state that can be exchanged. */
import type { Checkpoint } from '../checkpoint/index.ts';
import type { Engine, Executable } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import { predictingState } from '../step/index.ts';
import { CheckpointError, type Tensor, tensor } from '../tensor/index.ts';
import { expectRoom, wholeProgramOf } from '../trained/index.ts';
import { probabilities } from './arithmetic/probabilities.ts';
import { chosenClass, explainedLayer, imageGradientProgram, layerGradientProgram } from './gradient-program.ts';
import type { Asks } from './methods/method.ts';
import type { LayerAnswer, Questions } from './questions.ts';

/** What `ExplainedNetwork.compile` needs. */
export interface NetworkOptions {
  /** The checkpoint, as messages name it. */
  readonly path: string;
  readonly engine: Engine;
  readonly threads?: number | undefined;
  /** Images that go through together where only logits are asked for. */
  readonly batchSize: number;
  /** What is compiled besides the prediction. */
  readonly asks: ReadonlySet<Asks>;
  /** Default: the last map before the head's pooling. */
  readonly layer?: string | undefined;
}

/** A gradient needs all maps of the network at once. */
const mostGradients = 8;

export class ExplainedNetwork implements Questions {
  readonly image: Questions['image'];
  readonly classes: number;
  readonly black: readonly number[];
  /** The path of the layer, where one is asked. */
  readonly layer: string | undefined;
  /** The prediction, whose state is that of all programs. */
  readonly program: Program;
  /** The state as the checkpoint has it. */
  readonly trained: ReadonlyMap<string, Tensor>;
  /** Entry points `predict`, and `layer` and `image` where those are asked. */
  readonly executable: Executable;
  /** Of the checkpoint's calibration; 1 where it has none. */
  readonly temperature: number;
  readonly #name: string;
  #state: ReadonlyMap<string, Tensor>;
  readonly #layerShape: readonly number[];
  readonly #batchSize: number;
  readonly #gradientBatch: number;

  private constructor(parts: {
    checkpoint: Checkpoint;
    program: Program;
    trained: ReadonlyMap<string, Tensor>;
    executable: Executable;
    layer: { path: string; shape: readonly number[] } | undefined;
    batchSize: number;
    gradientBatch: number;
  }) {
    const { checkpoint, layer } = parts;
    const { channels, height, width, mean, std } = checkpoint.preprocessing;
    this.image = { channels, height, width };
    this.classes = checkpoint.classes.length;
    this.black = mean.map((center, channel) => -center / (std[channel] as number));
    this.temperature = checkpoint.calibration?.temperature ?? 1;
    this.layer = layer?.path;
    this.#layerShape = layer?.shape ?? [];
    this.program = parts.program;
    this.trained = parts.trained;
    this.#name = checkpoint.network.name;
    this.#state = parts.trained;
    this.executable = parts.executable;
    this.#batchSize = parts.batchSize;
    this.#gradientBatch = parts.gradientBatch;
  }

  /** @throws CheckpointError where the file's parts do not fit together; ConfigError for a layer that is none; EngineError */
  static async compile(checkpoint: Checkpoint, options: NetworkOptions): Promise<ExplainedNetwork> {
    const { path, engine, threads, batchSize, asks, layer } = options;
    const gradientBatch = Math.min(mostGradients, batchSize);
    const programs: Record<string, Program> = { predict: wholeProgramOf(path, checkpoint, batchSize) };
    const sizes: Record<string, number> = { predict: batchSize };
    let found: { path: string; shape: readonly number[] } | undefined;
    if (asks.has('atLayer')) {
      const single = wholeProgramOf(path, checkpoint, 1);
      const map = explainedLayer(single, layer);
      found = { path: map.path, shape: map.value.type.shape.slice(1) };
      programs.layer = layerGradientProgram(single, layer);
      sizes.layer = 1;
    }
    if (asks.has('imageGradients')) {
      programs.image = imageGradientProgram(wholeProgramOf(path, checkpoint, gradientBatch));
      sizes.image = gradientBatch;
    }
    for (const [name, program] of Object.entries(programs)) expectRoom(path, program, sizes[name] as number);
    const program = programs.predict as Program;
    const trained = stateOf(program, checkpoint);
    const executable = await engine.compile(programs, threads === undefined ? {} : { threads });
    try {
      await executable.load(trained);
    } catch (error) {
      await executable.dispose();
      throw error;
    }
    return new ExplainedNetwork({ checkpoint, program, trained, executable, layer: found, batchSize, gradientBatch });
  }

  /** Takes other weights and statistics, until it is given others again. */
  async load(state: ReadonlyMap<string, Tensor>): Promise<void> {
    await this.executable.load(state);
    this.#state = state;
  }

  /** @throws CheckpointError where those of the trained network are not finite; with other weights they may be anything */
  async logits(images: Float32Array): Promise<Float32Array> {
    const logits = await this.#inBatches(images, this.#batchSize, this.classes, async (batch) => {
      const outputs = await this.executable.run('predict', new Map([['image', batch]]));
      return (outputs.get('logits') as Tensor<'float32'>).data;
    });
    if (this.#state === this.trained) this.expectFinite(logits);
    return logits;
  }

  /** @throws CheckpointError */
  expectFinite(logits: Float32Array): void {
    if (logits.every(Number.isFinite)) return;
    throw new CheckpointError(
      `explain: expected finite outputs, but those of ${this.#name} are NaN or infinite`,
      'its training diverged or its file is damaged; take another checkpoint',
    );
  }

  async probabilities(images: Float32Array): Promise<Float64Array[]> {
    return probabilities(await this.logits(images), this.classes, this.temperature);
  }

  async atLayer(image: Float32Array, label: number): Promise<LayerAnswer> {
    const inputs = new Map<string, Tensor>([
      ['image', tensor('float32', [1, ...this.#shape], image)],
      [chosenClass, this.#chosen(1, label)],
    ]);
    const outputs = await this.executable.run('layer', inputs);
    const [channels, height, width] = this.#layerShape as [number, number, number];
    const [activations, gradients] = ['activations', 'gradients'].map(
      (name) => (outputs.get(name) as Tensor<'float32'>).data,
    ) as [Float32Array, Float32Array];
    return { activations, gradients, channels, height, width };
  }

  async imageGradients(images: Float32Array, label: number): Promise<Float32Array> {
    const chosen = this.#chosen(this.#gradientBatch, label);
    return this.#inBatches(images, this.#gradientBatch, this.#size, async (batch) => {
      const inputs = new Map<string, Tensor>([
        ['image', batch],
        [chosenClass, chosen],
      ]);
      const outputs = await this.executable.run('image', inputs);
      return (outputs.get('gradients') as Tensor<'float32'>).data;
    });
  }

  /** Ends the engine. */
  dispose(): Promise<void> {
    return this.executable.dispose();
  }

  get #shape(): [number, number, number] {
    const { channels, height, width } = this.image;
    return [channels, height, width];
  }

  get #size(): number {
    return this.#shape.reduce((product, extent) => product * extent, 1);
  }

  #chosen(batch: number, label: number): Tensor<'float32'> {
    const { classes } = this;
    const ones = new Float32Array(batch * classes);
    for (let row = 0; row < batch; row++) ones[row * classes + label] = 1;
    return tensor('float32', [batch, classes], ones);
  }

  /** `width` numbers for each image; a last batch that is not full is filled up with zeros. */
  async #inBatches(
    images: Float32Array,
    batchSize: number,
    width: number,
    run: (batch: Tensor<'float32'>) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const size = this.#size;
    const count = images.length / size;
    const found = new Float32Array(count * width);
    for (let first = 0; first < count; first += batchSize) {
      const rows = Math.min(batchSize, count - first);
      const batch = new Float32Array(batchSize * size);
      batch.set(images.subarray(first * size, (first + rows) * size));
      const answer = await run(tensor('float32', [batchSize, ...this.#shape], batch));
      found.set(answer.subarray(0, rows * width), first * width);
    }
    return found;
  }
}

/** @throws CheckpointError where the weights are not finite */
function stateOf({ graph }: Program, { tensors, network }: Checkpoint): Map<string, Tensor> {
  const predicting = predictingState(tensors, graph);
  const state = new Map([...graph.state.keys()].map((name) => [name, predicting.get(name) as Tensor]));
  const [damaged] = [...state].filter(([, { data }]) => !(data as Float32Array).every(Number.isFinite));
  if (damaged)
    throw new CheckpointError(
      `explain: expected finite weights, but in \`${damaged[0]}\` of ${network.name} some are NaN or infinite`,
      'its training diverged or its file is damaged; take another checkpoint',
    );
  return state;
}
