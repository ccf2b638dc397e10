import { expect, it } from 'vitest';
import { evaluator } from '../../engines/index.ts';
import { relu } from '../../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear } from '../../nn/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { lineProgramsOf, withoutStatistics, withStatistics } from './network-line.ts';

const image = { channels: 1, height: 3, width: 3 };
const count = 40;

it('predicts with the statistics of the batch: on that batch nearly the same as in training', async () => {
  const network = defineNetwork('small', (x, { classes }) =>
    linear(
      globalAveragePool(relu(batchNorm(conv(relu(batchNorm(conv(x, 3, { kernel: 3 }))), 4, { kernel: 3 })))),
      classes,
    ),
  );
  const options = { image, classes: 3, batchSize: count, points: count };
  const { statistics, line } = lineProgramsOf(network, options);
  const executable = await evaluator.compile({ statistics, line });
  await executable.load(withoutStatistics(statistics.graph, 1));
  const random = new Random(2);
  const pixels = Float32Array.from({ length: count * 9 }, () => 3 + 2 * random.normal());
  const batch = ['image', tensor('float32', [count, 1, 3, 3], pixels)] as const;
  const trained = (await executable.run('statistics', new Map([batch]))).get('logits') as Tensor<'float32'>;
  await executable.load(withStatistics(statistics.graph, await executable.read()));
  const chosen = ['chosen', tensor('float32', [1, 3], Float32Array.of(0, 1, 0))] as const;
  const run = () => executable.run('line', new Map<string, Tensor>([batch, chosen]));
  const predicted = (await run()).get('logits') as Tensor<'float32'>;
  // the running variance is that of n − 1
  predicted.data.forEach((value, i) => {
    expect(value).toBeCloseTo(trained.data[i] as number, 2);
  });
  // the gradient of the chosen logit alone, against a difference
  const gradient = ((await run()).get('gradient') as Tensor<'float32'>).data[4] as number;
  const step = 2 ** -8;
  const logitAt = async (by: number) => {
    const moved = Float32Array.from(pixels);
    moved[4] = (moved[4] as number) + by;
    const inputs = new Map<string, Tensor>([['image', tensor('float32', [count, 1, 3, 3], moved)], chosen]);
    return ((await executable.run('line', inputs)).get('logits') as Tensor<'float32'>).data[1] as number;
  };
  expect(((await logitAt(step)) - (await logitAt(-step))) / (2 * step)).toBeCloseTo(gradient, 3);
});
