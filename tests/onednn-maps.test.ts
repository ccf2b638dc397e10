/** Thousands of random shapes: what oneDNN computes on maps, and their gradients, against the evaluator. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../src/engines/index.ts';
import { type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { enginesHere } from './engines-here.ts';
import {
  convolution,
  convolutionCase,
  joining,
  joiningCase,
  normalisation,
  normalisationCase,
  opened,
  openedCase,
  packing,
  packingCase,
  pooling,
  poolingCase,
  repetition,
  repetitionCase,
  type Sampled,
  shortcut,
  shortcutCase,
} from './random-maps.ts';

const library = enginesHere.some(({ name }) => name === 'onednn') ? ((await openLibrary()) as Library) : undefined;
afterAll(() => library?.dispose());

/** @throws where an output differs from the evaluator's by more than float32 explains */
function expectAgreement({ program, inputs }: Sampled, relative: number, threads: number): void {
  library?.setThreads(threads);
  const session = new Session(library as Library);
  try {
    session.compile(new Map([['sample', program]]));
    const wide = [...inputs].map(
      ([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data as Float32Array) }] as const,
    );
    const expected = evaluate(program, new Map(wide), new Map()).outputs;
    // twice: what the first run left in memory must not matter
    for (let run = 0; run < 2; run++) {
      const given = session.run('sample', inputs);
      for (const [name, { data }] of expected) {
        // what cancels out leaves rounding errors of the size of its parts, which are about 1
        const largest = data.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
        expect(given.get(name)?.data).toBeClose(data, { relative, absolute: relative * Math.max(largest, 1) });
      }
    }
  } finally {
    session.dispose();
  }
}

describe.runIf(library)('oneDNN agrees with the evaluator, forward and backward, on', () => {
  // on busy cores two threads wait for each other: one case in thirty has them
  const threads = fc.integer({ min: 0, max: 29 }).map((draw) => (draw === 29 ? 2 : 1));
  // a failure prints the seed and the smallest case that it found
  const check = <Case>(numRuns: number, cases: fc.Arbitrary<Case>, sample: (of: Case) => Sampled, relative = 1e-5) =>
    fc.assert(
      fc.property(cases, threads, (of, count) => expectAgreement(sample(of), relative, count)),
      { numRuns, seed: 2026 },
    );

  it('900 convolutions', () => check(900, convolutionCase, convolution));
  it('500 poolings', () => check(500, poolingCase, pooling));
  it('350 batch norms', () => check(350, normalisationCase, normalisation, 1e-4));
  it('100 batch norms whose parts are outputs too', () => check(100, openedCase, opened, 1e-4));
  it('100 joined and cut maps', () => check(100, joiningCase, joining));
  it('100 maps joined without gaps', () => check(100, packingCase, packing));
  it('300 maps with what repeats', () => check(300, repetitionCase, repetition));
  it('150 shortcuts without parameters', () => check(150, shortcutCase, shortcut));
});
