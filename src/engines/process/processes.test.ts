/** Processes that programs hand on. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { enginesHere } from '../../../tests/engines-here.ts';
import { add, defineProgram, Graph, initialState, type Program, relu } from '../../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear } from '../../nn/index.ts';
import { sgd } from '../../optimisers/index.ts';
import { stepInputs, stepProgram } from '../../step/index.ts';
import { EngineError, Random, tensor } from '../../tensor/index.ts';
import { type Executable, evaluator, type KeptEngine, keptProcess } from '../index.ts';

const image = { channels: 1, height: 8, width: 8 };

function stepOf(layers: number, batchSize: number): Program {
  const network = defineNetwork('small', (pixels, { classes }) => {
    let x = pixels;
    for (let i = 0; i < layers; i++) x = relu(batchNorm(conv(x, 16, { kernel: 3 })));
    return linear(globalAveragePool(x), classes);
  });
  return stepProgram({ network, image, classes: 4, batchSize, optimiser: sgd() });
}

/** Everything that a step gives, and the state after it, as bytes. */
async function oneStep(executable: Executable, program: Program, seed: number): Promise<Map<string, string>> {
  await executable.load(initialState(program.graph, seed));
  const random = new Random(seed).fork('images');
  const [count = 0] = program.graph.inputs.get('image')?.type.shape ?? [];
  const batch = {
    images: Float32Array.from({ length: count * 64 }, () => random.normal()),
    labels: Int32Array.from({ length: count }, (_, i) => i % 4),
    weights: new Float32Array(count).fill(1),
  };
  const outputs = await executable.run('step', stepInputs(program, batch, 0.1, seed, 0));
  return new Map(
    [...outputs, ...(await executable.read())].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    ]),
  );
}

/** Process ids of this process's children that serve an engine, from Linux's own list. */
async function children(): Promise<number[]> {
  const list = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  return list.trim().split(' ').filter(Boolean).map(Number);
}

async function withKept(engine: KeptEngine, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await engine.dispose();
  }
}

const rectifier = (size: number) => {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape: [size] });
  return defineProgram({ name: 'rectifier', graph, outputs: new Map([['y', relu(add(x, 1))]]), updates: new Map() });
};

describe.runIf(process.platform === 'linux').each(enginesHere)(
  'the $name engine with a kept process',
  (plainEngine) => {
    it('hands the process on, and the second program gives what it gives in a process of its own', async () => {
      const [first, second] = [stepOf(2, 4), stepOf(1, 6)];
      const alone = await plainEngine.compile({ step: second }, { threads: 1 });
      const expected = await oneStep(alone, second, 2);
      await alone.dispose();
      const engine = keptProcess(plainEngine);
      expect(engine.name).toBe(plainEngine.name);
      await withKept(engine, async () => {
        const others = await children();
        const one = await engine.compile({ step: first }, { threads: 1 });
        const mine = (await children()).filter((pid) => !others.includes(pid));
        expect(mine).toHaveLength(1);
        await oneStep(one, first, 1);
        await one.dispose();
        await one.dispose();
        await expect(one.read()).rejects.toThrow(EngineError);
        const two = await engine.compile({ step: second }, { threads: 1 });
        expect((await children()).filter((pid) => !others.includes(pid))).toEqual(mine);
        expect(await oneStep(two, second, 2)).toEqual(expected);
        // the first one, disposed of again, leaves the second alone
        await one.dispose();
        expect(await oneStep(two, second, 2)).toEqual(expected);
        await two.dispose();
      });
    });

    it('starts another process beside one in use, and ends all of them in the end', async () => {
      const engine = keptProcess(plainEngine);
      const others = await children();
      const mine = async () => (await children()).filter((pid) => !others.includes(pid));
      const [one, two] = [await engine.compile({ p: rectifier(2) }), await engine.compile({ p: rectifier(3) })];
      const pids = await mine();
      expect(pids).toHaveLength(2);
      await two.dispose();
      await one.dispose();
      const again = [await engine.compile({ p: rectifier(4) }), await engine.compile({ p: rectifier(5) })];
      expect(await mine()).toEqual(pids);
      const x = tensor('float32', [5], Float32Array.of(-2, -1, 0, 1, 2));
      const { data } = (await again[1]?.run('p', new Map([['x', x]])))?.get('y') ?? {};
      expect(data).toEqual(Float32Array.of(0, 0, 1, 2, 3));
      await again[0]?.dispose();
      await engine.dispose();
      // what is still in use works on, and ends its process itself
      expect(await mine()).toHaveLength(1);
      await again[1]?.run('p', new Map([['x', x]]));
      await again[1]?.dispose();
      expect(await mine()).toEqual([]);
    });

    it('takes no process that died, nor one that could not compile', async () => {
      const engine = keptProcess(plainEngine);
      await withKept(engine, async () => {
        const others = await children();
        const mine = async () => (await children()).filter((pid) => !others.includes(pid));
        await (await engine.compile({ p: rectifier(2) })).dispose();
        const [dying = 0] = await mine();
        process.kill(dying, 'SIGKILL');
        await expect.poll(mine).toEqual([]);
        const next = await engine.compile({ p: rectifier(3) });
        expect(await mine()).not.toContain(dying);
        await next.dispose();
        const whole = rectifier(2);
        // nodes twice in one program: ONNX Runtime refuses the name, oneDNN the missing place
        const graph = Object.assign(whole.graph, { nodes: [...whole.graph.nodes, ...whole.graph.nodes] });
        const broken = await engine.compile({ p: { ...whole, graph } }).catch((error: unknown) => error);
        if (!(broken instanceof Error)) await (broken as Executable).dispose();
        const after = await engine.compile({ p: rectifier(1) });
        const y = await after.run('p', new Map([['x', tensor('float32', [1], Float32Array.of(4))]]));
        expect(y.get('y')?.data).toEqual(Float32Array.of(5));
        await after.dispose();
      });
    });

    it('needs no more memory for many programs than for a few', async () => {
      const engine = keptProcess(plainEngine);
      await withKept(engine, async () => {
        // each needs some 15 to 40 MB, so many left behind would show, and what a collector leaves for a while does not
        const program = stepOf(2, 512);
        const peakAfter = async (count: number) => {
          let peak = 0;
          for (let i = 0; i < count; i++) {
            const executable = await engine.compile({ step: program }, { threads: 1 });
            await oneStep(executable, program, i);
            peak = (await executable.plan()).peakBytes;
            await executable.dispose();
          }
          return peak;
        };
        const few = await peakAfter(8);
        const many = await peakAfter(32);
        expect(many).toBeLessThan(few * 2);
      });
    });
  },
);

it('is the evaluator itself where programs have no process', async () => {
  const engine = keptProcess(evaluator);
  const executable = await engine.compile({ p: rectifier(1) });
  const y = await executable.run('p', new Map([['x', tensor('float32', [1], Float32Array.of(4))]]));
  expect(y.get('y')?.data).toEqual(Float32Array.of(5));
  await engine.dispose();
});
