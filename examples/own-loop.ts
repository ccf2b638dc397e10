/** A training loop of your own: graph, program, engine, and a loop around it. Run it with `npx tsx examples/own-loop.ts`. */

import { fileURLToPath } from 'node:url';
import { batches, type Dataset, loadData, type Network, type Normalisation, resnet, sgd } from 'skein';
import { shuffledOrder } from 'skein/data';
import { type Executable, onnxruntime } from 'skein/engines';
import { initialState } from 'skein/ir';
import { predictionProgram, stepProgram } from 'skein/step';
import { type Tensor, tensor } from 'skein/tensor';

export interface OwnLoopOptions {
  readonly train: Dataset;
  readonly normalisation: Normalisation;
  readonly network?: Network;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
  readonly threads?: number;
}

/** Trains, and returns the loss of every step and the state at the end: weights, running statistics and momenta. */
export async function run(options: OwnLoopOptions): Promise<{ losses: number[]; state: Map<string, Tensor> }> {
  const { train, normalisation, network = resnet({ depth: 8 }), epochs = 1, batchSize = 64, lr = 0.05 } = options;
  const { channels, height, width } = (await train.read(0)).image;
  const sizes = { network, image: { channels, height, width }, classes: train.classes.length, batchSize };
  // both programs share one state: prediction reads what the step has written
  const step = stepProgram({ ...sizes, optimiser: sgd({ nesterov: true }) });
  const predict = predictionProgram(sizes);
  const executable = await onnxruntime.compile(
    { step, predict },
    options.threads === undefined ? {} : { threads: options.threads },
  );
  try {
    await executable.load(initialState(step.graph, 0));
    const losses: number[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffledOrder(train.length, 0, epoch);
      for await (const batch of batches({ dataset: train, order, batchSize, normalisation, epoch })) {
        const inputs = new Map<string, Tensor>([
          ['image', tensor('float32', [batchSize, channels, height, width], batch.images)],
          ['labels', tensor('int32', [batchSize], batch.labels)],
          ['weights', tensor('float32', [batchSize], batch.weights)],
          ['lr', tensor('float32', [], Float32Array.of(lr))],
        ]);
        losses.push(await lossOf(executable, inputs));
      }
    }
    return { losses, state: await executable.read() };
  } finally {
    await executable.dispose();
  }
}

async function lossOf(executable: Executable, inputs: ReadonlyMap<string, Tensor>): Promise<number> {
  const outputs = await executable.run('step', inputs);
  return Number(outputs.get('loss')?.data[0]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { losses, state } = await run(await loadData('fashion-mnist-sample'));
  console.log(`${losses.length} steps: the loss went from ${losses[0]?.toFixed(3)} to ${losses.at(-1)?.toFixed(3)}`);
  console.log(`the state holds ${state.size} tensors, such as ${[...state.keys()].slice(0, 3).join(', ')}`);
}
