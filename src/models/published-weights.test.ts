import { expect, it } from 'vitest';
import { models, publishedAt, publishedWeights } from './index.ts';
import { allPublishedWeights, modelsWithWeights } from './published-weights.ts';

it('are of networks for large images alone, and of all of those but the ones that nobody published', () => {
  const large = [...models].filter(([, { network }]) => (network.image?.height ?? 0) > 64).map(([name]) => name);
  const without = large.filter((name) => allPublishedWeights(name).length === 0);
  expect(without).toEqual(['plain18', 'plain34', 'resnetv2_152', 'densenet264']);
  expect(modelsWithWeights.filter((name) => !large.includes(name))).toEqual([]);
});

it('have a usual training, and others by name', () => {
  expect(publishedWeights('resnet50').source).toBe('hf:timm/resnet50.tv_in1k');
  expect(publishedWeights('resnet50', 'a1').source).toBe('hf:timm/resnet50.a1_in1k');
  expect(publishedWeights('seresnet50')).toMatchObject({ tag: 'ra2_in1k', licence: 'apache-2.0' });
  expect(publishedWeights('resnetv2_101').pixels).toMatchObject({ mean: [0.5, 0.5, 0.5], crop: 0.95 });
  expect(() => publishedWeights('resnet20')).toThrow('resnet20: there are no published ImageNet weights for it');
  expect(() => publishedWeights('my-net')).toThrow('it is no network of `skein models`');
});

it.each([
  ['hf:timm/resnet18.a1_in1k', 'a1_in1k'],
  ['hf:timm/densenet121.ra_in1k@0123/model.safetensors#sha256=00', 'ra_in1k'],
  ['hf:timm/resnet18.unknown', undefined],
  ['hf:someone/resnet18.a1_in1k', undefined],
  ['https://host/resnet18.a1_in1k', undefined],
])('are known by their address: %s', (address, tag) => {
  expect(publishedAt(address)?.tag).toBe(tag);
});
