import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../engines/evaluator/evaluate.ts';
import { defineProgram, Graph, pad, slice, type Value } from '../index.ts';

interface Axis {
  readonly extent: number;
  readonly before: number;
  readonly after: number;
  readonly between: number;
}

const axis: fc.Arbitrary<Axis> = fc.record({
  extent: fc.integer({ min: 1, max: 4 }),
  before: fc.integer({ min: 0, max: 3 }),
  after: fc.integer({ min: 0, max: 3 }),
  between: fc.integer({ min: 0, max: 2 }),
});
const axes = fc.array(axis, { minLength: 1, maxLength: 4 });

const empty = new Map<string, never>();

/** The outputs of a small program on x = 1, 2, 3, …. */
function run(shape: readonly number[], build: (x: Value) => Record<string, Value>) {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape });
  const outputs = new Map(Object.entries(build(x)));
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: size }, (_, i) => i + 1);
  const program = defineProgram({ name: 'p', graph, outputs, updates: new Map() });
  return { data, outputs: evaluate(program, new Map([['x', { shape, data }]]), empty).outputs };
}

test('slicing what padding put around and between gives the tensor back, and only zeros were added', () => {
  fc.assert(
    fc.property(axes, (list) => {
      const shape = list.map(({ extent }) => extent);
      const { data, outputs } = run(shape, (x) => {
        const padded = pad(x, {
          before: list.map(({ before }) => before),
          after: list.map(({ after }) => after),
          between: list.map(({ between }) => between),
        });
        const back = slice(padded, {
          axes: list.map((_, i) => i),
          starts: list.map(({ before }) => before),
          stops: list.map(({ extent, before, between }) => before + (extent - 1) * (between + 1) + 1),
          steps: list.map(({ between }) => between + 1),
        });
        return { padded, back };
      });
      expect(outputs.get('back')).toEqual({ shape, data });
      expect(outputs.get('padded')?.shape).toEqual(
        list.map(({ extent, before, after, between }) => before + extent + (extent - 1) * between + after),
      );
      expect(outputs.get('padded')?.data.filter((v) => v !== 0)).toEqual(data);
    }),
  );
});

test('a slice holds exactly the elements that its starts, stops and steps name', () => {
  const box = fc.integer({ min: 1, max: 6 }).chain((extent) =>
    fc.integer({ min: 0, max: extent - 1 }).chain((start) =>
      fc.record({
        extent: fc.constant(extent),
        start: fc.constant(start),
        stop: fc.integer({ min: start + 1, max: extent }),
        step: fc.integer({ min: 1, max: 4 }),
      }),
    ),
  );
  fc.assert(
    fc.property(fc.tuple(box, box), ([rows, columns]) => {
      const { outputs } = run([rows.extent, columns.extent], (x) => ({
        y: slice(x, {
          axes: [1, 0],
          starts: [columns.start, rows.start],
          stops: [columns.stop, rows.stop],
          steps: [columns.step, rows.step],
        }),
      }));
      const expected: number[] = [];
      for (let i = rows.start; i < rows.stop; i += rows.step)
        for (let j = columns.start; j < columns.stop; j += columns.step) expected.push(i * columns.extent + j + 1);
      expect(Array.from(outputs.get('y')?.data ?? [])).toEqual(expected);
    }),
  );
});

test('a slice or padding that changes nothing is the value itself', () => {
  const x = new Graph({ training: false }).input('x', { dtype: 'float32', shape: [2, 3] });
  expect(slice(x, { axes: [1], starts: [0], stops: [3] })).toBe(x);
  expect(pad(x, { before: [0, 0], after: [0, 0] })).toBe(x);
});
