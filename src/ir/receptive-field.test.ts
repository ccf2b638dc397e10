import { describe, expect, it } from 'vitest';
import { gradients } from '../autodiff/index.ts';
import { evaluator } from '../engines/index.ts';
import { densenet, findModel, imageNetResnet, linearClassifier, plain, resnet, vgg } from '../models/index.ts';
import {
  averagePool,
  buildNetwork,
  conv,
  defineNetwork,
  globalAveragePool,
  linear,
  type Network,
} from '../nn/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';
import {
  add,
  defineProgram,
  initialState,
  largestReceptiveField,
  layersOf,
  type Program,
  pad,
  slice,
  sum,
  type Value,
} from './index.ts';

const classes = 2;

function prediction(network: Network, side = network.image?.height ?? 32): Program {
  const image = { channels: 1, height: side, width: side };
  const { graph, logits } = buildNetwork(network, { batch: 1, image, classes, training: false });
  return defineProgram({ name: network.name, graph, outputs: new Map([['logits', logits]]), updates: new Map() });
}

const fieldOf = (network: Network, side?: number) => largestReceptiveField(prediction(network, side));

describe('the receptive field of published networks', () => {
  it.each([
    // 7 and 3 with a step of 2, then per stage the first 3×3 and the others: 11 + 3·8 + (8 + 3·16) + (16 + 5·32) + (32 + 2·64)
    [findModel('resnet50'), 427],
    // each first 3×3 already on the halved map: 11 + 3·8 + 4·16 + 6·32 + 3·64
    [imageNetResnet({ depth: 50, strideIn: '1x1' }), 483],
    // 11 + 6·8 + 4 + 12·16 + 8 + 24·32 + 16 + 16·64, the small terms being the transitions' averages
    [findModel('densenet121'), 2071],
    // five times two or three 3×3 and a pooling: 5 + 1, 10 + 2, 28 + 4, …
    [findModel('vgg16'), 212],
    // 3 + 6·2 + (2 + 5·4) + (4 + 5·8)
    [findModel('resnet20'), 81],
  ])('%#', (network, side) => {
    expect(fieldOf(network)).toEqual([side, side]);
  });

  it('is the whole image after squeeze and excitation, and nothing without a map', () => {
    expect(fieldOf(findModel('seresnet50'))).toBe('whole image');
    expect(fieldOf(linearClassifier())).toBeUndefined();
  });

  it('stays what it is for images of another size', () => {
    for (const name of ['vgg16', 'resnet50d', 'resnet18'])
      expect(fieldOf(findModel(name), 225), name).toEqual(fieldOf(findModel(name), 224));
  });
});

it('grows layer by layer, until the whole image is averaged', () => {
  const fields = layersOf(prediction(resnet({ depth: 8 }))).map(({ path, receptiveField }) => [path, receptiveField]);
  expect(Object.fromEntries(fields)).toMatchObject({
    'stem.conv1': [3, 3],
    'stem.norm1': [3, 3],
    'stage1.block1.conv2': [7, 7],
    'stage2.block1.conv1': [9, 9],
    'stage2.block1.add1': [13, 13],
    'stage3.block1.relu2': [25, 25],
    sum1: 'whole image',
    classifier: 'whole image',
  });
});

/** Two paths whose windows lie on different sides, over holes, wider than high. */
const lopsided = defineNetwork('lopsided', (image, { classes: count }) => {
  const right = pad(slice(image, { axes: [3], starts: [4], stops: [32] }), {
    before: [0, 0, 0, 0],
    after: [0, 0, 0, 4],
  });
  const x = add(conv(image, 3, { kernel: [3, 5], dilation: [2, 1] }), conv(right, 3, { kernel: 3 }));
  const y = averagePool(conv(x, 3, { kernel: 3, stride: 2 }), { kernel: 2 });
  return linear(globalAveragePool(y), count);
});

describe.each<[string, Network, (program: Program) => Value]>([
  ['a residual network', resnet({ depth: 8, shortcut: 'B' }), lastMap],
  ['a plain network', plain({ depth: 8 }), lastMap],
  ['a dense network', densenet({ depth: 7, growth: 4 }), lastMap],
  ['paths that look to different sides', lopsided, lastMap],
])('of %s', (_, network, mapOf) => {
  it('is as large as the part of the image by which one pixel of the last map changes', async () => {
    const program = prediction(network, 32);
    const map = mapOf(program);
    const [, , height, width] = map.type.shape as [number, number, number, number];
    const at = [Math.floor(height / 2), Math.floor(width / 2)] as const;
    const spot = slice(map, { axes: [2, 3], starts: at, stops: [at[0] + 1, at[1] + 1] });
    const image = program.graph.inputs.get('image') as Value;
    const [gradient] = gradients(sum(spot), [image]) as [Value];
    const outputs = new Map([['gradient', gradient]]);
    const executable = await evaluator.compile({ g: { ...program, outputs } });
    await executable.load(initialState(program.graph, 1));
    const rows = new Set<number>();
    const columns = new Set<number>();
    const random = new Random('pictures');
    for (let i = 0; i < 3; i++) {
      const pixels = Float32Array.from({ length: sizeOf(image.type.shape) }, () => random.normal());
      const result = await executable.run('g', new Map([['image', tensor('float32', image.type.shape, pixels)]]));
      (result.get('gradient') as Tensor).data.forEach((v, p) => {
        if (v === 0) return;
        rows.add(Math.floor(p / 32));
        columns.add(p % 32);
      });
    }
    const extent = (of: Set<number>) => Math.max(...of) - Math.min(...of) + 1;
    expect(largestReceptiveField(program)).toEqual([extent(rows), extent(columns)]);
  });
});

/** What the classifier averages. */
function lastMap({ graph }: Program): Value {
  const { outputs } = graph.nodes.findLast((node) => node.outputs[0]?.type.shape.length === 4) ?? {};
  return outputs?.[0] as Value;
}

it('of a narrow conventional network is the published one’s', () => {
  expect(fieldOf(vgg({ depth: 16, width: 4 }))).toEqual(fieldOf(findModel('vgg16')));
});
