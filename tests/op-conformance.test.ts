/** Every op and sample: the truth against central differences, and every engine against the truth. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Executable, evaluate } from '../src/engines/index.ts';
import type { Array64, Program } from '../src/ir/index.ts';
import { ops } from '../src/ir/index.ts';
import { Random, sizeOf } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';
import { type OpCase, opCases } from './op-samples.ts';
import { widen } from './widen.ts';

const cases = opCases();
const none = new Map<string, Array64>();

describe.each(Object.values(ops))('$name', (op) => {
  it('has a sample, and a rule for each input', () => {
    expect(op.samples.length).toBeGreaterThan(0);
    expect(Object.keys(op.gradient)).toEqual([...op.inputs]);
  });
});

describe.each(cases)('$name', ({ inputs, deviations, forward, backward }) => {
  it('computes as many elements as its inferred types say', () => {
    const { outputs } = evaluate(forward, widen(inputs), none);
    for (const [name, { type }] of forward.outputs) {
      expect(outputs.get(name)?.shape).toEqual(type.shape);
      expect(outputs.get(name)?.data.length).toBe(sizeOf(type.shape));
      expect(outputs.get(name)?.data.every(Number.isFinite)).toBe(true);
    }
  });

  it.runIf(backward)('has the gradient that central differences show', () => {
    const program = backward as Program;
    const random = new Random('direction');
    const at = widen(inputs);
    const found = evaluate(program, at, none).outputs;
    const differentiated = [...program.outputs.keys()]
      .filter((name) => name !== 'loss')
      .map((name) => `x${name.slice(1)}`);
    const direction = new Map(
      differentiated.map((name) => {
        const scale = deviations.get(name) as number;
        return [name, at.get(name)?.data.map(() => scale * random.normal()) as Float64Array];
      }),
    );
    const lossAt = (step: number): number => {
      const moved = new Map(at);
      for (const [name, along] of direction) {
        const { shape, data } = at.get(name) as Array64;
        moved.set(name, { shape, data: data.map((v, i) => v + step * (along[i] as number)) });
      }
      return evaluate(program, moved, none).outputs.get('loss')?.data[0] as number;
    };
    const h = 1e-4;
    // fourth-order central difference
    const slope = (8 * (lossAt(h) - lossAt(-h)) - (lossAt(2 * h) - lossAt(-2 * h))) / (12 * h);
    let claimed = 0;
    for (const [name, along] of direction)
      found.get(`d${name.slice(1)}`)?.data.forEach((d, i) => {
        claimed += d * (along[i] as number);
      });
    // the loss is rounded too, and the difference divides that by h
    const rounding = (Math.abs(lossAt(0)) * 1e-14) / h;
    expect([claimed]).toBeClose([slope], { relative: 1e-6, absolute: 1e-9 + rounding });
  });
});

describe.each(enginesHere)('$name', (engine) => {
  let executable: Executable;
  const entries = cases.flatMap((c): [string, OpCase, Program][] => [
    [`${c.name} forward`, c, c.forward],
    ...(c.backward ? [[`${c.name} backward`, c, c.backward] as [string, OpCase, Program]] : []),
  ]);
  beforeAll(async () => {
    executable = await engine.compile(Object.fromEntries(entries.map(([name, , program]) => [name, program])));
  });
  afterAll(() => executable.dispose());

  it.each(entries)('agrees with the evaluator on %s', async (name, { inputs, absolute }, program) => {
    const expected = evaluate(program, widen(inputs), none).outputs;
    const given = await executable.run(name, inputs);
    for (const [output, { data }] of expected)
      expect(given.get(output)?.data).toBeClose(data, { relative: 1e-5, absolute });
  });
});
