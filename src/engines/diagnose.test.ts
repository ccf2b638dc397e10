import { expect, it } from 'vitest';
import { diagnose, type Engine, evaluator } from './index.ts';
import { RunOutputs } from './run-outputs.ts';

it('does not trust an engine that computes something else', async () => {
  const wrong: Engine = {
    name: 'wrong',
    compile: async (programs, options) => {
      const right = await evaluator.compile(programs, options);
      return { ...right, read: async () => new RunOutputs([], true) };
    },
  };
  const { works, problem, remedy } = await diagnose(wrong);
  expect(works).toBe(false);
  expect(problem).toMatch(
    /^wrong: a training step of a small residual network: `.+`: expected \d+ numbers, but got 0$/,
  );
  expect(remedy).toContain('install it again');
});

it('tries bf16 where an engine offers it', async () => {
  const tried: unknown[] = [];
  const engine: Engine = {
    name: 'eager',
    facts: async () => ({ bfloat16: true }),
    compile: async (programs, options) => {
      tried.push(options?.precision);
      const right = await evaluator.compile(programs);
      if (options?.precision === 'float32') return right;
      return { ...right, run: async () => new RunOutputs([], true) };
    },
  };
  const { works, problem } = await diagnose(engine);
  expect(tried).toEqual(['float32', 'bf16']);
  expect(works).toBe(false);
  expect(problem).toMatch(/^eager: a training step of a small residual network in bf16: `loss` of the first step/);
});
