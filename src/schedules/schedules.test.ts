import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cosine, oneCycle, polynomial, type Schedule, step } from './index.ts';

const rates = (schedule: Schedule, total: number) => Array.from({ length: total }, (_, at) => schedule.rate(at, total));

describe('step', () => {
  it("divides by 10 at half and three quarters of the run, as the papers' recipes do", () => {
    const schedule = step({ lr: 0.1, milestones: [0.5, 0.75] });
    const at = [0, 31_999, 32_000, 47_999, 48_000, 63_999].map((i) => schedule.rate(i, 64_000));
    expect(at).toBeClose([0.1, 0.1, 0.01, 0.01, 0.001, 0.001]);
  });

  it('meets thirds of a run exactly', () => {
    const schedule = step({ lr: 1, milestones: [1 / 3, 2 / 3], factor: 0.5 });
    expect(rates(schedule, 9)).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]);
  });

  it('warms up in equal increments', () => {
    const schedule = step({ lr: 0.5, milestones: [0.9], warmup: 0.4 });
    expect(rates(schedule, 10)).toBeClose([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.05]);
  });

  it('explains that milestones are fractions', () => {
    expect(() => step({ lr: 0.1, milestones: [30, 60] })).toThrow(
      'step: `milestones` must be numbers above 0 and below 1, but is [30,60]',
    );
  });
});

describe('cosine', () => {
  it('runs down half a cosine', () => {
    // (1 + cos(π · i / 4)) / 2
    expect(rates(cosine({ lr: 1 }), 4)).toBeClose([1, 0.8535533905932737, 0.5, 0.14644660940672627]);
  });

  it('approaches its final rate after a linear warm-up', () => {
    const schedule = cosine({ lr: 1, final: 0.2, warmup: 0.2 });
    expect(rates(schedule, 5)).toBeClose([0.5, 1, 0.8828427124746191, 0.6, 0.317157287525381]);
  });
});

describe('polynomial', () => {
  it("agrees with PyTorch's PolynomialLR", () => {
    // PolynomialLR(total_iters=4, power=1) and power=2
    expect(rates(polynomial({ lr: 1 }), 4)).toBeClose([1, 0.75, 0.5, 0.25]);
    expect(rates(polynomial({ lr: 2, power: 2 }), 4)).toBeClose([2, 1.125, 0.5, 0.125]);
  });

  it('approaches its final rate after a warm-up', () => {
    expect(rates(polynomial({ lr: 1, final: 0.2, warmup: 0.2 }), 5)).toBeClose([0.5, 1, 0.8, 0.6, 0.4]);
  });
});

describe('oneCycle', () => {
  it("agrees with PyTorch's OneCycleLR", () => {
    // OneCycleLR(max_lr=1, total_steps=10, div_factor=25, final_div_factor=400): 0.04 up to 1 at step 2, down to 1e-4 at step 9
    const down = (i: number) => 1e-4 + (0.9999 / 2) * (1 + Math.cos((Math.PI * (i - 2)) / 7));
    expect(rates(oneCycle({ lr: 1 }), 10)).toBeClose([0.04, 0.52, 1, ...[3, 4, 5, 6, 7, 8].map(down), 1e-4]);
    expect(oneCycle({ lr: 1 }).rate(3, 10)).toBeClose(0.950489, { relative: 1e-6 });
  });

  it('takes other ends and another peak', () => {
    const schedule = oneCycle({ lr: 2, start: 1, final: 0.5, peakAt: 0.6 });
    expect(rates(schedule, 5)).toBeClose([1, 1.5, 2, 1.25, 0.5]);
  });

  it('can be warmed up to its start', () => {
    expect(rates(oneCycle({ lr: 1, warmup: 3 / 13 }), 13).slice(0, 4)).toBeClose([0.01, 0.02, 0.03, 0.04]);
  });
});

test('every rate of every run is finite, at least 0 and at most the peak', () => {
  const lr = 0.3;
  const schedule = fc
    .double({ min: 0, max: 0.99, noNaN: true })
    .chain((warmup) =>
      fc.constantFrom(
        step({ lr, milestones: [0.3, 0.6], warmup }),
        cosine({ lr, warmup }),
        oneCycle({ lr, warmup }),
        polynomial({ lr, warmup, power: 3 }),
      ),
    );
  fc.assert(
    fc.property(schedule, fc.integer({ min: 1, max: 40 }), (schedule, total) => {
      for (const rate of rates(schedule, total)) {
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(lr + 1e-12);
      }
    }),
  );
});

test('impossible numbers are named', () => {
  expect(() => cosine({ lr: -1 })).toThrow('cosine: `lr` must be a number of at least 0, but is -1');
  expect(() => step({ lr: 1, milestones: [], warmup: 5 })).toThrow(
    'step: `warmup` must be a number of at least 0 and below 1, but is 5',
  );
  expect(() => oneCycle({ lr: 1, peakAt: 1 })).toThrow(
    'oneCycle: `peakAt` must be a number above 0 and below 1, but is 1',
  );
});
