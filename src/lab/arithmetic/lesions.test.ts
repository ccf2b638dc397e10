import { afterEach, describe, expect, it } from 'vitest';
import { smallCheckpoint } from '../../../tests/small-checkpoint.ts';
import type { Checkpoint } from '../../checkpoint/index.ts';
import { evaluator, onnxruntime } from '../../engines/index.ts';
import { add, concat, relu, scope, type Value } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import { conv, defineNetwork, globalAveragePool, linear } from '../../nn/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { Lesions } from './lesions.ts';

const open: Lesions[] = [];
afterEach(async () => {
  for (const lesions of open.splice(0)) await lesions.dispose();
});

function lesionsOf(checkpoint: Checkpoint, { images = 8, engine = evaluator } = {}): Lesions {
  const { channels, height, width } = checkpoint.preprocessing;
  const random = new Random('lesions');
  const batch = {
    images: Float32Array.from({ length: images * channels * height * width }, () => random.normal()),
    labels: Int32Array.from({ length: images }, (_, i) => i % checkpoint.classes.length),
  };
  const lesions = new Lesions({ file: 'test', checkpoint, batch, engine });
  open.push(lesions);
  return lesions;
}

/** The checkpoint with other content in some entries. */
function withTensors(checkpoint: Checkpoint, change: (name: string, tensor: Tensor) => Tensor): Checkpoint {
  return { ...checkpoint, tensors: new Map([...checkpoint.tensors].map(([name, one]) => [name, change(name, one)])) };
}

const filled = (like: Tensor, value: number) =>
  tensor('float32', like.shape, new Float32Array(like.data.length).fill(value));

const resnet8 = () => smallCheckpoint(findModel('resnet8'), { size: 8 });

