import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { job, mpiHere } from './mpi-here.ts';
import { skein } from './run-skein.ts';

const ranks = (...words: string[]) => skein('bench', 'ranks', ...words);

it('skein bench ranks tells what to expect of lines and numbers of machines', async () => {
  const speed = ['--images-per-second', '20', '--gigabits', '1,10', '--nodes', '2,16'];
  const { code, stdout } = await ranks('--model', 'resnet50', '-b', '32', ...speed);
  expect(code).toBe(0);
  expect(stdout).toBe(`
resnet50  32 images a machine in 1.60 s, 102.2 MB of gradients
machines      2    16
1 Gbit/s   63 %  48 %
10 Gbit/s  92 %  88 %

Per cent: how much of its own speed a machine keeps. Gradients go round in a ring over 90 % of the line, 25 µs a message; nothing is computed meanwhile.
`);
});

it('skein bench ranks --json has the numbers behind it', async () => {
  const line = ['--gigabits', '0.5', '--nodes', '1,3', '--latency', '1000', '--line-share', '0.5'];
  const { stdout } = await ranks('--model', 'resnet8', '-b', '10', '--images-per-second', '40', ...line, '--json');
  const [found] = JSON.parse(stdout);
  const bytes = 4 * 75_290;
  const packing = (2 * bytes) / 5e9;
  const three = 0.25 + packing + ((4 / 3) * bytes * 8) / 0.25e9 + 4 * 0.001;
  expect(found).toEqual({
    network: 'resnet8',
    imagesPerNode: 10,
    computeSeconds: 0.25,
    gradientBytes: bytes,
    packingSeconds: packing,
    line: { share: 0.5, latencySeconds: 0.001 },
    measured: null,
    expected: [
      { bitsPerSecond: 0.5e9, nodes: 1, stepSeconds: 0.25, imagesPerSecond: 40, efficiency: 1 },
      {
        bitsPerSecond: 0.5e9,
        nodes: 3,
        stepSeconds: expect.closeTo(three, 12),
        imagesPerSecond: expect.closeTo(30 / three, 9),
        efficiency: expect.closeTo(0.25 / three, 12),
      },
    ],
  });
});

it('skein bench ranks names a number that is none', async () => {
  const { code, stderr } = await ranks('--images-per-second', '20', '--nodes', '2,few');
  expect(code).toBe(2);
  expect(stderr).toContain("error: option '--nodes <list>' argument '2,few' is invalid.");
});

it.each(mpiHere)(
  'skein bench ranks measures two ranks of $family apart from what they tell each other',
  { timeout: 240_000 },
  async (mpi) => {
    const words = [
      'bench',
      'ranks',
      '--model',
      'resnet8',
      '-b',
      '2',
      '--rounds',
      '1',
      '--engine',
      'evaluator',
      '--json',
    ];
    const program = new URL('../src/cli/program.ts', import.meta.url).href;
    const source = `
    const { runSkein } = await import(${JSON.stringify(program)});
    process.exitCode = await runSkein(${JSON.stringify(words)}, process);
  `;
    const { code, stdout, stderr } = await job(mpi, source);
    expect([code, stderr]).toEqual([0, expect.stringContaining('resnet8  round 1/1')]);
    // the other rank says nothing
    const [{ measured, imagesPerNode, packingSeconds }] = JSON.parse(stdout);
    expect(measured).toMatchObject({
      ranks: 2,
      hosts: [hostname()],
      engine: 'evaluator',
      rounds: 1,
      bitsPerSecond: null,
    });
    expect(measured.library).toContain(mpi.family);
    expect(imagesPerNode).toBe(4);
    expect(packingSeconds).toBe(measured.reductionSeconds);
    expect(measured.computeSeconds).toBeGreaterThan(0);
  },
);
