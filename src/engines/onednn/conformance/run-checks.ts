/** All checks on one library, and whether it has fast bfloat16. */
import type { Layout, Library } from '../library/index.ts';
import { checks } from './checks.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { Workbench } from './workbench.ts';

/** Disposes of the library. A check that fails is an answer, not an error. */
export function runChecks(library: Library): ProbeAnswer {
  const { path, version } = library;
  try {
    for (const [name, check] of checks) {
      const bench = new Workbench(library);
      try {
        check(bench);
      } catch (error) {
        return { path, problem: `${path} (${version}) cannot be used: ${name}: ${(error as Error).message}` };
      } finally {
        bench.dispose();
      }
    }
    return { path, version, bfloat16: hasFastBfloat16(library) };
  } finally {
    library.dispose();
  }
}

/**
 * Plain loops, and products of matrices over unfolded images; and `avx512_core` without a further name, which has no instruction for
 * bfloat16 and imitates it at a third of float32's speed.
 */
const slow = /ref|gemm|:avx512_core$/;

/** Whether the processor has instructions for convolutions in bfloat16, and the library uses them. */
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
    return [forward, data, byWeights].every(({ implementation }) => !slow.test(implementation));
  } catch {
    return false;
  }
}
