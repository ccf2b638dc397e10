/** A process that used oneDNN ends as it wants to, however it ends. */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';

const absent = !oneDnnHere;

/** Opens the library, leaves two threads, primitives, memories and calls about, and says so. */
const use = `
  import { openLibrary } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
  const library = await openLibrary();
  library.setThreads(2);
  const any = (...dims) => library.layout(dims, 'f32', 'any');
  const arena = library.arena(2 ** 24);
  for (const channels of [20, 32]) {
    const primitive = library.create({
      kind: 'convolution', pass: 'forwardTraining', src: any(4, channels, 32, 32), weights: any(32, channels, 3, 3),
      dst: any(4, 32, 32, 32), strides: [1, 1], padding: { before: [1, 1], after: [1, 1] },
    });
    let offset = 0;
    const memories = primitive.arguments.map((name) => {
      const memory = library.memory(primitive.layout(name), arena.at(offset));
      offset += memory.layout.bytes;
      return [name, memory];
    });
    library.call(primitive, memories).run();
  }
  console.log('ran');
`;

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** Runs `use` and what follows it; once it has run, `then` may act on the process. */
function end(after: string, then?: NodeJS.Signals): Promise<Ending> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', use + after],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += String(text);
      if (then && said.includes('ran')) child.kill(then);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, said }));
  });
}

describe.skipIf(absent)('a process that used oneDNN', () => {
  it.each([
    ['forgot to dispose', '', 0],
    ['disposed twice', 'library.dispose(); library.dispose();', 0],
    ['calls process.exit', 'process.exit(3);', 3],
    ['throws', "throw new Error('on purpose');", 1],
    ['rejects', "Promise.reject(new Error('on purpose'));", 1],
    ['collected garbage before', 'globalThis.gc?.(); setTimeout(() => {}, 1);', 0],
  ])('ends with its own exit code when it %s', async (_, after, code) => {
    expect(await end(after)).toEqual({ code, signal: null, said: 'ran\n' });
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends by %s', async (signal) => {
    expect(await end('setInterval(() => {}, 1000);', signal)).toMatchObject({ code: null, signal });
  });
});
