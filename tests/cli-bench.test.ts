import { describe, expect, it } from 'vitest';
import { benchCases, findTorch, runTorchPeer } from '../src/bench/index.ts';
import { countParams } from '../src/ir/index.ts';
import { buildNetwork } from '../src/nn/index.ts';
import { skein, skeinProcess } from './run-skein.ts';

const bench = (...words: string[]) => skein('bench', ...words);

describe('skein bench', () => {
  it('prints what was measured, and how, as JSON', async () => {
    const words = [
      '--model',
      'resnet8',
      '-b',
      '4',
      '--rounds',
      '1',
      '--threads',
      '1',
      '--engine',
      'onnxruntime',
      '--no-peer',
      '--json',
    ];
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

  it('says which engine it took by itself, and prints a table that names engine, precision and threads', async () => {
    const { stdout } = await bench('infer', '--model', 'resnet8', '-b', '2', '--rounds', '1', '--threads', '1');
    expect(stdout).toMatch(/^network +phase +batch +images\/s +memory\nresnet8 +infer +2 +[\d,.]+ +\d+ MB\n/m);
    expect(stdout).toMatch(/^engine onnxruntime: predictions stay on it unless another is named\n/);
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
    const words = [
      'bench',
      'train',
      '--model',
      'resnet8',
      'densenet-bc22-k12',
      '-b',
      '4',
      '--rounds',
      '1',
      '--engine',
      'onnxruntime',
      '--no-peer',
    ];
    const { code, stdout, stderr } = await skeinProcess(words, { onOutput: (child) => child.kill('SIGINT') });
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
