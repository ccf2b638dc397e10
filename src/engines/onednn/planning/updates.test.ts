import { describe, expect, it } from 'vitest';
import { type Hand, smallProgram } from '../../../../tests/small-program.ts';
import { add, matmul, multiply, relu, reshape, subtract, type Value } from '../../../ir/index.ts';
import { planUnits } from './plan-units.ts';
import { updatesInPlace } from './updates.ts';

interface Parts extends Hand {
  readonly a: Value;
  readonly b: Value;
  readonly given: Value;
}

/** The entries that are written over at once. */
function inPlace(
  build: (parts: Parts) => Record<string, Value>,
  outputs: (parts: Parts) => Record<string, Value> = () => ({}),
): string[] {
  const program = smallProgram((hand) => {
    const parts = { ...hand, a: hand.entry('a', 8, 8), b: hand.entry('b', 8, 8), given: hand.input('given', 8, 8) };
    return { updates: build(parts), outputs: outputs(parts) };
  });
  const found = updatesInPlace(program, planUnits(program, 16).late);
  const written = [...program.updates].filter(([name, value]) => found.get(value) === program.graph.state.get(name));
  expect(written).toHaveLength(found.size);
  return written.map(([name]) => name);
}

describe('new state is written over the old one', () => {
  it('by what reads each number before it writes it', () => {
    expect(inPlace(({ a, given }) => ({ a: multiply(a, given) }))).toEqual(['a']);
    expect(inPlace(({ a, given }) => ({ a: subtract(a, multiply(given, 0.1)) }))).toEqual(['a']);
  });

  it('where nobody reads the old one, or only before', () => {
    expect(inPlace(({ given }) => ({ a: relu(given) }))).toEqual(['a']);
    expect(
      inPlace(({ a, b, given }) => {
        const next = multiply(b, a);
        return { b: next, a: relu(given) };
      }),
    ).toEqual(['b', 'a']);
  });

  it('not where somebody reads the old one later, also under another shape', () => {
    expect(
      inPlace(({ a, b, given }) => {
        const next = relu(given);
        return { a: next, b: multiply(b, a) };
      }),
    ).toEqual(['b']);
    expect(
      inPlace(({ a, b, given }) => {
        const [view, next] = [reshape(a, [8, 1, 8]), relu(given)];
        return { a: next, b: multiply(b, reshape(relu(view), [8, 8])) };
      }),
    ).toEqual(['b']);
  });

  it('not by what reads numbers again after it has written some', () => {
    expect(inPlace(({ a, given }) => ({ a: matmul(a, given) }))).toEqual([]);
  });

  it('not where the old one becomes the content of another entry', () => {
    expect(inPlace(({ a, given }) => ({ a: add(a, given), b: a }))).toEqual([]);
    expect(inPlace(({ a, b }) => ({ a: b, b: a }))).toEqual([]);
    expect(inPlace(({ a, given }) => ({ a: relu(given), b: reshape(reshape(a, [64]), [8, 8]) }))).toEqual(['b']);
  });

  it('not where an output needs the new one before the guard is looked at', () => {
    const next = ({ a, given }: Parts) => multiply(a, given);
    expect(
      inPlace(
        (parts) => ({ a: next(parts) }),
        (parts) => ({ y: next(parts) }),
      ),
    ).toEqual([]);
    expect(
      inPlace(
        (parts) => ({ a: next(parts) }),
        (parts) => ({ y: relu(next(parts)) }),
      ),
    ).toEqual([]);
  });
});
