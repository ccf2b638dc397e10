import { describe, expect, it, test } from 'vitest';
import { ConfigError } from '../tensor/index.ts';
import { add, conv2d, defineProgram, Graph, initialState, liveNodes, multiply, relu, scope, sum } from './index.ts';
import { currentScope } from './scope.ts';

const float = (...shape: number[]) => ({ dtype: 'float32' as const, shape });
const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));
const newGraph = () => new Graph({ training: true });

describe('equal nodes', () => {
  it('are one node, because ops are pure', () => {
    const graph = newGraph();
    const x = graph.input('x', float(2, 3));
    expect(relu(x)).toBe(relu(x));
    expect(add(relu(x), 1)).toBe(add(relu(x), 1));
    expect(graph.nodes).toHaveLength(2);
  });

  it('differ in their inputs, the order of these, or their attributes', () => {
    const graph = newGraph();
    const [x, y] = [graph.input('x', float(1, 2, 3, 3)), graph.input('y', float(1, 2, 3, 3))];
    const values = [relu(x), relu(y), add(x, y), add(y, x), sum(x, [1]), sum(x, [1, 2])];
    const weight = graph.input('weight', float(2, 2, 3, 3));
    values.push(conv2d(x, weight, { padding: [1, 1] }), conv2d(x, weight));
    expect(new Set(values).size).toBe(values.length);
    expect(graph.nodes).toHaveLength(values.length);
  });

  it('share numbers, but not those of another shape', () => {
    const graph = newGraph();
    expect(graph.constant(2)).toBe(graph.constant(2));
    expect(graph.constant(2, [3])).not.toBe(graph.constant(2));
    expect(graph.constant(2)).not.toBe(graph.constant(1));
  });

  it('keep the scope of the first', () => {
    const graph = newGraph();
    const x = graph.input('x', float(2));
    scope('first', () => relu(x));
    scope('second', () => relu(x));
    expect(graph.nodes.map((node) => node.scope)).toEqual(['first']);
  });
});

describe('names', () => {
  it('count up by kind within each scope', () => {
    const graph = newGraph();
    const names = () => [graph.nextName('conv'), graph.nextName('conv'), graph.nextName('norm')];
    expect(names()).toEqual(['conv1', 'conv2', 'norm1']);
    expect(scope('block1', names)).toEqual(['conv1', 'conv2', 'norm1']);
    expect(scope('block1', names)).toEqual(['conv3', 'conv4', 'norm2']);
    expect(names()).toEqual(['conv3', 'conv4', 'norm2']);
  });

  it('of scopes nest, and end with them even if building fails', () => {
    const inner = scope('stage1', () => scope('block2', currentScope));
    expect(inner).toBe('stage1.block2');
    const fail = () => {
      throw new Error('a mistake in a block');
    };
    expect(() => scope('stage1', fail)).toThrow('a mistake in a block');
    expect(currentScope()).toBe('');
  });

  it('of scopes are single words', () => {
    for (const name of ['', 'stage1.block1'])
      expect(() => scope(name, () => 1)).toThrow(`scope: the name must be one word without dots, but is \`${name}\``);
  });

  it('stand for one thing each: a second input, state entry or update is refused', () => {
    const graph = newGraph();
    const x = graph.input('x', float(2));
    graph.entry('block1.conv1.weight', [2], 'parameter', zeros);
    graph.update('block1.conv1.weight', x);
    expect(() => graph.input('x', float(3))).toThrowErrorMatchingInlineSnapshot(
      '[ConfigError: graph: two inputs are called `x`]',
    );
    expect(() => graph.entry('block1.conv1.weight', [2], 'parameter', zeros)).toThrowErrorMatchingInlineSnapshot(
      '[ConfigError: graph: two parameters are called `block1.conv1.weight`]',
    );
    expect(() => graph.update('block1.conv1.weight', x)).toThrowErrorMatchingInlineSnapshot(
      '[ConfigError: graph: `block1.conv1.weight` is updated twice]',
    );
    expect(() => graph.entry('block1.conv1.weight', [2], 'parameter', zeros)).toThrow(
      expect.objectContaining({ hint: 'give each block a scope() of its own' }),
    );
  });
});

test('values of two graphs do not mix', () => {
  const [a, b] = [newGraph().input('a', float(2)), newGraph().input('b', float(2))];
  expect(() => add(a, b)).toThrow('add: its inputs belong to different graphs');
});

test('an op on numbers alone is refused, because no graph can hold it', () => {
  expect(() => add(1, 2)).toThrow(new ConfigError('add: expected at least one value, but all inputs are numbers'));
});

describe('a program', () => {
  it('runs only what its results need, in the order in which it was made', () => {
    const graph = newGraph();
    const x = graph.input('x', float(2));
    const w = graph.entry('w', [2], 'parameter', zeros);
    const a = multiply(x, w);
    const unused = relu(a);
    const b = sum(a);
    const c = add(w, a);
    const program = { name: 'p', graph, outputs: new Map([['b', b]]), updates: new Map([['w', c]]) };
    expect(liveNodes(program).map((node) => node.op.name)).toEqual(['multiply', 'sum', 'add']);
    expect(liveNodes({ ...program, guard: unused }).map((node) => node.op.name)).toEqual([
      'multiply',
      'relu',
      'sum',
      'add',
    ]);
  });

  it('updates only what it holds, by values of the same shape', () => {
    const graph = newGraph();
    const x = graph.input('x', float(2));
    graph.entry('w', [3], 'parameter', zeros);
    const program = (name: string) => ({ name: 'p', graph, outputs: new Map(), updates: new Map([[name, x]]) });
    expect(() => defineProgram(program('v'))).toThrow('program p: it updates `v`, which is not part of its state');
    expect(() => defineProgram(program('w'))).toThrow('program p: `w` is [3] but its update [2]');
  });
});

describe('the first state', () => {
  const draw = (names: readonly string[], seed: number) => {
    const graph = newGraph();
    for (const name of names)
      graph.entry(name, [4], 'parameter', (_, random) => Float32Array.from({ length: 4 }, () => random.normal()));
    return initialState(graph, seed);
  };

  it('of an entry depends on its name and the seed alone, not on its neighbours', () => {
    expect(draw(['a', 'b'], 3).get('b')).toEqual(draw(['b', 'c'], 3).get('b'));
    expect(draw(['a', 'b'], 3).get('b')).not.toEqual(draw(['a', 'b'], 4).get('b'));
    expect(draw(['a', 'b'], 3).get('a')?.data).not.toEqual(draw(['a', 'b'], 3).get('b')?.data);
  });
});
