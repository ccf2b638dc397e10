import { describe, expect, it } from 'vitest';
import { inRanks } from '../../tests/meeting-ranks.ts';
import { gradients } from '../autodiff/index.ts';
import { evaluateInRanks } from '../engines/evaluator/evaluate.ts';
import {
  type Array64,
  allReduce,
  concat,
  defineProgram,
  Graph,
  multiply,
  reshape,
  sum,
  type Value,
} from '../ir/index.ts';
import { Random, tensor } from '../tensor/index.ts';
import { channelStatistics } from './channel-statistics.ts';
import { batchNorm, buildNetwork, defineNetwork, globalAveragePool, linear } from './index.ts';

const [channels, area] = [3, 4];
const row = channels * area;
const normals = (name: string, length: number) => {
  const random = new Random(name);
  return Float32Array.from({ length }, () => random.normal());
};

/** The part of `numbers`, a row for each image, that a rank has. */
function slice<Numbers extends Float32Array | Float64Array>(
  numbers: Numbers,
  samples: readonly number[],
  rank: number,
): Numbers {
  const from = samples.slice(0, rank).reduce((all, n) => all + n, 0);
  return numbers.slice(from * row, (from + (samples[rank] as number)) * row) as Numbers;
}

/** A loss to which each rank adds Σ direction · x · mean · variance over its own images, and its gradient. */
async function measured(samples: readonly number[], images: Float64Array) {
  const directions = normals('direction', images.length);
  const found = await inRanks(samples.length, async (rank, over) => {
    const shape = [samples[rank] as number, channels, area];
    const graph = new Graph({ training: true, ...(samples.length > 1 && { ranks: { rank, samples } }) });
    const x = graph.input('x', { dtype: 'float32', shape });
    const { mean, variance } = channelStatistics(x);
    const direction = graph.constant(tensor('float32', shape, slice(directions, samples, rank)));
    const both = reshape(multiply(mean, variance), [1, channels, 1]);
    const loss = sum(multiply(multiply(x, direction), both));
    const [dx] = gradients(loss, [x]) as [Value];
    const outputs = new Map(Object.entries({ mean, variance, loss, dx }));
    const program = defineProgram({ name: 'measured', graph, outputs, updates: new Map() });
    const own = new Map([['x', { shape, data: slice(images, samples, rank) }]]);
    return (await evaluateInRanks(program, own, new Map(), over)).outputs;
  });
  const each = (name: string) => found.map((outputs) => (outputs.get(name) as Array64).data);
  const loss = each('loss').reduce((all, [own]) => all + (own as number), 0);
  return { means: each('mean'), variances: each('variance'), loss, dx: each('dx').flatMap((numbers) => [...numbers]) };
}

describe.each([[[5, 5]], [[3, 3, 2, 2]], [[7, 1, 2]]])('ranks with %j images', (samples) => {
  const images = Float64Array.from(normals('images', 10 * row));

  it('find the statistics and the gradient of one rank with all of them', async () => {
    const [one, several] = [await measured([10], images), await measured(samples, images)];
    for (const mean of several.means) expect(mean).toBeClose(one.means[0] as Float64Array, { relative: 1e-13 });
    for (const variance of several.variances)
      expect(variance).toBeClose(one.variances[0] as Float64Array, { relative: 1e-13 });
    expect(several.loss).toBeCloseTo(one.loss, 11);
    expect(several.dx).toBeClose(one.dx, { relative: 1e-12, absolute: 1e-12 });
  });

  it('have the gradient that central differences show', async () => {
    const { dx } = await measured(samples, images);
    const direction = normals('along', images.length);
    const lossAt = async (step: number) =>
      (
        await measured(
          samples,
          images.map((v, i) => v + step * (direction[i] as number)),
        )
      ).loss;
    const h = 1e-3;
    const at = await Promise.all([h, -h, 2 * h, -2 * h].map(lossAt));
    const slope = (8 * ((at[0] as number) - (at[1] as number)) - ((at[2] as number) - (at[3] as number))) / (12 * h);
    // the factors 1 / n and 2 / n are float32 constants
    expect(dx.reduce((all, d, i) => all + d * (direction[i] as number), 0)).toBeClose(slope, { relative: 1e-6 });
  });

  it('lose no digits where the mean is ten thousand times the deviation', async () => {
    const far = images.map((v) => 1e4 + v);
    const [one, several] = [await measured([10], far), await measured(samples, far)];
    for (const variance of several.variances)
      expect(variance).toBeClose(one.variances[0] as Float64Array, { relative: 1e-8 });
  });
});

describe('a batch norm over all ranks', () => {
  const build = (rank: number, samples: readonly number[], area: number) => {
    const graph = new Graph({ training: true, ranks: { rank, samples } });
    return { graph, x: graph.input('x', { dtype: 'float32', shape: [samples[rank] as number, 2, area] }) };
  };
  const reductionsOf = (graph: Graph) => graph.nodes.filter(({ op }) => op.name === 'allReduce').length;

  it('is content with one number per channel where other ranks have more', () => {
    expect(() => batchNorm(build(1, [3, 1], 1).x)).not.toThrow();
    expect(() => batchNorm(build(0, [1], 1).x)).toThrow('a variance needs at least two numbers per channel');
  });

  it('reduces once for each feature that it measures, forward and backward', () => {
    const { graph, x } = build(0, [2, 2], 4);
    const y = concat([x, batchNorm(concat([x, batchNorm(x)]))]);
    expect(reductionsOf(graph)).toBe(2);
    gradients(sum(batchNorm(y)), [x]);
    expect(reductionsOf(graph)).toBe(6);
  });

  it('has the same reductions in the same order on every rank', () => {
    const turns = [0, 1, 2].map((rank) => {
      const { graph, x } = build(rank, [4, 2, 1], 4);
      gradients(sum(batchNorm(batchNorm(x))), [x]);
      return graph.nodes.flatMap(({ op, inputs: [read], attributes }) =>
        op.name === 'allReduce' ? [[attributes.turn, read?.type.shape]] : [],
      );
    });
    expect(turns[0]?.map(([turn]) => turn)).toEqual([0, 1, 2, 3]);
    expect(turns[1]).toEqual(turns[0]);
    expect(turns[2]).toEqual(turns[0]);
  });

  it('measures nothing where its layer is frozen', () => {
    const graph = new Graph({ training: true, frozen: ['norm1'], ranks: { rank: 0, samples: [2, 2] } });
    batchNorm(graph.input('x', { dtype: 'float32', shape: [2, 2, 4] }));
    expect(reductionsOf(graph)).toBe(0);
  });

  it('belongs to a network of as many images as its rank has', () => {
    const network = defineNetwork(
      'small',
      (image, { classes }) => linear(globalAveragePool(batchNorm(image)), classes),
      {
        image: { channels: 1, height: 2, width: 2 },
        classes: 2,
      },
    );
    const ranks = { rank: 1, samples: [3, 2] };
    expect(() => buildNetwork(network, { batch: 3, training: true, ranks })).toThrow(
      'small: expected `batch` to be the 2 images of rank 1, but it is 3; ranks have 3, 2',
    );
  });
});

it('never takes two reductions for one', () => {
  const graph = new Graph({ training: true });
  const x = graph.input('x', { dtype: 'float32', shape: [2] });
  expect(allReduce(x)).not.toBe(allReduce(x));
});
