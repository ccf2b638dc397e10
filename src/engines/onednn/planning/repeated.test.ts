import { describe, expect, it } from 'vitest';
import { smallProgram } from '../../../../tests/small-program.ts';
import { add, divide, greater, multiply, type Node, subtract, type Value } from '../../../ir/index.ts';
import { repeatedOperand } from './repeated.ts';

const map = [2, 16, 6, 4];

function found(shape: readonly number[], combine: (map: Value, small: Value) => Value = add, of = map) {
  let node: Node | undefined;
  smallProgram(({ input }) => {
    const { source } = combine(input('map', ...of), input('small', ...shape));
    node = source.kind === 'node' ? source.node : undefined;
    return {};
  });
  const operand = repeatedOperand(node as Node);
  return operand && { map: nameOf(operand.map), small: nameOf(operand.small), repeated: operand.repeated };
}
const nameOf = ({ source }: Value) => (source.kind === 'input' ? source.name : source.kind);
const repeated = (...shape: number[]) => ({ map: 'map', small: 'small', repeated: shape });

describe('a map meets what is repeated', () => {
  it('for each channel: of all images, of each, and written out where it is one number for all', () => {
    expect(found([16, 1, 1])).toEqual(repeated(1, 16, 1, 1));
    expect(found([2, 16, 1, 1])).toEqual(repeated(2, 16, 1, 1));
    expect(found([2, 1, 1, 1])).toEqual(repeated(2, 16, 1, 1));
    expect(found([])).toEqual(repeated(1, 16, 1, 1));
  });

  it('for each pixel of each image', () => {
    expect(found([2, 1, 6, 4])).toEqual(repeated(2, 1, 6, 4));
  });

  it('on either side of a sum and of a product', () => {
    expect(found([16, 1, 1], (x, small) => add(small, x))).toEqual(repeated(1, 16, 1, 1));
    expect(found([16, 1, 1], (x, small) => multiply(small, x))).toEqual(repeated(1, 16, 1, 1));
    expect(found([16, 1, 1], subtract)).toEqual(repeated(1, 16, 1, 1));
    expect(found([16, 1, 1], divide)).toEqual(repeated(1, 16, 1, 1));
  });
});

describe('nothing is repeated', () => {
  it('from the left of a difference or a quotient', () => {
    expect(found([16, 1, 1], (x, small) => subtract(small, x))).toBeUndefined();
    expect(found([16, 1, 1], (x, small) => divide(small, x))).toBeUndefined();
  });

  it('along rows, columns, or pixels that all images share', () => {
    for (const shape of [[4], [6, 1], [6, 4], [1, 1, 6, 4], [16, 6, 1], [1, 16, 6, 4]])
      expect(found(shape), `${shape}`).toBeUndefined();
  });

  it('where both are small, where nothing is a map, or the result is no number', () => {
    expect(found([1, 1, 6, 4], add, [2, 16, 1, 1])).toBeUndefined();
    expect(found([16], add, [2, 16])).toBeUndefined();
    expect(found([16, 1, 1], greater)).toBeUndefined();
  });
});
