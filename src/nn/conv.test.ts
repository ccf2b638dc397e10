import { describe, expect, it } from 'vitest';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import { Graph, scope } from '../ir/index.ts';
import { type ConvOptions, constant, conv } from './index.ts';

function imageOf(shape: readonly number[]) {
  return new Graph({ training: true }).input('image', { dtype: 'float32', shape });
}

describe('conv', () => {
  it('keeps the size by default, whatever the kernel and its dilation', () => {
    const x = imageOf([2, 3, 9, 8]);
    for (const options of [{ kernel: 1 }, { kernel: [3, 5] }, { kernel: 3, dilation: [1, 2] }] satisfies ConvOptions[])
      expect(conv(x, 4, options).type.shape).toEqual([2, 4, 9, 8]);
  });

  it('halves at stride 2, takes explicit padding, and splits channels into groups', () => {
    const x = imageOf([2, 6, 8, 8]);
    expect(conv(x, 4, { kernel: 3, stride: 2 }).type.shape).toEqual([2, 4, 4, 4]);
    expect(conv(x, 4, { kernel: [2, 3], padding: [0, 1] }).type.shape).toEqual([2, 4, 7, 8]);
    conv(x, 4, { kernel: 3, groups: 2, name: 'grouped' });
    expect(x.graph.state.get('grouped.weight')?.type.shape).toEqual([4, 3, 3, 3]);
  });

  it('names its state by the open scopes and numbers layers within them', () => {
    const x = imageOf([1, 3, 4, 4]);
    scope('stage1', () => {
      scope('block1', () => conv(conv(x, 3, { kernel: 3 }), 3, { kernel: 3, bias: true }));
      scope('block2', () => conv(x, 3, { kernel: 3, name: 'project' }));
    });
    conv(x, 3, { kernel: 1 });
    expect([...x.graph.state.keys()]).toEqual([
      'stage1.block1.conv1.weight',
      'stage1.block1.conv2.weight',
      'stage1.block1.conv2.bias',
      'stage1.block2.project.weight',
      'conv1.weight',
    ]);
  });

  it('adds its bias to every pixel of a channel', () => {
    const x = imageOf([1, 1, 1, 2]);
    const y = conv(x, 2, { kernel: 1, bias: true, initial: constant(1) });
    const program = { name: 'conv', graph: x.graph, outputs: new Map([['y', y]]), updates: new Map() };
    const array = (shape: readonly number[], ...numbers: number[]) => ({ shape, data: Float64Array.from(numbers) });
    const state = new Map([
      ['conv1.weight', array([2, 1, 1, 1], 1, 10)],
      ['conv1.bias', array([2], 0.5, 0.25)],
    ]);
    const { outputs } = evaluate(program, new Map([['image', array([1, 1, 1, 2], 3, 4)]]), state);
    expect(outputs.get('y')?.data).toBeClose([3.5, 4.5, 30.25, 40.25]);
  });

  it('names the argument that cannot be', () => {
    const x = imageOf([1, 3, 4, 4]);
    expect(() => conv(imageOf([1, 3]), 4, { kernel: 3 })).toThrow('expected `x` to be [N, C, H, W], but it is [1, 3]');
    expect(() => conv(x, 0, { kernel: 3 })).toThrow('`channels` must be a whole number of at least 1, but is 0');
    expect(() => conv(x, 4, { kernel: 2 })).toThrow("padding 'same' needs an odd kernel, but it is 2×2");
    expect(() => conv(x, 4, { kernel: 3, stride: [1, 0] })).toThrow('`stride` must be a whole number of at least 1');
    expect(() => conv(x, 4, { kernel: 3, groups: 2 })).toThrow(
      '3 channels of x [1, 3, 4, 4] do not divide into 2 groups',
    );
  });
});
