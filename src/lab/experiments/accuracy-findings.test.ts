/** What sentences say of made-up accuracies. */
import { expect, it } from 'vitest';
import { accuracyFindings } from './accuracy-findings.ts';
import type { AccuracyResult, Role } from './accuracy-result.ts';

const of = (accuracies: Readonly<Partial<Record<Role, readonly number[]>>>): AccuracyResult => ({
  runs: Object.entries(accuracies).flatMap(([role, top1s]) =>
    top1s.map((top1, seed) => ({
      role: role as Role,
      network: `${role}-net`,
      seed,
      test: { loss: 1, top1, total: 1000 },
      trainTop1: 0.9,
      params: 1000,
      macs: 2000,
    })),
  ),
  classes: 10,
  recipe: [],
  differences: [],
});

const texts = (result: AccuracyResult) =>
  accuracyFindings(result)
    .map(({ says }) => (typeof says === 'string' ? says : says.en))
    .join('\n');

it('tells what claims ask for by intervals, and how little three seeds can tell', () => {
  const found = texts(
    of({
      residual: [0.73, 0.743, 0.718],
      dense: [0.683, 0.673, 0.68],
      plain: [0.654, 0.678, 0.649],
      conventional: [0.805, 0.799, 0.821],
    }),
  );
  // differences −7.5, −5.6 and −10.3 points: mean −7.8, deviation 2.365, 4.3027 standard errors 5.9
  expect(found).toContain(
    'residual-net is less accurate than conventional-net: −7.8 points (95 % interval −13.7 to −1.9).',
  );
  expect(found).toContain('plain-net is less accurate than conventional-net');
  expect(found).not.toContain('plain-net and residual');
  expect(found).not.toContain('p = ');
  expect(found).toContain('With 3 seeds a 95 % interval reaches 4.3 standard errors to each side');
  // 1 − 0.95⁴
  expect(found).toContain('one of these 4 or more would leave 0 out in up to about 18.5 %');
});

it('says of one seed that its intervals are of the images', () => {
  const found = texts(of({ residual: [0.73], conventional: [0.8] }));
  expect(found).toContain(
    'residual-net is less accurate than conventional-net: −7.0 points (95 % interval −10.7 to −3.3), with one seed.',
  );
  expect(found).toContain('Another seed moves accuracies too');
  expect(found).not.toContain('standard errors');
});
