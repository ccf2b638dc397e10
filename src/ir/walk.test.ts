import { expect, it } from 'vitest';
import { add, Graph, multiply, relu, type Value, walk } from './index.ts';
import { numberValues } from './walk.ts';

const graph = new Graph({ training: false });
const [a, b, unused] = ['a', 'b', 'unused'].map((name) => graph.input(name, { dtype: 'float32', shape: [2] })) as [
  Value,
  Value,
  Value,
];
const sum = add(b, a);
const y = relu(multiply(sum, b));

it('asks once for each leaf, where it is first read, and for each node after what it reads', () => {
  const asked: string[] = [];
  const found = walk<string>(graph.nodes, {
    leaf: ({ source }) => {
      const name = source.kind === 'input' ? source.name : source.kind;
      asked.push(name);
      return name;
    },
    node: ({ op }, inputs) => {
      asked.push(op.name);
      return [`${op.name}(${inputs})`];
    },
  });
  expect(asked).toEqual(['b', 'a', 'add', 'multiply', 'relu']);
  expect(found(y)).toBe('relu(multiply(add(b,a),b))');
  expect(found(unused)).toBe('unused');
  expect(found(unused)).toBe('unused');
  expect(asked.at(-1)).toBe('unused');
  expect(asked).toHaveLength(6);
});

it('asks for some leaves first, and keeps what it found where that is undefined', () => {
  const asked: Value[] = [];
  const found = walk<number | undefined>(
    graph.nodes,
    {
      leaf: (leaf) => {
        asked.push(leaf);
        return leaf === a ? 1 : undefined;
      },
      node: (_, inputs, before) => [inputs.every((one) => one !== undefined) ? before(a) : undefined],
    },
    [unused, a],
  );
  expect(asked).toEqual([unused, a, b]);
  expect([found(a), found(b), found(sum), found(y)]).toEqual([1, undefined, undefined, undefined]);
  expect(asked).toHaveLength(3);
});

it('numbers leaves in the order in which they are read, then what nodes make', () => {
  const { leaves, number } = numberValues(graph.nodes, { last: [y, unused] });
  expect(leaves).toEqual([b, a, unused]);
  expect([b, a, unused, sum, y].map(number)).toEqual([0, 1, 2, 3, 5]);
  expect(numberValues(graph.nodes, { first: [unused, a], last: [y] }).leaves).toEqual([unused, a, b]);
});
