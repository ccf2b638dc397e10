import { describe, expect, it } from 'vitest';
import { softmax } from '../../metrics/index.ts';
import { Random } from '../../tensor/index.ts';
import { calibrated, type Labelled } from './calibrated.ts';

const classes = 4;

/** Logits three times as large as the labels, drawn with softmax(logits / 3), make them. */
function tooSure(images: number, seed: string): Labelled {
  const random = new Random(seed);
  const logits = Float32Array.from({ length: images * classes }, () => 6 * random.normal());
  const labels = Int32Array.from({ length: images }, (_, row) => {
    const own = Array.from(logits.subarray(row * classes, (row + 1) * classes), (logit) => logit / 3);
    return drawnFrom(softmax(own), random.uniform());
  });
  return { logits, labels, classes };
}

/** The class in whose part of [0, 1) `at` lies. */
function drawnFrom(probabilities: Float64Array, at: number): number {
  let below = 0;
  return probabilities.findIndex((probability) => {
    below += probability;
    return at < below;
  });
}

describe('calibrated', () => {
  const measured = tooSure(2000, 'measured');

  it('fits on other images and measures on these', () => {
    const source = { kind: 'other images', images: tooSure(1000, 'others'), name: '1000 validation images' } as const;
    const { before, after, temperature, origin } = calibrated(measured, source, 0);
    expect(temperature).toBeGreaterThan(2.5);
    expect(temperature).toBeLessThan(3.5);
    expect(origin).toBe('Fitted on 1000 validation images.');
    expect(before.ece).toBeGreaterThan(0.15);
    expect(before.ece).toBeGreaterThan(before.noise.high);
    expect(after?.ece).toBeLessThan(after?.noise.high as number);
    expect(after?.loss).toBeLessThan(before.loss);
  });

  it('fits and measures apart where there are no other images', () => {
    const { after, temperature, origin } = calibrated(measured, { kind: 'same images' }, 0);
    expect(origin).toContain('cross-fitted');
    // the temperature of all images would have the least loss that any has
    const whole = calibrated(measured, { kind: 'kept', temperature: temperature as number, origin: '' }, 0);
    expect(after?.loss).toBeGreaterThan(whole.after?.loss as number);
    expect(after?.ece).toBeLessThan(0.06);
    expect(calibrated(measured, { kind: 'same images' }, 0)).toEqual(calibrated(measured, { kind: 'same images' }, 0));
  });

  it('fits on 5,000 of many images, and scales all', () => {
    const { after, origin } = calibrated(tooSure(6500, 'many'), { kind: 'same images', reason: 'So it is.' }, 0);
    expect(origin).toMatch(/^So it is\. Fitted on 5000 of the measured images; the error after it is cross-fitted/);
    expect(after?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(6500);
    expect(after?.ece).toBeLessThan(0.05);
  });

  it('takes a temperature that was kept as it is', () => {
    const { temperature, after, before, origin } = calibrated(
      measured,
      { kind: 'kept', temperature: 1, origin: 'kept' },
      0,
    );
    expect([temperature, origin]).toEqual([1, 'kept']);
    expect(after).toEqual(before);
  });

  it('says why there is no temperature', () => {
    const few = calibrated(tooSure(19, 'few'), { kind: 'same images' }, 0);
    expect(few).toMatchObject({ after: undefined, temperature: undefined });
    expect(few.origin).toBe('No temperature: 19 images are too few to fit one.');
    const labels = new Int32Array(40);
    const allRight = { logits: Float32Array.from({ length: 80 }, (_, i) => (i % 2 ? 0 : 4)), labels, classes: 2 };
    expect(calibrated(allRight, { kind: 'same images' }, 0).origin).toMatch(
      /^No temperature: on the measured images the loss has no minimum/,
    );
  });
});
