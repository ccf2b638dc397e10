import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { benchCases, findTorch, interleave, median, type Rate, runTorchPeer } from '../src/bench/index.ts';
import { runSkein } from '../src/cli/program.ts';
import { countParams } from '../src/ir/index.ts';
import { buildNetwork } from '../src/nn/index.ts';

const source = fileURLToPath(new URL('../src', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** The command in this process, with its output caught. */
async function bench(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const code = await runSkein(['bench', ...words], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

/** The command as a process of its own. */
function benchProcess(
  words: readonly string[],
  onOutput: (child: ChildProcess) => void,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', tsx, `${source}/cli/main.ts`, 'bench', ...words]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    if (stdout === '') onOutput(child);
    stdout += String(text);
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += String(text);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const rate = (imagesPerSecond: number, peakBytes = 1): Rate => ({ imagesPerSecond, peakBytes });

describe('rounds in turns', () => {
  it('takes the middle number, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 100])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('compares what ran in the same round, not medians over all rounds', async () => {
    // a machine that slows down: medians alone would say 90 ÷ 100
    const [ours, theirs] = [
      [200, 90, 20],
      [400, 100, 100],
    ];
    const turns: string[] = [];
    const found = await interleave({
      rounds: 3,
      ours: async () => rate(ours[turns.push('ours') >> 1] as number),
      theirs: async () => rate(theirs[(turns.push('theirs') - 1) >> 1] as number, turns.length),
    });
    expect(turns).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
    expect(found).toEqual({ ours: rate(90), theirs: { ...rate(100, 6), ratio: 0.5 } });
  });

  it('goes on alone where the other side gives up, and does not ask it again', async () => {
    let asked = 0;
    const rounds: number[] = [];
    const turns: string[] = [];
    const found = await interleave({
      rounds: 3,
      ours: async () => rate(10),
      theirs: async () => (++asked === 1 ? rate(5) : undefined),
      onTurn: ({ round, side }) => turns.push(`${side} ${round}`),
      onRound: ({ round }) => rounds.push(round),
    });
    expect(found).toEqual({ ours: rate(10), theirs: undefined });
    expect([asked, rounds]).toEqual([2, [1, 2, 3]]);
    expect(turns).toEqual(['ours 1', 'theirs 1', 'ours 2', 'theirs 2', 'ours 3']);
  });
});

describe('skein bench', () => {
  it('prints what was measured, and how, as JSON', async () => {
    const words = ['--model', 'resnet8', '-b', '4', '--rounds', '1', '--threads', '1', '--no-peer', '--json'];
    const { code, stdout, stderr } = await bench(...words);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^resnet8 train +round 1\/1 /)]);
    const shared = {
      case: 'resnet8',
      batchSize: 4,
      engine: 'onnxruntime',
      precision: 'float32',
      threads: 1,
      rounds: 1,
      imagesPerSecond: expect.any(Number),
      peakBytes: expect.any(Number),
      peer: null,
    };
    const results = JSON.parse(stdout) as { imagesPerSecond: number; peakBytes: number }[];
    expect(results).toEqual([
      { ...shared, phase: 'train' },
      { ...shared, phase: 'infer' },
    ]);
    for (const { imagesPerSecond, peakBytes } of results) {
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(peakBytes).toBeGreaterThan(1e6);
    }
  });

  it('prints a table that names engine, precision and threads', async () => {
    const { stdout } = await bench('infer', '--model', 'resnet8', '-b', '2', '--rounds', '1', '--threads', '1');
    expect(stdout).toMatch(/^network +phase +batch +images\/s +memory\nresnet8 +infer +2 +[\d,.]+ +\d+ MB\n/m);
    expect(stdout).toMatch(/onnxruntime, float32, 1 thread;/);
  });

  it.each([
    [['--batch-size', '0'], 2, /not a whole number of at least 1/],
    [['compile'], 2, /Allowed choices are train, infer/],
    [['--model', 'resnet21'], 1, /unknown model `resnet21`; did you mean resnet20\?/],
    [['--engine', 'cuda'], 1, /unknown engine `cuda`/],
  ])('refuses %j', async (words, expected, message) => {
    const { code, stderr } = await bench(...words);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });

  it('ends with 130 on Ctrl-C, and prints the cases that were finished', async () => {
    const words = ['train', '--model', 'resnet8', 'densenet-bc22-k12', '-b', '4', '--rounds', '1', '--no-peer'];
    const { code, stdout, stderr } = await benchProcess(words, (child) => child.kill('SIGINT'));
    expect([code, stderr]).toEqual([130, '']);
    expect(stdout).toMatch(/Stopping; Ctrl-C again quits at once\n(.*\n)*resnet8 +train +4 /m);
    expect(stdout).not.toContain('densenet');
  });
});

describe('PyTorch beside it', () => {
  const sizes = { phase: 'infer', batchSize: 2, threads: 1, warmup: 0, steps: 1, seconds: 0 } as const;
  const peers = benchCases({ phase: 'infer' });

  it.for(peers)('builds the same $network.name', { timeout: 120_000 }, async ({ network, peer = '' }, { skip }) => {
    const python = await findTorch();
    if (python === undefined) return skip('needs python3 with torch: apt-get install python3-torch');
    const report = await runTorchPeer(python, { script: peer, ...sizes });
    expect(report.params).toBe(countParams(buildNetwork(network, { batch: 1, training: false }).graph));
    expect(report.imagesPerSecond).toBeGreaterThan(0);
  });

  const failure = (python: string, signal?: AbortSignal) =>
    runTorchPeer(python, { script: 'none.py', ...sizes }, signal).catch(
      (error: Error) => `${error.name} ${error.message}`,
    );

  it('says what a script that fails or talks nonsense did', async () => {
    // node stands in for a python3 that cannot, echo for one that talks
    expect(await failure(process.execPath)).toMatch(/^Error none\.py: it failed: /);
    expect(await failure('echo')).toMatch(/^Error none\.py: expected a line of JSON about its speed, but got `-B /);
    expect(await failure('./no-python')).toMatch(/^Error none\.py: \.\/no-python could not be started: /);
  });

  it('is not started where the work was called off', async () => {
    expect(await failure('echo', AbortSignal.abort())).toMatch(/^AbortError /);
  });
});
