import { describe, expect, it } from 'vitest';
import { Random } from '../tensor/index.ts';
import { answerRows, fitTemperature, meanOf, softmax } from './index.ts';

/** Logits of `rows` images, and labels drawn as softmax(logits / temperature) says. */
function drawn(rows: number, classes: number, temperature: number, seed = 0) {
  const random = new Random(`temperature ${seed}`);
  const logits = Float64Array.from({ length: rows * classes }, () => 4 * random.normal());
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes).map((logit) => logit / temperature);
    return drawnFrom(softmax(own), random.uniform());
  });
  return { logits, labels };
}

/** The class in whose part of [0, 1) `at` lies. */
function drawnFrom(probabilities: Float64Array, at: number): number {
  let below = 0;
  return probabilities.findIndex((probability) => {
    below += probability;
    return at < below;
  });
}

describe('fitTemperature', () => {
  it('is known in closed form for two classes whose logits are always as far apart', () => {
    // three of four right at distance d: σ(d / T) = 3/4, so T = d / log 3
    const logits = new Float64Array([2, 0, 2, 0, 0, 2, 2, 0]);
    expect(fitTemperature(logits, new Int32Array([0, 0, 1, 1]), 2)).toBeCloseTo(2 / Math.log(3), 12);
  });

  it('finds the temperature that labels were drawn with', () => {
    for (const temperature of [0.5, 1, 2.5]) {
      const { logits, labels } = drawn(20_000, 5, temperature);
      expect((fitTemperature(logits, labels, 5) as number) / temperature).toBeCloseTo(1, 1);
    }
  });

  it('has a loss that no other temperature beats', () => {
    const { logits, labels } = drawn(500, 4, 3, 1);
    const loss = (temperature: number) => meanOf(answerRows(logits, labels, 4, { temperature }).losses);
    const best = fitTemperature(logits, labels, 4) as number;
    for (const factor of [0.5, 0.99, 0.999, 1.001, 1.01, 2]) expect(loss(best * factor)).toBeGreaterThan(loss(best));
  });

  it('stretches with the logits, however large they are', () => {
    const { logits, labels } = drawn(300, 3, 1, 2);
    const plain = fitTemperature(logits, labels, 3) as number;
    for (const factor of [1e-4, 1e4])
      expect(
        fitTemperature(
          logits.map((logit) => factor * logit),
          labels,
          3,
        ),
      ).toBeCloseTo(factor * plain, 8 - Math.log10(factor));
  });

  it('says so where there is none', () => {
    expect(fitTemperature(new Float64Array([3, 0, 0, 1]), new Int32Array([0, 1]), 2)).toBeUndefined();
    expect(fitTemperature(new Float64Array([3, 0, 0, 1]), new Int32Array([1, 0]), 2)).toBeUndefined();
    expect(fitTemperature(new Float64Array(0), new Int32Array(0), 2)).toBeUndefined();
  });
});
