/** The engine's own process: it ends when it should, and nothing hangs when it ends early. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { isAlive } from '../../../tests/is-alive.ts';
import { conv2d, defineProgram, Graph, initialState, relu, type Value } from '../../ir/index.ts';
import { resnet } from '../../models/index.ts';
import { sgd } from '../../optimisers/index.ts';
import { stepProgram } from '../../step/index.ts';
import { EngineError, Random, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { type Executable, onnxruntime } from '../index.ts';

/** A stack of convolutions that keeps the engine busy for a while. */
function busy() {
  const graph = new Graph({ training: false });
  const image = graph.input('image', { dtype: 'float32', shape: [8, 32, 64, 64] });
  const weight = graph.input('weight', { dtype: 'float32', shape: [32, 32, 3, 3] });
  let x: Value = image;
  for (let i = 0; i < 20; i++) x = relu(conv2d(x, weight, { padding: [1, 1] }));
  const program = defineProgram({ name: 'busy', graph, outputs: new Map([['y', x]]), updates: new Map() });
  const inputs = new Map<string, Tensor>(
    [...graph.inputs].map(([name, { type }]) => [name, zeros('float32', type.shape)]),
  );
  return { program, inputs };
}

/** Process ids of this process's children, from Linux's own list. */
async function children(): Promise<number[]> {
  const list = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  return list.trim().split(' ').filter(Boolean).map(Number);
}

/** An executable and the id of its process. */
async function start(): Promise<{ executable: Executable; inputs: Map<string, Tensor>; pid: number }> {
  const { program, inputs } = busy();
  const before = await children();
  const executable = await onnxruntime.compile({ busy: program }, { threads: 1 });
  const pids = (await children()).filter((pid) => !before.includes(pid));
  expect(pids).toHaveLength(1);
  return { executable, inputs, pid: pids[0] as number };
}

describe.runIf(process.platform === 'linux')('the process of an executable', () => {
  it('is gone when dispose() has returned', async () => {
    const { executable, pid } = await start();
    expect(isAlive(pid)).toBe(true);
    await executable.dispose();
    expect(isAlive(pid)).toBe(false);
  });

  it('is gone when compiling failed', async () => {
    const before = await children();
    const graph = new Graph({ training: false });
    const x = graph.input('x', { dtype: 'float32', shape: [1] });
    // two entries of one model under the same name: ONNX Runtime refuses it
    const y = relu(x);
    const outputs = new Map([['y', y]]);
    const broken = {
      name: 'broken',
      graph: Object.assign(graph, { nodes: [...graph.nodes, ...graph.nodes] }),
      outputs,
      updates: new Map(),
    };
    await expect(onnxruntime.compile({ broken })).rejects.toThrow(EngineError);
    expect(await children()).toEqual(before);
  });

  it('may be killed from outside: what is under way fails, and so does what follows', async () => {
    const { executable, inputs, pid } = await start();
    const pending = [executable.run('busy', inputs), executable.run('busy', inputs), executable.plan()];
    const outcomes = Promise.allSettled(pending);
    process.kill(pid, 'SIGKILL');
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe('rejected');
      expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(EngineError);
      expect(String((outcome as PromiseRejectedResult).reason)).toContain("the engine's process ended (SIGKILL)");
    }
    await expect(executable.run('busy', inputs)).rejects.toThrow(EngineError);
    await executable.dispose();
  });

  it('may end by the alarm of a rank that waits for others: that is what its owner says', async () => {
    const { executable, inputs, pid } = await start();
    const outcome = expect(executable.run('busy', inputs)).rejects.toMatchObject({
      message: expect.stringContaining('another rank or the network hangs'),
      hint: expect.stringContaining('--resume'),
    });
    process.kill(pid, 'SIGALRM');
    await outcome;
    await executable.dispose();
  });

  it('fails what is under way and what waits when it is disposed of', async () => {
    const { executable, inputs } = await start();
    const outcomes = Promise.allSettled([
      executable.run('busy', inputs),
      executable.run('busy', inputs),
      executable.plan(),
    ]);
    await executable.dispose();
    for (const outcome of await outcomes) expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(EngineError);
  });
});

test('a program that disposed of its engine ends by itself and well, and one that forgot to, too', async () => {
  const ir = fileURLToPath(new URL('../../ir/index.ts', import.meta.url));
  const engines = fileURLToPath(new URL('../index.ts', import.meta.url));
  const source = (end: string) => `
    import { defineProgram, Graph, relu } from ${JSON.stringify(ir)};
    import { onnxruntime } from ${JSON.stringify(engines)};
    const graph = new Graph({ training: false });
    const x = graph.input('x', { dtype: 'float32', shape: [1] });
    const program = defineProgram({ name: 'p', graph, outputs: new Map([['y', relu(x)]]), updates: new Map() });
    const start = () => onnxruntime.compile({ program }, { threads: 1 });
    ${end}
    console.log('done');`;
  // without its cache tsx keeps a process of its own, which holds the engine's stderr open a little longer
  const env = { ...process.env, TSX_DISABLE_CACHE: '1' };
  const run = (end: string) =>
    promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source(end)],
      { env },
    );
  const outputs = await Promise.all([
    run('for (let i = 0; i < 3; i++) await (await start()).dispose();'),
    run('await start();'),
  ]);
  expect(outputs.map(({ stdout }) => stdout)).toEqual(['done\n', 'done\n']);
});

/** The state after three steps of a resnet8 from the same seed, as bytes. */
async function threeSteps(threads: number): Promise<Map<string, Buffer>> {
  const image = { channels: 3, height: 32, width: 32 };
  const step = stepProgram({ network: resnet({ depth: 8 }), image, classes: 10, batchSize: 16, optimiser: sgd() });
  const executable = await onnxruntime.compile({ step }, { threads });
  try {
    await executable.load(initialState(step.graph, 5));
    const random = new Random(6);
    for (let i = 0; i < 3; i++) {
      const pixels = Float32Array.from({ length: 16 * 3 * 32 * 32 }, () => random.normal());
      const inputs = new Map<string, Tensor>([
        ['image', tensor('float32', [16, 3, 32, 32], pixels)],
        [
          'labels',
          tensor(
            'int32',
            [16],
            Int32Array.from({ length: 16 }, () => random.integer(10)),
          ),
        ],
        ['weights', tensor('float32', [16], new Float32Array(16).fill(1))],
        ['lr', tensor('float32', [], Float32Array.of(0.1))],
      ]);
      await executable.run('step', inputs);
    }
    const state = await executable.read();
    return new Map(
      [...state].map(([name, { data }]) => [name, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]),
    );
  } finally {
    await executable.dispose();
  }
}

test('the same seed gives the same bytes again, on one thread and on two', async () => {
  const once = await threeSteps(1);
  expect(await threeSteps(1)).toEqual(once);
  expect(await threeSteps(2)).toEqual(once);
});
