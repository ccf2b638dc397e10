import { describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../tests/onednn-here.ts';
import { add, defineProgram, Graph } from '../../ir/index.ts';
import { tensor } from '../../tensor/index.ts';
import { onednn, onnxruntime } from '../index.ts';
import { profileSteps } from './profile-steps.ts';

const absent = !oneDnnHere;

describe('the profile of a program', () => {
  it('sums steps of one name, and counts them', () => {
    const ran: string[] = [];
    const step = (name: string, turns: number) => ({
      name,
      run: () => {
        let sum = 0;
        for (let i = 0; i < turns; i++) sum += Math.sqrt(i);
        ran.push(`${name} ${sum > 0}`);
      },
    });
    const found = profileSteps({
      steps: [step('little', 10), step('much', 1e6), step('little', 10)],
      updates: [step('update', 10)],
      keeps: () => true,
    });
    expect(found[0]?.name).toBe('much');
    expect(Object.fromEntries(found.map(({ name, calls }) => [name, calls]))).toEqual({
      little: 2,
      much: 1,
      update: 1,
    });
    expect(ran.slice(0, 4)).toEqual(['little true', 'much true', 'little true', 'update true']);
  });

  it('leaves the updates out where the guard forbids them', () => {
    const step = (name: string) => ({ name, run: () => {} });
    const found = profileSteps({ steps: [step('a')], updates: [step('b')], keeps: () => false });
    expect(found.map(({ name }) => name)).toEqual(['a']);
  });

  /** total ← total + x */
  function accumulate() {
    const graph = new Graph({ training: true });
    const x = graph.input('x', { dtype: 'float32', shape: [2] });
    const total = graph.entry('total', [2], 'parameter', () => new Float32Array(2));
    const y = add(total, x);
    return defineProgram({ name: 'accumulate', graph, outputs: new Map([['y', y]]), updates: new Map([['total', y]]) });
  }
  const vector = (...numbers: number[]) => tensor('float32', [numbers.length], Float32Array.from(numbers));

  it.skipIf(absent)('comes from an executable that has run, and whose state has moved', async () => {
    const executable = await onednn.compile({ accumulate: accumulate() }, { threads: 1 });
    try {
      const inputs = new Map([['x', vector(1, 1)]]);
      await expect(executable.profile?.('accumulate', inputs)).rejects.toThrow('profile accumulate: load() the state');
      await executable.load(new Map([['total', vector(0, 10)]]));
      const found = (await executable.profile?.('accumulate', inputs)) ?? [];
      expect(found.length).toBeGreaterThan(0);
      const [moved, other] = Array.from((await executable.read()).get('total')?.data ?? [], Number) as [number, number];
      expect(moved).toBeGreaterThan(1);
      expect(other - moved).toBe(10);
    } finally {
      await executable.dispose();
    }
  });

  it('is not offered by an engine that does not see its instructions', async () => {
    const executable = await onnxruntime.compile({ accumulate: accumulate() }, { threads: 1 });
    expect(executable.profile).toBeUndefined();
    await executable.dispose();
  });
});
