/** Structure where numbers play no part: shapes alone. */
import { expect, it } from 'vitest';
import { findModel, imageNetResnet } from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';
import { buildNetwork } from '../../nn/index.ts';
import type { Shape, Tensor } from '../../tensor/index.ts';
import { areNumbered, fileLayers, naturally } from './file-layers.ts';
import { matchStructure } from './match-structure.ts';

/** Tensors without numbers, which large networks would have too many of. */
const hollow = (shape: Shape): Tensor => ({ dtype: 'float32', shape, data: new Float32Array(0) });

function hollowState(network: Network, rename: (name: string) => string): Map<string, Tensor> {
  const { graph } = buildNetwork(network, { batch: 1, training: false });
  return new Map([...graph.state].map(([name, { type }]) => [rename(name), hollow(type.shape)]));
}

/** timm's VGG, whose wide layers are convolutions. */
function timmVgg(depth: number): Map<string, Tensor> {
  let module = 0;
  const modules = new Map<string, number>();
  const tensors = hollowState(findModel(`vgg${depth}`), (name) => {
    const [path, leaf] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
    if (path === 'classifier') return `head.fc.${leaf}`;
    if (path.startsWith('head')) return `pre_logits.fc${path.slice(-1)}.${leaf}`;
    module += modules.has(path) ? 0 : 2;
    if (!modules.has(path)) modules.set(path, module);
    return `features.${modules.get(path)}.${leaf}`;
  });
  tensors.set('pre_logits.fc1.weight', hollow([4096, 512, 7, 7]));
  tensors.set('pre_logits.fc2.weight', hollow([4096, 4096, 1, 1]));
  return tensors;
}

it('finds a VGG whose wide layers are convolutions over the whole map', () => {
  for (const depth of [11, 16, 19]) {
    const found = matchStructure(timmVgg(depth));
    expect(found).toMatchObject({ network: { name: `vgg${depth}` }, classes: 1000 });
    expect('names' in found && found.names.get('head.linear1.weight')).toBe('pre_logits.fc1.weight');
    expect('names' in found && found.names.get('stage2.conv1.weight')).toMatch(/^features\.\d+\.weight$/);
  }
});

it('does not take a convolution for a linear layer that reads no map of its size', () => {
  const tensors = timmVgg(11);
  tensors.set('pre_logits.fc1.weight', hollow([4096, 128, 14, 14]));
  expect(matchStructure(tensors)).toMatchObject({
    isNear: true,
    problem: expect.stringContaining('[4096, 128, 14, 14]'),
  });
});

it.each([
  'resnext50_32x4d',
  'wide_resnet50_2',
  'seresnet50',
  'resnetv2_50',
  'densenet121',
  'wrn16-4',
  'preact-resnet164',
  'densenet100-k24',
  'wide-densenet-bc40-k48',
  'vgg16-cifar-w16',
])('finds %s by shapes and the numbers in names', (name) => {
  const found = matchStructure(
    hollowState(findModel(name), (path) => `it.${path.replace('stem', 'a').replace('final', 'b')}`),
  );
  expect('problem' in found ? found.problem : found.network.name).toBe(name);
});

it('names both networks where their weights look alike', () => {
  const found = matchStructure(
    hollowState(imageNetResnet({ depth: 50, stem: 'deep', shortcut: 'D' }), (name) => `it.${name}`),
  );
  expect('problem' in found && found.problem).toMatch(/fit resnet50 with shortcuts B and resnet50 with shortcuts D/);
});

it('reads layers off names of many kinds, and says where a role cannot be told', () => {
  const layer = (...names: [string, ...number[]][]) =>
    fileLayers(new Map(names.map(([name, ...shape]) => [name, hollow(shape)])));
  const norm = layer(['a/b/gamma', 4], ['a/b/beta', 4], ['a/b/moving_mean', 4], ['a/b/moving_variance', 4]);
  expect(norm).toMatchObject({ layers: [{ path: 'a/b', kind: 'norm', shape: [4] }] });
  const underscores = layer(
    ['l1_bn_weight', 4],
    ['l1_bn_bias', 4],
    ['l1_bn_running_mean', 4],
    ['l1_bn_running_var', 4],
  );
  expect(underscores).toMatchObject({ layers: [{ path: 'l1_bn', kind: 'norm' }] });
  expect(layer(['a.w', 4, 4])).toEqual({ problem: '`a.w` does not say what it is to its layer' });
  expect(layer(['a.weight', 4], ['a.bias', 4])).toEqual({
    problem: '`a` has a weight of one axis, as a batch norm, but no mean, no variance',
  });
  expect(layer(['a.weight', 64, 10], ['a.bias', 10])).toMatchObject({
    problem: expect.stringContaining('looks transposed'),
  });
});

it('orders names by their numbers', () => {
  expect(['b.10', 'b.9', 'b.1.x', 'b'].sort(naturally)).toEqual(['b', 'b.1.x', 'b.9', 'b.10']);
  expect([areNumbered('x.conv1', 'x.conv2'), areNumbered('x.one', 'x.two'), areNumbered('a1', 'b2')]).toEqual([
    true,
    false,
    false,
  ]);
});
