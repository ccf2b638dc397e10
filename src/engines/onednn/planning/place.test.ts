import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf, leastBytes, type Schedule } from '../../../../tests/memory-plan.ts';
import { type Node, type OpDefinition, ops, type Program, type Value } from '../../../ir/index.ts';
import { findModel } from '../../../models/index.ts';
import { sgd } from '../../../optimisers/index.ts';
import { stepProgram } from '../../../step/index.ts';
import { Random, sizeOf } from '../../../tensor/index.ts';
import { padPrograms } from './padding/pad-program.ts';
import { type Access, type Located, place, type Stretch } from './place.ts';
import { planUnits } from './plan-units.ts';
import type { NodeUnit, Unit } from './units.ts';
import { updatesInPlace } from './updates.ts';

const planned = (schedule: Schedule) => place(schedule.accesses, schedule.kept, schedule.given);
const temporary = (bytes: number): Located => ({ stretch: { bytes, isFixed: false } });
const access = (reads: Located[], writes: Located[], more: Partial<Access> = {}): Access => ({
  reads,
  writes,
  scratch: [],
  ...more,
});

describe('two results share bytes', () => {
  const [a, b, c, d] = [100, 200, 100, 200].map(temporary) as [Located, Located, Located, Located];
  const chain = (more: Partial<Access> = {}) => [
    access([], [a]),
    access([a], [b]),
    access([b], [c], more),
    access([c], [d]),
  ];
  const offsetsOf = (accesses: Access[], kept: Located[] = []) => {
    const { offsets, bytes } = place(accesses, kept, []);
    return { bytes, at: [a, b, c, d].map(({ stretch }) => offsets.get(stretch)) };
  };

  it('where one is read for the last time before the other is written', () => {
    expect(offsetsOf(chain())).toEqual({ bytes: 384, at: [256, 0, 256, 0] });
  });

  it('not where one is written while the other is read, or kept to the end', () => {
    expect(offsetsOf(chain(), [a])).toEqual({ bytes: 512, at: [256, 0, 384, 0] });
    expect(offsetsOf([access([], [a]), access([a], [c])]).at.slice(0, 3)).toEqual([0, undefined, 128]);
  });

  it('where the second takes the place of the first', () => {
    expect(offsetsOf(chain({ inPlace: 0 })).at).toEqual([256, 0, 0, 256]);
  });

  it('not where the first is read later, is fixed, is a part, or is smaller', () => {
    const later = [...chain({ inPlace: 0 }), access([b], [])];
    expect(offsetsOf(later).at[2]).not.toBe(offsetsOf(later).at[1]);
    const fixed: Located = { stretch: { bytes: 200, isFixed: true } };
    expect(offsetsOf([access([fixed], [c], { inPlace: 0 })]).at[2]).toBe(0);
    const part = { ...b, offset: 64 };
    const ofPart = offsetsOf([access([], [b]), access([part], [c], { inPlace: 0 })]);
    expect(ofPart.at[2]).not.toBe(ofPart.at[1]);
    const grown = offsetsOf([access([], [a]), access([a], [b], { inPlace: 0 })]);
    expect(grown.at[1]).not.toBe(grown.at[0]);
  });

  it('never with scratch that is needed at the same time', () => {
    const room = temporary(64);
    const accesses = [access([], [a]), access([a], [b], { scratch: [room] })];
    const placement = place(accesses, [], []);
    expect(faultsOf({ accesses, kept: [], given: [] }, placement)).toEqual([]);
    expect(placement.bytes).toBe(128 + 256 + 64);
  });
});

interface Drawn {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly scratch: number;
  readonly inPlace: boolean;
}

/** Accesses that read what was written before, counted back from the newest. */
function scheduleFrom(given: readonly number[], drawn: readonly Drawn[], keeps: readonly number[]): Schedule {
  const inputs = given.map(temporary);
  const there = [...inputs];
  const newest = (back: number) => there[there.length - 1 - (back % there.length)] as Located;
  const accesses = drawn.map(({ reads, writes, scratch, inPlace }): Access => {
    const from = there.length === 0 ? [] : reads.map(newest);
    const to = writes.map(temporary);
    there.push(...to);
    return {
      reads: from,
      writes: to,
      scratch: scratch > 0 ? [temporary(scratch)] : [],
      ...(inPlace && from.length > 0 && { inPlace: 0 }),
    };
  });
  return { accesses, given: inputs, kept: [...inputs, ...(there.length === 0 ? [] : keeps.map(newest))] };
}

