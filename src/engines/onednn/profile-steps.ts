/** What a program spends its time on, by kind of instruction. */
import { median } from '../../metrics/index.ts';
import type { InstructionTime } from '../engine.ts';
import type { Step as CompiledStep } from './compile/compile-program.ts';

type Step = Pick<CompiledStep, 'name' | 'run'>;

const warmup = 2;
const runs = 7;

/** Two parts of a program, and whether the second follows the first. */
export interface ProfiledSteps {
  readonly steps: readonly Step[];
  readonly updates: readonly Step[];
  keeps(): boolean;
}

/** Each step's median over the runs, summed by name; the slowest kind first. What never ran is left out. */
export function profileSteps({ steps, updates, keeps }: ProfiledSteps): InstructionTime[] {
  const times = new Map<Step, number[]>([...steps, ...updates].map((step) => [step, []]));
  for (let run = -warmup; run < runs; run++) {
    const timed = (step: Step) => {
      const began = performance.now();
      step.run();
      if (run >= 0) times.get(step)?.push(performance.now() - began);
    };
    steps.forEach(timed);
    if (keeps()) updates.forEach(timed);
  }
  const kinds = new Map<string, { milliseconds: number; calls: number }>();
  for (const [{ name }, taken] of times) {
    if (taken.length === 0) continue;
    const { milliseconds, calls } = kinds.get(name) ?? { milliseconds: 0, calls: 0 };
    kinds.set(name, { milliseconds: milliseconds + median(taken), calls: calls + 1 });
  }
  return [...kinds].map(([name, kind]) => ({ name, ...kind })).sort((a, b) => b.milliseconds - a.milliseconds);
}
