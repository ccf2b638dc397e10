/** Checkpoints of small networks with weights from a seed, whose batch norms have seen something. */
import type { Checkpoint } from '../src/checkpoint/index.ts';
import { graphToJson, initialState, relu, scope } from '../src/ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, type Network } from '../src/nn/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';

/** Two stages of a convolution each, and a head. */
const twoStages: Network = defineNetwork('two-stages', (image, { classes }) => {
  let x = image;
  for (const [at, channels] of [6, 8].entries())
    x = scope(`stage${at + 1}`, () => relu(batchNorm(conv(x, channels, { kernel: 3, stride: at + 1 }))));
  return linear(globalAveragePool(x), classes, { name: 'classifier' });
});

/** Of images of 3×16×16 and 4 classes, unless others are asked for. */
export function smallCheckpoint(
  network: Network = twoStages,
  { size = 16, classes = ['ant', 'bee', 'cow', 'dog'] }: { size?: number; classes?: readonly string[] } = {},
): Checkpoint {
  const image = { channels: 3, height: size, width: size };
  const program = predictionProgram({ network, image, classes: classes.length, batchSize: 1 });
  const random = new Random('small checkpoint');
  const tensors = new Map<string, Tensor>(initialState(program.graph, 1));
  for (const [name, { shape }] of tensors) {
    // neither 0 nor 1, as after training
    const own = random.fork(name);
    const from = /mean|bias/.test(name) ? -0.3 : 0.7;
    if (shape.length === 1)
      tensors.set(
        name,
        tensor(
          'float32',
          shape,
          Float32Array.from({ length: sizeOf(shape) }, () => from + 0.6 * own.uniform()),
        ),
      );
  }
  return {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: network.options },
    graph: graphToJson(program),
    classes,
    preprocessing: { ...image, mean: [0.5, 0.45, 0.4], std: [0.25, 0.2, 0.3] },
    tensors,
  };
}

/** Levels from a seed, the same in squares of 4 pixels, so that they are not mere noise. */
export function smallImage(seed: number | string, size = 16) {
  const random = new Random(seed);
  const squares = Array.from({ length: 3 * size * size }, () => random.integer(256));
  const pixels = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / size / size), Math.floor(i / size) % size, i % size];
    return squares[channel * 16 + 4 * Math.floor((4 * y) / size) + Math.floor((4 * x) / size)] as number;
  });
  return { channels: 3, height: size, width: size, pixels };
}
