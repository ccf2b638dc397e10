import { expect, it } from 'vitest';
import { canonicalGraph, defineProgram, plan } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import { buildNetwork, type Network } from '../../nn/index.ts';
import { conventionalLike, macsOf } from './conventional.ts';
import { sizedNetwork } from './sized-networks.ts';

const kind = { image: { channels: 3, height: 32, width: 32 }, classes: 10 };

function paramsOf(network: Network): number {
  const { graph, logits } = buildNetwork(network, { batch: 1, ...kind, training: false });
  const outputs = new Map([['logits', logits]]);
  expect(canonicalGraph({ outputs })).not.toBe('');
  return plan(defineProgram({ name: network.name, graph, outputs, updates: new Map() })).params;
}

it('is the published network at the published sizes', () => {
  expect(sizedNetwork('residual', { depth: 20, width: 16 })).toBe(findModel('resnet20'));
  expect(sizedNetwork('dense', { depth: 40, width: 12 })).toBe(findModel('densenet-bc40-k12'));
});

it('counts as by hand at others', () => {
  // resnet8 at width 32, three blocks: 3×3 kernels, two numbers of each channel's batch norm, the classifier
  const [a, b, c] = [32, 64, 128];
  const convolutions = 3 * a + a * a * 2 + a * b + b * b + b * c + c * c;
  const norms = 2 * (a + 2 * a + 2 * b + 2 * c);
  expect(paramsOf(sizedNetwork('residual', { depth: 8, width: 32 }))).toBe(9 * convolutions + norms + c * 10 + 10);
  // densenet-bc10-k12: a layer in each block reads x, makes 48 channels and then 12; transitions halve
  const layer = (x: number) => 2 * x + x * 48 + 2 * 48 + 9 * 48 * 12;
  const transition = (x: number) => 2 * x + x * (x / 2);
  const dense =
    9 * 3 * 24 + layer(24) + transition(36) + layer(18) + transition(30) + layer(15) + 2 * 27 + 27 * 10 + 10;
  expect(paramsOf(sizedNetwork('dense', { depth: 10, width: 12 }))).toBe(dense);
});

it('takes the conventional network whose cost is nearest', () => {
  const target = macsOf(findModel('resnet20'), kind);
  const found = conventionalLike(findModel('resnet20'), kind);
  expect(found.name).toBe('vgg11-cifar-w33');
  expect(Math.abs(macsOf(found, kind) / target - 1)).toBeLessThan(0.05);
});
