/** One rank, or the only one, of a run of twelve steps on made data: its choices are JSON on the command line. */
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import {
  averagePool,
  conv,
  defineNetwork,
  dropout,
  findModel,
  flatten,
  flip,
  linear,
  memorySink,
  relu,
  type TrainOptions,
  train,
} from 'skein';
import { shapes } from '../../examples/custom-dataset.ts';
import { launched } from '../../src/mpi/index.ts';

export interface RankChoices {
  readonly engine: string;
  readonly network: 'plain' | 'resnet8';
  readonly syncBatchNorm?: boolean;
  readonly accumulate?: number;
  /** Default 0.05. */
  readonly lr?: number;
  /** Where rank 0 leaves what came of it; beside it, each which training images it read, by its rank. */
  readonly out: string;
}

const plain = defineNetwork('plain', (image, { classes }) => {
  const x = relu(conv(image, 4, { kernel: 3, bias: true }));
  return linear(dropout(flatten(averagePool(x, { kernel: 4 })), 0.2), classes);
});

const {
  engine,
  network,
  out,
  accumulate = 1,
  lr = 0.05,
  syncBatchNorm = false,
} = JSON.parse(process.argv[2] as string) as RankChoices;

const read: number[] = [];
const images = shapes({ name: 'train', length: 37, size: 8 });
const noted: typeof images = {
  ...images,
  read: (index) => {
    read.push(index);
    return images.read(index);
  },
};

// of 37 images the last batch has 7, so that of four ranks one has none
const options: TrainOptions = {
  model: network === 'plain' ? plain : findModel('resnet8'),
  data: {
    train: noted,
    validation: shapes({ name: 'validation', length: 15, size: 8 }),
    test: shapes({ name: 'test', length: 11, size: 8 }),
    normalisation: { mean: [0.3], std: [0.25] },
  },
  augment: [flip()],
  batchSize: 10 / accumulate,
  accumulate,
  syncBatchNorm,
  epochs: 3,
  lr,
  seed: 1,
  engine,
  threads: 1,
};

const sink = memorySink({ report: true });
const { test, epochs, ranks } = await train({ ...options, out: sink });
await writeFile(`${out}-${launched()?.rank ?? 0}`, JSON.stringify(read));
if (sink.last) {
  const weights = [...sink.last.tensors].map(([name, { data }]) => [name, [...(data as Float32Array)]]);
  const scores = { test, epochs: epochs.map(({ train, validation }) => ({ train, validation })) };
  await writeFile(out, JSON.stringify({ weights, scores, ranks, host: hostname(), page: sink.page !== undefined }));
}
