/** What oneDNN takes it gives back: memory is as large after many times as after some. */

import { densenet } from 'skein';
import { describe, expect, it } from 'vitest';
import { onednn } from '../src/engines/index.ts';
import { defineProgram, Graph, relu } from '../src/ir/index.ts';
import { tensor } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';
import { trainingSession } from './training-session.ts';

/** After a collection, so that what waits for one does not count. */
async function residentBytes(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().rss;
}

const tiny = densenet({ depth: 7, growth: 4 });

describe.runIf(enginesHere.includes(onednn))('memory stays flat on oneDNN', { timeout: 180_000 }, () => {
  it('over 250 times compiling a training step, running it and giving it back', async () => {
    let [after100, after250] = [0, 0];
    const { library } = await trainingSession(tiny);
    for (let done = 1; done <= 250; done++) {
      const { session, step, inputs } = await trainingSession(tiny, library);
      session.run('step', inputs);
      // a program of the same name takes its place
      if (done % 10 === 0) session.compile(new Map([['step', step]]));
      session.dispose();
      // the first hundred fill what V8 and the allocator keep
      if (done === 100) after100 = await residentBytes();
      if (done === 250) after250 = await residentBytes();
    }
    library.dispose();
    // 150 times 100 KB would be 15 MB
    console.info(`memory: ${after100} bytes after 100 times, ${after250} after 250`);
    expect(after250 - after100).toBeLessThan(12e6);
  });

  it('over 10,000 steps', async () => {
    const { library, session, inputs } = await trainingSession(tiny);
    let after1000 = 0;
    for (let done = 1; done <= 10_000; done++) {
      session.run('step', inputs);
      if (done === 1000) after1000 = await residentBytes();
    }
    const after10000 = await residentBytes();
    console.info(`memory: ${after1000} bytes after 1,000 steps, ${after10000} after 10,000`);
    session.dispose();
    library.dispose();
    // 9,000 times 1 KB would be 9 MB
    expect(after10000 - after1000).toBeLessThan(8e6);
  });

  it('over many engines, each of which leaves with its process', { timeout: 400_000 }, async () => {
    const graph = new Graph({ training: false });
    const outputs = new Map([['y', relu(graph.input('x', { dtype: 'float32', shape: [3] }))]]);
    const program = defineProgram({ name: 'small', graph, outputs, updates: new Map() });
    const inputs = new Map([['x', tensor('float32', [3], Float32Array.of(-1, 0, 1))]]);
    let before = 0;
    for (let done = 1; done <= 24; done++) {
      const executable = await onednn.compile({ small: program }, { threads: 1 });
      await executable.run('small', inputs);
      await executable.dispose();
      // the first ones fill what V8 and the allocator keep
      if (done === 4) before = await residentBytes();
    }
    const after = await residentBytes();
    console.info(`memory: ${before} bytes after 4 engines, ${after} after 24`);
    // 20 times 2 MB would be 40 MB
    expect(after - before).toBeLessThan(20e6);
  });
});
