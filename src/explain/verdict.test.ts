import { expect, it } from 'vitest';
import { verdict } from './verdict.ts';

const scores = {
  ...{ insertion: 0.5, deletion: 0.1 },
  random: { maps: 5, insertion: 0.3, deletion: 0.3, best: { insertion: 0.4, deletion: 0.2 } },
};
const lost = (correlation: number | undefined) => [{ path: 'stage1', correlation }];

it('says of a map that is flat or empty that nothing can be told from it', () => {
  expect(verdict(Float32Array.of(2, 2, 2), scores, lost(undefined))).toBe(
    'The map is the same everywhere: it has no order, so whether it marks what matters cannot be told.',
  );
  expect(verdict(Float32Array.of(0, 0, -1), scores, lost(undefined))).toMatch(/^The map is empty/);
});

it('says of others whether they depend on the weights, also where new ones leave nothing', () => {
  const map = Float32Array.of(1, 2, 3);
  expect(verdict(map, scores, lost(undefined))).toContain('with new ones nothing is left of it');
  expect(verdict(map, scores, lost(-0.1))).toContain('it is another map (rank correlation -0.10)');
  expect(verdict(map, scores, lost(0.4))).toContain('in part');
  expect(verdict(map, scores, lost(-0.39))).toContain('its order is partly reversed (rank correlation -0.39)');
  expect(verdict(map, scores, lost(-0.9))).toContain('its order is nearly reversed (rank correlation -0.90)');
  expect(verdict(map, scores, lost(0.9))).toContain('hardly depends on the weights');
});
