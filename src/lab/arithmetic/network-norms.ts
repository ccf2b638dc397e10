/** Gradients of whole networks by their convolutions' weights: while they train, and of one that is trained. */
import { gradients } from '../../autodiff/index.ts';
import { defineProgram, initialState, type Program, type Value } from '../../ir/index.ts';
import { type Network, softmaxCrossEntropy } from '../../nn/index.ts';
import { sgd } from '../../optimisers/index.ts';
import { parametersOf, predictingState, stepInputs, stepProgram } from '../../step/index.ts';
import { ConfigError, type Tensor, tensor } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import { batchFor } from '../examined.ts';
import type { Laboratory, OwnNetwork } from '../laboratory.ts';
import { wholeBatch } from '../whole-batch.ts';
import { normOutputs, normsFrom } from './gradient-norms.ts';

/** Of one training step. Null where a number was not finite. */
export interface StepNorms {
  readonly loss: number | null;
  /** By each convolution's weight, in the order of the layers. */
  readonly norms: readonly (number | null)[];
}

export interface NetworkNorms {
  readonly network: string;
  /** `stage1.block1.conv1` */
  readonly layers: readonly string[];
  readonly steps: readonly StepNorms[];
}

export interface NormTraining {
  readonly network: Network;
  readonly steps: number;
  readonly batchSize: number;
  readonly lr: number;
  /** They are taken in their order, again from the start where they are used up. */
  readonly images: number;
}

/** From initialisation on, with the batch statistics of training; the norms of a step are those before its update. */
export async function normsInTraining(lab: Laboratory, training: NormTraining): Promise<NetworkNorms> {
  const { network, steps, batchSize, lr } = training;
  const { image, classes, seed, threads, signal } = lab;
  const program = stepProgram({ network, image, classes, batchSize, optimiser: sgd() });
  const parameters = parametersOf(program);
  const places = parameters.flatMap(([, { type }], i) => (type.shape.length === 4 ? [i] : []));
  // a batch at least
  await wholeBatch(lab, 'train', batchSize);
  const { images, labels } = await lab.batch('train', training.images);
  const batches = Math.floor(labels.length / batchSize);
  const pixels = images.length / labels.length;
  const executable = await lab.engine.compile({ step: program }, { threads });
  try {
    await executable.load(initialState(program.graph, seed));
    const done: StepNorms[] = [];
    for (let step = 0; step < steps; step++) {
      signal.throwIfAborted();
      lab.progress(`${network.name}: step ${step + 1} of ${steps}`, step / steps);
      const from = (step % batches) * batchSize;
      const batch = {
        images: images.slice(from * pixels, (from + batchSize) * pixels),
        labels: labels.slice(from, from + batchSize),
        weights: new Float32Array(batchSize).fill(1),
      };
      const outputs = await executable.run('step', stepInputs(program, batch, lr, seed, step));
      const squares = outputs.get('gradientNorms')?.data as Float32Array;
      done.push({ loss: lossIn(outputs), norms: places.map((place) => Math.sqrt(squares[place] as number)) });
    }
    const layers = places.map((place) => (parameters[place]?.[0] ?? '').replace(/\.weight$/, ''));
    return { network: network.name, layers, steps: done };
  } finally {
    await executable.dispose();
  }
}

/**
 * Of a trained network as it predicts, with its running statistics and averages, on images that are scaled as it was trained with.
 * @throws DataError where it takes other images or classes; ConfigError where the images are too few, or it has no convolutions
 */
export async function normsOfOwn(lab: Laboratory, own: OwnNetwork, batchSize: number): Promise<NetworkNorms> {
  const { file, checkpoint } = own;
  const { name } = checkpoint.network;
  const whole = wholeProgramOf(file, checkpoint, batchSize);
  const { images, labels } = await batchFor(lab, 'test', batchSize, { name, checkpoint });
  if (labels.length < batchSize)
    throw new ConfigError(`gradients: expected ${batchSize} test images, but the data has ${labels.length}`);
  if (weightsOf(whole).length === 0)
    throw new ConfigError(
      `gradients: expected a network with convolutions, but ${file} has none`,
      'give the run of another network',
    );
  const program = withNorms(whole);
  const executable = await lab.engine.compile({ norms: program }, { threads: lab.threads });
  try {
    const { state } = program.graph;
    const predicting = predictingState(checkpoint.tensors, program.graph);
    await executable.load(new Map([...state.keys()].map((entry) => [entry, predicting.get(entry) as Tensor])));
    const { height, width, channels } = lab.image;
    const inputs = new Map<string, Tensor>([
      ['image', tensor('float32', [batchSize, channels, height, width], images)],
      ['labels', tensor('int32', [batchSize], labels)],
    ]);
    const outputs = await executable.run('norms', inputs);
    const layers = weightsOf(program).map(([weight]) => weight.replace(/\.weight$/, ''));
    return { network: name, layers, steps: [{ loss: lossIn(outputs), norms: normsFrom(outputs) }] };
  } finally {
    await executable.dispose();
  }
}

const lossIn = (outputs: ReadonlyMap<string, Tensor>) => (outputs.get('loss') as Tensor<'float32'>).data[0] ?? null;

const weightsOf = ({ graph }: Program): [string, Value][] =>
  [...graph.state].filter(
    ([, { source, type }]) => source.kind === 'state' && source.role === 'parameter' && type.shape.length === 4,
  );

/** A prediction with the loss of a batch, and its gradients' norms by the convolutions' weights. */
function withNorms(program: Program): Program {
  const logits = program.outputs.get('logits') as Value;
  const [batchSize = 0] = logits.type.shape;
  const labels = program.graph.input('labels', { dtype: 'int32', shape: [batchSize] });
  const loss = softmaxCrossEntropy(logits, labels);
  const weights = weightsOf(program).map(([, value]) => value);
  const outputs = new Map([['loss', loss], ...normOutputs(gradients(loss, weights))]);
  return defineProgram({ ...program, outputs });
}