describe('lesions', () => {
  it.each([
    ['evaluator', evaluator],
    ['onnxruntime', onnxruntime],
  ] as const)('of a block whose branch is zero change nothing, to the bit, on %s', async (_, engine) => {
    const planted = withTensors(resnet8(), (name, one) =>
      /^stage2.block1.norm2.(weight|bias)$/.test(name) ? filled(one, 0) : one,
    );
    const lesions = lesionsOf(planted, { engine });
    const whole = await lesions.without([]);
    expect(await lesions.without([1])).toEqual(whole);
    expect(await lesions.without([0])).not.toEqual(whole);
  });

  it('leave chance where the block carries everything', async () => {
    // the classifier reads one channel, which the block alone writes: red minus green
    const carrier = defineNetwork('carrier', (image, { classes }) => {
      const x = conv(image, 3, { kernel: 1, name: 'stem' });
      const y = add(
        scope('block1', () => conv(relu(conv(x, 2, { kernel: 1 })), 3, { kernel: 1 })),
        x,
      );
      return linear(globalAveragePool(y), classes, { name: 'classifier' });
    });
    const content: Record<string, number[]> = {
      'stem.weight': [1, 0, 0, 0, 1, 0, 0, 0, 0],
      'block1.conv1.weight': [1, 0, 0, 0, 1, 0],
      'block1.conv2.weight': [0, 0, 0, 0, 1, -1],
      'classifier.weight': [0, 0, 0, 0, 0, -1],
      'classifier.bias': [0.001, 0],
    };
    const checkpoint = withTensors(smallCheckpoint(carrier, { size: 2, classes: ['red', 'green'] }), (name, one) => {
      const numbers = content[name] as number[];
      expect(numbers, name).toHaveLength(one.data.length);
      return tensor('float32', one.shape, Float32Array.from(numbers));
    });
    const [red, green] = [
      [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0],
    ];
    const batch = { images: Float32Array.from([red, green, green, red].flat()), labels: Int32Array.from([0, 1, 1, 0]) };
    const lesions = new Lesions({ file: 'test', checkpoint, batch, engine: evaluator });
    open.push(lesions);
    expect(lesions.blocks.map(({ path, kind }) => [path, kind])).toEqual([['block1', 'residual']]);
    expect(lesions.errorOf(await lesions.without([]))).toBe(0);
    expect(lesions.errorOf(await lesions.without([0]))).toBe(0.5);
  });

  it('hand on the input of a plain block, and leave out those that change the shape', async () => {
    const lesions = lesionsOf(smallCheckpoint(findModel('plain14'), { size: 8 }));
    expect(lesions.blocks.map(({ kind, path, isRemovable }) => `${kind} ${path} ${isRemovable}`)).toEqual([
      'plain stage1.block1 true',
      'plain stage1.block2 true',
      'plain stage2.block1 false',
      'plain stage2.block2 true',
      'plain stage3.block1 false',
      'plain stage3.block2 true',
    ]);
    const without = lesionsOf(withShorterPlain());
    expect(await lesions.without([1])).toBeClose(await without.without([]), { relative: 1e-5 });
  });

  it('replace what a dense layer makes by zeros', async () => {
    const dense = defineNetwork('dense', (image, { classes }) => {
      const layer = scope('block1', () => scope('layer1', () => conv(image, 2, { kernel: 1, bias: true })));
      return linear(globalAveragePool(concat([image, layer])), classes, { name: 'classifier' });
    });
    const checkpoint = smallCheckpoint(dense, { size: 2 });
    const emptied = withTensors(checkpoint, (name, one) => (name.startsWith('block1.layer1.') ? filled(one, 0) : one));
    const lesions = lesionsOf(checkpoint);
    expect(lesions.blocks.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['dense block1.layer1']);
    expect(await lesions.without([0])).toBeClose(await lesionsOf(emptied).without([]));
    expect(await lesions.without([0])).not.toEqual(await lesions.without([]));
  });

  it('by swaps of two equal blocks change nothing', async () => {
    const wide = smallCheckpoint(findModel('resnet14'), { size: 8 });
    const equal = withTensors(wide, (name, one) =>
      name.startsWith('stage1.block2.') ? (wide.tensors.get(name.replace('block2', 'block1')) as Tensor) : one,
    );
    const swapped = [1, 0, 2, 3, 4, 5];
    for (const [checkpoint, isSame] of [
      [equal, true],
      [wide, false],
    ] as const) {
      const lesions = lesionsOf(checkpoint);
      const [before, after] = [await lesions.reordered([0, 1, 2, 3, 4, 5]), await lesions.reordered(swapped)];
      expect(String(before) === String(after)).toBe(isSame);
    }
  });

  it('find the last images of a batch that does not divide', async () => {
    const checkpoint = resnet8();
    const [few, many] = [
      lesionsOf(checkpoint, { images: 3 }),
      lesionsOf(checkpoint, { images: 103, engine: onnxruntime }),
    ];
    expect((await many.without([])).subarray(0, 12)).toBeClose(await few.without([]), {
      relative: 1e-3,
      absolute: 1e-4,
    });
    expect((await many.without([])).subarray(-4).some((x) => x !== 0)).toBe(true);
  });

  it('refuse a network without blocks', () => {
    const flat = defineNetwork('flat', (image: Value, { classes }) => linear(globalAveragePool(image), classes));
    expect(() => lesionsOf(smallCheckpoint(flat))).toThrow('flat has no block that can be taken out');
  });
});

/** plain14 without stage1.block2, with the weights of the rest. */
function withShorterPlain(): Checkpoint {
  const whole = smallCheckpoint(findModel('plain14'), { size: 8 });
  const json = JSON.parse(whole.graph) as { nodes: { scope: string; in: number[] }[]; leaves: unknown[] };
  const first = json.leaves.length;
  const inBlock = json.nodes.flatMap(({ scope: at }, i) => (at === 'stage1.block2' ? [first + i] : []));
  const [start, last] = [inBlock[0] as number, inBlock.at(-1) as number];
  for (const node of json.nodes) node.in = node.in.map((value) => (value === last ? start - 1 : value));
  return { ...whole, graph: JSON.stringify(json) };
}
