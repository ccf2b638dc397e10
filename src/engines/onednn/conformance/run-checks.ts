/** All checks on one library, and whether it has fast bfloat16. */
import type { Layout, Library } from '../library/index.ts';
import { checks } from './checks.ts';
import type { ProbeAnswer } from './probe.ts';
import { Workbench } from './workbench.ts';

/** Disposes of the library. Never throws. */
export function runChecks(library: Library): ProbeAnswer {
  try {
    for (const [name, check] of checks) {
      const bench = new Workbench(library);
      try {
        check(bench);
      } catch (error) {
        return { usable: false, problem: `${name}: ${(error as Error).message}` };
      } finally {
        bench.dispose();
      }
    }
    return { usable: true, bfloat16: hasFastBfloat16(library) };
  } finally {
    library.dispose();
  }
}

/** Whether convolutions in bfloat16 have code of their own here: the library also has one that emulates them in plain loops. */
function hasFastBfloat16(library: Library): boolean {
  const any = (dims: readonly number[]): Layout => library.layout(dims, 'bf16', 'any');
  const window = { strides: [1, 1], padding: { before: [1, 1], after: [1, 1] } };
  const [x, weights] = [any([2, 32, 8, 8]), any([32, 32, 3, 3])];
  try {
    const forward = library.create({
      kind: 'convolution',
      pass: 'forwardTraining',
      src: x,
      weights,
      dst: x,
      ...window,
    });
    const data = library.create({
      kind: 'convolution',
      pass: 'backwardData',
      diffSrc: x,
      weights,
      diffDst: x,
      forward,
      ...window,
    });
    const byWeights = library.create({
      kind: 'convolution',
      pass: 'backwardWeights',
      src: x,
      diffWeights: weights,
      diffDst: x,
      forward,
      ...window,
    });
    return [forward, data, byWeights].every(({ implementation }) => !/ref|gemm/.test(implementation));
  } catch {
    return false;
  }
}
