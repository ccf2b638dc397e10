import { expect, it } from 'vitest';
import { evaluate } from '../../engines/index.ts';
import { canonicalGraph, countParams, defineProgram, initialState } from '../../ir/index.ts';
import { findModel, smallResidualNetwork } from '../../models/index.ts';
import { buildNetwork, type Network } from '../../nn/index.ts';
import { Random } from '../../tensor/index.ts';
import { shortcutKinds } from './shortcut-kinds.ts';

const image = { channels: 1, height: 8, width: 8 };

function programOf(network: Network, training = false) {
  const { graph, logits } = buildNetwork(network, { batch: 2, image, classes: 10, training });
  return defineProgram({ name: network.name, graph, outputs: new Map([['logits', logits]]), updates: new Map() });
}

const kind = (name: string, depth = 20) => shortcutKinds.find((one) => one.name === name)?.network(depth) as Network;

it('is the published network where a block adds its own input', () => {
  const [own, published] = [smallResidualNetwork({ name: 'own', depth: 20 }), findModel('resnet20')].map((network) =>
    programOf(network),
  );
  expect(canonicalGraph(own as never)).toBe(canonicalGraph(published as never));
  expect(canonicalGraph(programOf(kind('identity')))).toBe(canonicalGraph(published as never));
});

it('has the parameters of a gate or a convolution in each of nine blocks, and else none of its own', () => {
  const params = (name: string) => countParams(buildNetwork(kind(name), { batch: 1, training: false }).graph);
  // channels in and out of the nine blocks of resnet20
  const channels = [[16, 16], [16, 16], [16, 16], [16, 32], [32, 32], [32, 32], [32, 64], [64, 64], [64, 64]]; // biome-ignore format: a table
  const convolutions = channels.reduce((sum, [inside = 0, outside = 0]) => sum + inside * outside, 0);
  const biases = channels.reduce((sum, [, outside = 0]) => sum + outside, 0);
  expect([convolutions, biases]).toEqual([13_568, 336]);
  for (const name of ['identity', 'none', 'half-and-1', 'half-and-0.5', 'dropout']) expect(params(name)).toBe(269_722);
  expect(params('convolution')).toBe(269_722 + 13_568);
  for (const name of ['exclusive-gate0', 'exclusive-gate-6', 'shortcut-gate0', 'shortcut-gate-6'])
    expect(params(name)).toBe(269_722 + 13_568 + 336);
});

it('computes the identity where a gate lets everything pass, and half of the shortcut where it is half open', () => {
  const state = initialState(programOf(kind('shortcut-gate0', 8)).graph, 0);
  const random = new Random(1);
  const pixels = Float64Array.from({ length: 2 * 64 }, () => random.normal());
  const inputs = new Map([['image', { shape: [2, 1, 8, 8], data: pixels }]]);
  /** @param bias of all gates, whose weights are 0 */
  const logits = (network: Network, bias: number) => {
    const arrays = new Map(
      [...state].map(([name, { data, shape }]) => {
        const values = Float64Array.from(data as Float32Array);
        if (name.endsWith('gate.conv.weight')) values.fill(0);
        if (name.endsWith('gate.bias')) values.fill(bias);
        return [name, { shape, data: values }] as const;
      }),
    );
    return [...(evaluate(programOf(network), inputs, arrays).outputs.get('logits')?.data ?? [])];
  };
  const close = (a: number[], b: number[]) => {
    expect(a).toHaveLength(20);
    a.forEach((value, i) => {
      expect(value).toBeCloseTo(b[i] as number, 9);
    });
  };
  const identity = logits(kind('identity', 8), 0);
  close(logits(kind('shortcut-gate-6', 8), -50), identity);
  const half = logits(kind('half-and-1', 8), 0);
  close(logits(kind('shortcut-gate0', 8), 0), half);
  expect(half).not.toEqual(identity);
  // branch and shortcut both halved
  close(logits(kind('exclusive-gate0', 8), 0), logits(kind('half-and-0.5', 8), 0));
  // nothing but the shortcut, or nothing but the branch
  close(logits(kind('exclusive-gate0', 8), 50), logits(kind('none', 8), 0));
});

it('drops the shortcut in training alone', () => {
  const masks = (training: boolean) => programOf(kind('dropout'), training).graph.inputs.size - 1;
  expect([masks(true), masks(false)]).toEqual([9, 0]);
});
