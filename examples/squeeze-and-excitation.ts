/** A network with gates of your own, and what it sees on the way: `npx tsx examples/squeeze-and-excitation.ts`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  add,
  batchNorm,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  loadClassifier,
  multiply,
  type Run,
  relu,
  reshape,
  scope,
  sigmoid,
  type TrainOptions,
  train,
  type Value,
} from 'skein';
import { shapeSplits } from './custom-dataset.ts';

/** Weighs the channels of x [N, C, H, W] by what the whole map holds (Hu et al. 2018, arXiv 1709.01507, §3). */
function squeezeAndExcite(x: Value, reduction: number): Value {
  const channels = x.type.shape[1] as number;
  return scope('gate', () => {
    const squeezed = relu(linear(globalAveragePool(x), Math.ceil(channels / reduction), { name: 'squeeze' }));
    const gate = sigmoid(linear(squeezed, channels, { name: 'excite' }));
    return multiply(x, reshape(gate, [-1, channels, 1, 1]));
  });
}

export const network = defineNetwork('gated', (image, { classes }) => {
  let x = scope('stem', () => relu(batchNorm(conv(image, 16, { kernel: 3 }))));
  for (let i = 1; i <= 2; i++)
    x = scope(`block${i}`, () => relu(add(x, squeezeAndExcite(batchNorm(conv(x, 16, { kernel: 3 })), 4))));
  return linear(globalAveragePool(x), classes, { name: 'classifier' });
});

export function run(options: Partial<TrainOptions> = {}): Promise<Run> {
  return train({ model: network, data: shapeSplits(), epochs: 3, batchSize: 32, ...options });
}

/** The gates of both blocks for one image, and the features that the classifier reads. */
export async function look(folder: string) {
  const classifier = await loadClassifier(join(folder, 'best.safetensors'));
  try {
    const { image } = await shapeSplits().train.read(0);
    const values = await classifier.values(image, ['block1.gate.sigmoid1', 'block2.gate.sigmoid1']);
    return { values, features: await classifier.features(image) };
  } finally {
    await classifier.dispose();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder } = await run();
  const { values, features } = await look(folder);
  for (const [path, { shape, data }] of values) console.log(path, shape, [...data].slice(0, 4));
  console.log('features', features.shape);
}
