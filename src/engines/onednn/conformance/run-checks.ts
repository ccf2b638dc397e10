/** All checks on one library, training steps of small networks, and whether it has fast bfloat16. */
import { EngineError } from '../../../tensor/index.ts';
import type { Precision } from '../../engine.ts';
import { trials } from '../../trial/trial.ts';
import type { Layout, Library } from '../library/index.ts';
import { Session } from '../session.ts';
import { checks } from './checks.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { Workbench } from './workbench.ts';

/** Disposes of the library. A check that fails is an answer, not an error. `before` is told what is about to be tried. */
export async function runChecks(library: Library, before: (what: string) => void = () => {}): Promise<ProbeAnswer> {
  const { path, version } = library;
  try {
    const problem = tryPrimitives(library, before) ?? (await tryTraining(library, 'float32', before));
    if (problem !== undefined) return { path, problem: `${path} (${version}) cannot be used: ${problem}` };
    if (!hasFastBfloat16(library)) return { path, version, bfloat16: false };
    const bfloat16Problem = await tryTraining(library, 'bf16', before);
    const bfloat16 = bfloat16Problem === undefined;
    return { path, version, bfloat16, ...(!bfloat16 && { bfloat16Problem }) };
  } finally {
    library.dispose();
  }
}

/** What the first check that fails says. */
function tryPrimitives(library: Library, before: (what: string) => void): string | undefined {
  for (const [name, check] of checks) {
    const bench = new Workbench(library);
    before(name);
    try {
      check(bench);
    } catch (error) {
      return reasonOf(name, error);
    } finally {
      bench.dispose();
    }
  }
  return undefined;
}

/**
 * What the first network that fails says. On one thread: the checks above use all, and where other programs are busy, threads that wait for
 * each other take many times as long for such small maps.
 */
async function tryTraining(
  library: Library,
  precision: Precision,
  before: (what: string) => void,
): Promise<string | undefined> {
  library.setThreads(1);
  for (const trial of trials) {
    const session = new Session(library, precision);
    before(trial.name(precision));
    try {
      await trial.run(precision, () => {
        session.compile(new Map(Object.entries(trial.programs)));
        session.load(trial.start);
        return session;
      });
    } catch (error) {
      // one of ours names the network itself, and whether it was a step or a prediction
      return reasonOf(error instanceof EngineError ? undefined : trial.name(precision), error);
    } finally {
      session.dispose();
    }
  }
  return undefined;
}

/** What was tried, where that is not said, and what came of it; that it is oneDNN stands before it. */
const reasonOf = (what: string | undefined, error: unknown) =>
  `${what === undefined ? '' : `${what}: `}${(error as Error).message.replaceAll('onednn: ', '')}`;

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