describe('random schedules', () => {
  const bytes = fc.oneof(fc.integer({ min: 4, max: 5000 }), fc.constantFrom(64, 128, 256, 4096));
  const drawn = fc.record({
    reads: fc.array(fc.nat(12), { maxLength: 3 }),
    writes: fc.array(bytes, { minLength: 1, maxLength: 3 }),
    scratch: fc.oneof(fc.constant(0), bytes),
    inPlace: fc.boolean(),
  });
  const schedule = fc
    .tuple(
      fc.array(bytes, { maxLength: 3 }),
      fc.array(drawn, { maxLength: 40 }),
      fc.array(fc.nat(40), { maxLength: 3 }),
    )
    .map(([given, accesses, keeps]) => scheduleFrom(given, accesses, keeps));

  it('never have two results in the same bytes while both are alive', () => {
    fc.assert(
      fc.property(schedule, (one) => {
        const placement = planned(one);
        expect(faultsOf(one, placement)).toEqual([]);
        expect(placement.bytes).toBeGreaterThanOrEqual(leastBytes(one));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('need at most a tenth more than the least in nine of ten, and a fifth in all, where what is made first is read last', () => {
    const random = new Random('schedules');
    const size = () => 64 * (1 + random.integer(2000));
    const ratios: number[] = [];
    for (let round = 0; round < 200; round++) {
      const maps = Array.from({ length: 2 + random.integer(40) }, () => temporary(size()));
      const accesses: Access[] = maps.map((map, i) =>
        access(i === 0 ? [] : [maps[i - 1] as Located], [map], { scratch: [temporary(size() / 4)] }),
      );
      let gradient = temporary((maps.at(-1) as Located).stretch.bytes);
      accesses.push(access([maps.at(-1) as Located], [gradient]));
      for (const map of maps.toReversed()) {
        const next = temporary(map.stretch.bytes);
        accesses.push(access([map, gradient], [next], random.integer(2) === 0 ? { inPlace: 1 } : {}));
        gradient = next;
      }
      const one: Schedule = { accesses, given: [], kept: [gradient] };
      const placement = planned(one);
      expect(faultsOf(one, placement)).toEqual([]);
      ratios.push(placement.bytes / leastBytes(one));
    }
    const sorted = ratios.toSorted((a, b) => a - b);
    expect(sorted[180]).toBeLessThanOrEqual(1.1);
    // sizes that nothing relates leave gaps
    expect(sorted.at(-1)).toBeLessThanOrEqual(1.2);
  });
});

const elementwise: ReadonlySet<OpDefinition> = new Set([
  ops.add,
  ops.subtract,
  ops.multiply,
  ops.relu,
  ops.reluGradient,
] as OpDefinition[]);

/** What a program's units read and write, each tensor in float32 and once. */
function scheduleOf(program: Program): Schedule {
  const { early, late } = planUnits(program, 16);
  const places = new Map<Value, Located>();
  const placeOf = (value: Value): Located => {
    const known = places.get(value);
    if (known) return known;
    const isFixed = value.source.kind === 'state' || value.source.kind === 'constant';
    const made = { stretch: { bytes: 4 * sizeOf(value.type.shape), isFixed } satisfies Stretch };
    places.set(value, made);
    return made;
  };
  for (const [value, entry] of updatesInPlace(program, late)) places.set(value, placeOf(entry));
  const given = [...program.graph.inputs.values()].map(placeOf);
  const accesses = [...early, ...late].flatMap((unit) => {
    const node = nodeOf(unit);
    if (node?.op.isView) {
      places.set(node.outputs[0] as Value, placeOf(node.inputs[0] as Value));
      return [];
    }
    const isInPlace = node !== undefined && elementwise.has(node.op);
    return [access(unit.inputs.map(placeOf), unit.outputs.map(placeOf), isInPlace ? { inPlace: 0 } : {})];
  });
  for (const [name, value] of program.updates)
    accesses.push(access([placeOf(value)], [placeOf(program.graph.state.get(name) as Value)]));
  const results = [...program.outputs.values(), ...(program.guard ? [program.guard] : [])];
  return { accesses, given, kept: [...given, ...results.map(placeOf)] };
}

const nodeOf = (unit: Unit): Node | undefined => (unit.kind === 'node' ? (unit as NodeUnit).node : undefined);

describe("a network's training step", () => {
  it.each([
    ['resnet20', 32, 10, 128],
    ['densenet-bc100-k12', 32, 10, 64],
    ['resnet50', 224, 1000, 16],
    ['densenet121', 224, 1000, 16],
  ] as const)('%s has a plan without faults, at most a tenth above the least', (name, side, classes, batchSize) => {
    const image = { channels: 3, height: side, width: side };
    const step = stepProgram({ network: findModel(name), image, classes, batchSize, optimiser: sgd() });
    const schedule = scheduleOf(padPrograms(new Map([['step', step]]), 16).padded.get('step') as Program);
    const placement = planned(schedule);
    expect(faultsOf(schedule, placement)).toEqual([]);
    expect(placement.bytes / leastBytes(schedule)).toBeLessThanOrEqual(1.1);
  });
});
