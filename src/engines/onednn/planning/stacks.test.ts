import { describe, expect, it } from 'vitest';
import { type Hand, smallProgram, unitsOf } from '../../../../tests/small-program.ts';
import { batchStatistics, concat, conv2d, Graph, normalise, type Pair, relu, type Value } from '../../../ir/index.ts';
import type { Stretch } from './place.ts';
import { readersOf } from './readers.ts';
import { Stacks } from './stacks.ts';

interface Reading {
  readonly kernel?: number;
  readonly stride?: Pair;
  readonly groups?: number;
  readonly norm?: boolean;
}

/** A convolution of `x`, as dense layers read what is joined: through a batch norm and a rectifier, pixel by pixel. */
function read(
  { entry, constant }: Hand,
  name: string,
  x: Value,
  { kernel = 1, stride = [1, 1], groups = 1, norm = true }: Reading = {},
): Value {
  const channels = x.type.shape[1] as number;
  const { mean, variance } = batchStatistics(x);
  const scaled = () =>
    relu(normalise(x, mean, variance, entry(`${name}.weight`, channels), entry(`${name}.bias`, channels), 1e-5));
  const weight = constant(16, channels / groups, kernel, kernel);
  const padding: Pair = [(kernel - 1) / 2, (kernel - 1) / 2];
  return conv2d(norm ? scaled() : x, weight, { stride, padding, groups });
}

/** What is planned for the joins that `build` makes. */
function planned(build: (hand: Hand, maps: Value[]) => readonly Value[], shape: readonly number[] = [2, 16, 4, 4]) {
  let joins: readonly Value[] = [];
  const program = smallProgram((hand) => {
    joins = build(
      hand,
      ['a', 'b', 'c'].map((name) => hand.input(name, ...shape)),
    );
    return { outputs: Object.fromEntries(joins.map((join, i) => [`y${i}`, read(hand, `last${i}`, join)])) };
  });
  return plannedIn(program, joins);
}

function plannedIn(program: ReturnType<typeof smallProgram>, joins: readonly Value[]) {
  const units = unitsOf(program);
  const readers = readersOf(units);
  const stacks = new Stacks(units, (value) => readers.get(value) ?? [], 16);
  return joins.map((join) => stacks.planned(join));
}

/** The same for one join, read once. */
function plannedWhereRead(reading: Reading, axis = 1, shape: readonly number[] = [2, 16, 4, 4]) {
  let join: Value | undefined;
  const program = smallProgram((hand) => {
    join = concat(
      ['a', 'b'].map((name) => hand.input(name, ...shape)),
      axis,
    );
    return { outputs: { y: read(hand, 'it', join, reading) } };
  });
  return plannedIn(program, [join as Value])[0];
}

describe('images are stacked', () => {
  it('where maps are joined for a convolution of single pixels behind a batch norm', () => {
    expect(plannedWhereRead({})).toBe(32);
  });

  it('with room for all that is joined behind them later', () => {
    expect(
      planned((hand, [a, b, c]) => {
        const one = concat([a as Value, b as Value]);
        const two = concat([one, read(hand, 'layer', one)]);
        return [one, two, concat([two, c as Value])];
      }),
    ).toEqual([64, 64, 64]);
  });

  it('in a chain of their own where what was joined does not come first', () => {
    expect(
      planned((_, [a, b, c]) => {
        const one = concat([a as Value, b as Value]);
        return [one, concat([c as Value, one])];
      }),
    ).toEqual([32, 48]);
  });

  it('also for the last join of a chain, whoever reads it', () => {
    let joins: Value[] = [];
    const program = smallProgram((hand) => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => hand.input(name, 2, 16, 4, 4)) as [Value, Value, Value];
      const one = concat([a, b]);
      joins = [one, concat([one, c])];
      return { outputs: { y: read(hand, 'y', one), z: relu(joins[1] as Value) } };
    });
    expect(plannedIn(program, joins)).toEqual([48, 48]);
  });

  it('not where a convolution looks around, skips pixels or works in groups', () => {
    expect(plannedWhereRead({ kernel: 3 })).toBeUndefined();
    expect(plannedWhereRead({ stride: [2, 2] })).toBeUndefined();
    expect(plannedWhereRead({ groups: 2 })).toBeUndefined();
  });

  it('not where no batch norm stands between', () => {
    expect(plannedWhereRead({ norm: false })).toBeUndefined();
  });

  it('not of one image, of pieces of blocks, or along another axis', () => {
    expect(plannedWhereRead({}, 1, [1, 16, 4, 4])).toBeUndefined();
    expect(plannedWhereRead({}, 1, [2, 12, 4, 4])).toBeUndefined();
    expect(plannedWhereRead({}, 2)).toBeUndefined();
  });
});

it('goes on in the same memory only where the last join ended', () => {
  const stacks = new Stacks([], () => [], 16);
  const stretch: Stretch = { bytes: 64, isFixed: false };
  const stack = { stretch, channels: 0 };
  const graph = new Graph({ training: true });
  const [one, two] = [32, 48].map((channels) =>
    graph.input(`x${channels}`, { dtype: 'float32', shape: [2, channels, 4, 4] }),
  ) as [Value, Value];
  stacks.keep(one, stack, 32);
  expect(stacks.goingOn({ value: one, channels: 32 })).toBe(stack);
  expect(stacks.goingOn({ value: one, channels: 28 })).toBeUndefined();
  stacks.keep(two, stack, 48);
  expect(stacks.goingOn({ value: one, channels: 32 })).toBeUndefined();
  expect(stacks.goingOn({ value: two, channels: 48 })).toBe(stack);
  expect(stacks.isStack(stretch)).toBe(true);
});
