import { describe, expect, it } from 'vitest';
import { benchCases, findTorch, runTorchPeer } from '../src/bench/index.ts';
import { countParams } from '../src/ir/index.ts';
import { buildNetwork } from '../src/nn/index.ts';
import { enginesHere } from './engines-here.ts';
import { skein, skeinProcess } from './run-skein.ts';

const onednnIsHere = enginesHere.some(({ name }) => name === 'onednn');
const numberHere = onednnIsHere ? expect.any(Number) : null;

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
      operationsPerSecond: expect.any(Number),
      matrixPeak: onednnIsHere ? { before: expect.any(Number), after: expect.any(Number) } : null,
      shareOfPeak: numberHere,
      peer: null,
    };
    const results = JSON.parse(stdout) as {
      phase: string;
      imagesPerSecond: number;
      operationsPerSecond: number;
      peakBytes: number;
    }[];
    expect(results).toEqual([
      { ...shared, phase: 'train' },
      { ...shared, phase: 'infer' },
    ]);
    for (const { phase, imagesPerSecond, operationsPerSecond, peakBytes } of results) {
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(peakBytes).toBeGreaterThan(1e6);
      // 12.24 million multiply-adds an image, and a training step is three passes
      expect(operationsPerSecond / imagesPerSecond / 2 / (phase === 'train' ? 3 : 1)).toBeCloseTo(12_239_488, 0);
    }
  });

  it('says which engine it took by itself, and prints a table that names engine, precision and threads', async () => {
    const { stdout } = await bench('infer', '--model', 'resnet8', '-b', '2', '--rounds', '1', '--threads', '1');
    expect(stdout).toMatch(/^network +phase +batch +images\/s +memory\nresnet8 +infer +2 +[\d,.]+ +\d+ MB\n/m);
    expect(stdout).toMatch(/^engine onnxruntime: predictions stay on it unless another is named\n/);
    expect(stdout).toMatch(/^network +phase +GFLOP\/s.*\nresnet8 +infer +[\d,.]+/m);
    expect(stdout).toMatch(/onnxruntime, float32, 1 thread;/);
  });

  it('takes turns with another engine', async () => {
    const words = [
      'infer',
      '--model',
      'resnet8',
      '-b',
      '2',
      '--rounds',
      '1',
      '--threads',
      '1',
      '--engine',
      'onnxruntime',
    ];
    const { stdout } = await bench(...words, '--against', 'onnxruntime-portable');
    expect(stdout).toMatch(/round 1\/1 +[\d,.]+ images\/s +onnxruntime-portable [\d,.]+ images\/s\n/);
    expect(stdout).toMatch(/images\/s +memory +onnxruntime-portable +memory +ratio\nresnet8 .* +\d+\.\d\d\n/);
    expect(stdout).toMatch(/In turns with onnxruntime-portable [\d.]+, float32, as many threads;/);
  });

  it.runIf(onednnIsHere)('shows what the instructions of a step take', async () => {
    const words = ['train', '--model', 'resnet8', '-b', '2', '--threads', '1', '--engine', 'onednn', '--profile'];
    const { stdout } = await bench(...words);
    expect(stdout).toMatch(/^resnet8 train, batch 2\ninstruction +ms +share +calls\n/m);
    expect(stdout).toMatch(/^convolution backwardData +\d+\.\d\d +\d+\.\d % +\d+\n/m);
    expect(stdout).toMatch(/^all instructions +\d+\.\d\d +100\.0 % +\d+\n/m);
    const [found] = JSON.parse((await bench(...words, '--json')).stdout);
    expect(found).toMatchObject({ case: 'resnet8', phase: 'train', batchSize: 2, engine: 'onednn', threads: 1 });
    const shares = found.instructions.reduce((sum: number, { share }: { share: number }) => sum + share, 0);
    expect(shares).toBeCloseTo(1);
  });

  it.each([
    [['--batch-size', '0'], 2, /not a whole number of at least 1/],
    [['compile'], 2, /Allowed choices are train, infer/],
    [['--model', 'resnet21'], 1, /unknown model `resnet21`; did you mean resnet20\?/],
    [['--engine', 'cuda'], 2, /It is none of auto, onnxruntime,/],
    [['--against', 'caffe'], 2, /Allowed choices are torch, onnxruntime,/],
    [['--precision', 'int8'], 2, /Allowed choices are float32, bf16/],
    [['infer', '--engine', 'evaluator', '--precision', 'bf16'], 1, /evaluator: expected precision float32/],
    [['infer', '--model', 'resnet8', '--engine', 'onnxruntime', '--profile'], 1, /onnxruntime gives no profile/],
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
  const sizes = {
    phase: 'infer',
    batchSize: 2,
    threads: 1,
    precision: 'float32',
    warmup: 0,
    steps: 1,
    seconds: 0,
  } as const;
  const peers = benchCases({ phase: 'infer' });

  it.for(peers)('builds the same $network.name', { timeout: 120_000 }, async ({ network, peer = '' }, { skip }) => {
    const python = await findTorch();
    if (python === undefined) return skip('needs python3 with torch: apt-get install python3-torch');
    const report = await runTorchPeer(python, { script: peer, ...sizes });
    expect(report.params).toBe(countParams(buildNetwork(network, { batch: 1, training: false }).graph));
    expect(report.imagesPerSecond).toBeGreaterThan(0);
  });

  it('trains in bfloat16 where that is asked', { timeout: 120_000 }, async ({ skip }) => {
    const python = await findTorch();
    if (python === undefined) return skip('needs python3 with torch: apt-get install python3-torch');
    const run = { ...sizes, script: 'torch_resnet20.py', phase: 'train', precision: 'bf16' } as const;
    expect((await runTorchPeer(python, run)).precision).toBe('bf16');
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
