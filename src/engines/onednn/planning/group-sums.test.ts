import { describe, expect, it } from 'vitest';
import { type Hand, namesOf, smallProgram, unitOfKind } from '../../../../tests/small-program.ts';
import { gradients } from '../../../autodiff/index.ts';
import { add, batchStatistics, multiply, normalise, subtract, sum, type Value } from '../../../ir/index.ts';
import type { ScaledSum } from './group-sums.ts';

const shape = [16, 8, 3, 3];

interface Parts extends Hand {
  readonly weight: Value;
  readonly momentum: Value;
  readonly gradient: Value;
  readonly rate: Value;
}

const program = (
  build: (parts: Parts) => Record<string, Value>,
  outputs: (parts: Parts) => Record<string, Value> = () => ({}),
  of = shape,
) =>
  smallProgram((hand) => {
    const [weight, momentum] = [hand.entry('weight', ...of), hand.entry('momentum', ...of)];
    const parts = { ...hand, weight, momentum, gradient: hand.input('gradient', ...of), rate: hand.input('rate') };
    return { updates: build(parts), outputs: outputs(parts) };
  });

const decayed = ({ weight, gradient }: Parts) => add(gradient, multiply(weight, 1e-4));
const next = (parts: Parts) => add(multiply(parts.momentum, 0.9), decayed(parts));
const terms = ({ terms: all }: ScaledSum) =>
  all.map(({ value: { source }, factor, scalar }) => [
    source.kind === 'node' ? source.node.op.name : source.kind === 'constant' ? 'constant' : source.name,
    Math.round(factor * 1e6) / 1e6,
    ...(scalar ? ['·'] : []),
  ]);

describe('new state that is a sum', () => {
  it('is one unit, however many steps it is written in', () => {
    const momentum = program((parts) => ({ momentum: next(parts) }));
    expect(namesOf(momentum)).toEqual(['scaledSum']);
    expect(terms(unitOfKind<ScaledSum>(momentum, 'scaledSum'))).toEqual([
      ['momentum', 0.9],
      ['gradient', 1],
      ['weight', 0.0001],
    ]);
  });

  it('may add its own entry and something times a number known at run time', () => {
    const weight = program((parts) => ({ weight: subtract(parts.weight, multiply(parts.gradient, parts.rate)) }));
    expect(namesOf(weight)).toEqual(['scaledSum']);
    expect(terms(unitOfKind<ScaledSum>(weight, 'scaledSum'))).toEqual([
      ['weight', 1],
      ['gradient', -1, '·'],
    ]);
  });

  it('reads a part of it that something else reads, or that is an output', () => {
    const read = program(
      (parts) => ({ momentum: next(parts) }),
      (parts) => ({ y: multiply(decayed(parts), 2) }),
    );
    const output = program(
      (parts) => ({ momentum: next(parts) }),
      (parts) => ({ y: decayed(parts) }),
    );
    for (const shared of [read, output]) {
      expect(namesOf(shared).filter((name) => name === 'scaledSum')).toHaveLength(1);
      expect(terms(unitOfKind<ScaledSum>(shared, 'scaledSum'))).toEqual([
        ['momentum', 0.9],
        ['add', 1],
      ]);
    }
  });
});

describe('no sum is seen', () => {
  it('in vectors, which are small', () => {
    const vector = program((parts) => ({ momentum: next(parts) }), undefined, [16]);
    expect(namesOf(vector)).not.toContain('scaledSum');
  });

  it('in a multiple, a product, or what no state becomes', () => {
    expect(namesOf(program(({ weight }) => ({ weight: multiply(weight, 0.5) })))).toEqual(['multiply']);
    expect(namesOf(program(({ weight, gradient }) => ({ weight: multiply(weight, gradient) })))).toEqual(['multiply']);
    expect(
      namesOf(
        program(
          () => ({}),
          (parts) => ({ y: next(parts) }),
        ),
      ),
    ).not.toContain('scaledSum');
  });

  it('with a number known at run time before its own entry, beside another entry, or twice', () => {
    const turned = program(({ weight, gradient, rate }) => ({ weight: subtract(multiply(gradient, rate), weight) }));
    const other = program(({ momentum, gradient, rate }) => ({ weight: add(momentum, multiply(gradient, rate)) }));
    const twice = program(({ weight, gradient, rate }) => ({
      weight: add(multiply(weight, rate), multiply(gradient, rate)),
    }));
    const three = program(({ weight, momentum, gradient, rate }) => ({
      weight: add(add(weight, momentum), multiply(gradient, rate)),
    }));
    for (const one of [turned, other, twice, three]) expect(namesOf(one)).not.toContain('scaledSum');
  });

  it('of unequal shapes', () => {
    const spread = program(({ weight, constant }) => ({ weight: add(weight, constant(16, 1, 1, 1)) }));
    expect(namesOf(spread)).toEqual(['add']);
  });

  it("inside a batch norm's gradient", () => {
    const image = smallProgram(({ input, entry }) => {
      const x = entry('x', 2, 16, 4, 4);
      const { mean, variance } = batchStatistics(x);
      const y = normalise(x, mean, variance, entry('weight', 16), entry('bias', 16), 1e-5);
      const [dx] = gradients(sum(multiply(y, input('target', 2, 16, 4, 4))), [x]) as [Value];
      return { updates: { x: subtract(x, multiply(dx, 0.5)) } };
    });
    expect(namesOf(image)).toContain('normalisationGradient');
    expect(terms(unitOfKind<ScaledSum>(image, 'scaledSum'))).toEqual([
      ['x', 1],
      ['add', -0.5],
    ]);
  });
});
