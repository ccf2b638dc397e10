import { describe, expect, it } from 'vitest';
import { namesOf, smallProgram, unitOfKind } from '../../../../tests/small-program.ts';
import {
  add,
  batchStatistics,
  conv2d,
  matmul,
  multiply,
  normalise,
  relu,
  subtract,
  type Value,
} from '../../../ir/index.ts';
import type { FusedProduct } from './group-convolutions.ts';

interface Parts {
  readonly x: Value;
  /** A map of the shape of `x`. */
  readonly map: Value;
  readonly bias: Value;
  readonly conv: (x: Value) => Value;
  readonly constant: (...shape: number[]) => Value;
}

/** On maps [2, 16, 6, 16], whose width is their number of channels. */
const program = (build: (parts: Parts) => Record<string, Value>) =>
  smallProgram(({ input, constant }) => {
    const conv = (x: Value) => conv2d(x, constant(16, 16, 3, 3), { padding: [1, 1] });
    const [x, map] = [input('x', 2, 16, 6, 16), input('map', 2, 16, 6, 16)];
    return { outputs: build({ x, map, bias: constant(1, 16, 1, 1), conv, constant }) };
  });
const names = (build: (parts: Parts) => Record<string, Value>) => namesOf(program(build));

describe('a convolution takes what follows it', () => {
  it('a bias on either side, a map, a rectifier', () => {
    expect(names(({ x, conv, bias }) => ({ y: add(conv(x), bias) }))).toEqual(['fusedConvolution']);
    expect(names(({ x, conv, bias }) => ({ y: add(bias, conv(x)) }))).toEqual(['fusedConvolution']);
    expect(names(({ x, conv, map }) => ({ y: add(conv(x), map) }))).toEqual(['fusedConvolution']);
    expect(names(({ x, conv }) => ({ y: relu(conv(x)) }))).toEqual(['fusedConvolution']);
  });

  it('all of them, and knows each', () => {
    const all = program(({ x, conv, bias, map }) => ({ y: relu(add(map, add(conv(x), bias))) }));
    const unit = unitOfKind<FusedProduct>(all, 'fusedConvolution');
    expect(unit.bias?.type.shape).toEqual([1, 16, 1, 1]);
    expect(unit.residual).toBe(all.graph.inputs.get('map'));
    expect(unit.rectifies).toBe(true);
    expect(unit.y).toBe(all.outputs.get('y'));
    expect(unit.inputs).toHaveLength(4);
  });

  it('only once each: a second rectifier, bias or map stays', () => {
    expect(names(({ x, conv, map }) => ({ y: add(add(conv(x), map), multiply(map, 2)) }))).toEqual([
      'fusedConvolution',
      'multiply',
      'add',
    ]);
    expect(names(({ x, conv, bias }) => ({ y: add(relu(conv(x)), bias) }))).toEqual(['fusedConvolution', 'add']);
  });
});

describe('a convolution leaves what follows it', () => {
  it('where something else reads the value between them', () => {
    expect(
      names(({ x, conv, bias }) => {
        const y = conv(x);
        return { y: add(y, bias), z: multiply(y, 2) };
      }),
    ).toEqual(['conv2d', 'add', 'multiply']);
    expect(
      names(({ x, conv, bias }) => {
        const sum = add(conv(x), bias);
        return { y: relu(sum), z: multiply(sum, 2) };
      }),
    ).toEqual(['fusedConvolution', 'relu', 'multiply']);
  });

  it('where the value between them is an output', () => {
    expect(
      names(({ x, conv }) => {
        const y = conv(x);
        return { y, z: relu(y) };
      }),
    ).toEqual(['conv2d', 'relu']);
  });

  it('where the value between them becomes state', () => {
    const kept = smallProgram(({ input, entry, constant }) => {
      const y = conv2d(input('x', 2, 16, 6, 16), constant(16, 16, 1, 1));
      entry('last', 2, 16, 6, 16);
      return { outputs: { z: relu(y) }, updates: { last: y } };
    });
    expect(namesOf(kept)).toEqual(['conv2d', 'relu']);
  });

  it('where the bias runs along another axis, or is no vector', () => {
    for (const shape of [[16], [6, 1], [2, 16, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1], [1, 1, 6, 16]])
      expect(
        names(({ x, conv, constant }) => ({ y: add(conv(x), constant(...shape)) })),
        `${shape}`,
      ).toEqual(['conv2d', 'add']);
  });

  it('where the bias comes after the map or after the rectifier', () => {
    expect(names(({ x, conv, bias, map }) => ({ y: add(add(conv(x), map), bias) }))).toEqual([
      'fusedConvolution',
      'add',
    ]);
    expect(names(({ x, conv, bias }) => ({ y: relu(add(relu(conv(x)), bias)) }))).toEqual([
      'fusedConvolution',
      'add',
      'relu',
    ]);
  });

  it('where it is taken away or added to itself', () => {
    expect(names(({ x, conv, map }) => ({ y: subtract(conv(x), map) }))).toEqual(['conv2d', 'subtract']);
    expect(
      names(({ x, conv }) => {
        const y = conv(x);
        return { y: add(y, y) };
      }),
    ).toEqual(['conv2d', 'add']);
  });

  it('to the batch norm that has the rectifier already', () => {
    const normed = smallProgram(({ input, entry, constant }) => {
      const y = conv2d(input('x', 2, 16, 6, 16), constant(16, 16, 1, 1));
      const { mean, variance } = batchStatistics(y);
      return { outputs: { y: relu(normalise(y, mean, variance, entry('weight', 16), entry('bias', 16), 1e-5)) } };
    });
    expect(namesOf(normed)).toEqual(['conv2d', 'normalisation']);
  });
});

describe('a product of matrices', () => {
  const rows = (build: (y: Value, constant: (...shape: number[]) => Value) => Value) =>
    namesOf(
      smallProgram(({ input, constant }) => ({
        outputs: { y: build(matmul(input('x', 10, 4), constant(4, 10)), constant) },
      })),
    );

  it('takes a bias for each column, and a rectifier', () => {
    expect(rows((y, constant) => relu(add(y, constant(10))))).toEqual(['fusedMatmul']);
    expect(rows((y, constant) => add(constant(1, 10), y))).toEqual(['fusedMatmul']);
  });

  it('leaves a matrix that is added, and a bias for each row', () => {
    expect(rows((y, constant) => add(y, constant(10, 10)))).toEqual(['matmul', 'add']);
    expect(rows((y, constant) => add(y, constant(10, 1)))).toEqual(['matmul', 'add']);
  });
});
