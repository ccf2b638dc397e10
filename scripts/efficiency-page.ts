/** `docs/efficiency.md`: what speed to expect of several machines, by network, computed from speeds that were measured. */
import { benchCases, expectedSpeeds, gradientBytes, nodeStep, usualCopyRate, usualLine } from '../src/bench/index.ts';
import { findModel } from '../src/models/index.ts';

/** Images per second of whole training steps in float32 on oneDNN, as docs/performance.md has them; resnet152's is resnet50's by their multiply-adds. */
const measuredOn = 'two cores of an AMD EPYC with AVX-512, oneDNN 2.6.3; resnet152 by its multiply-adds, from resnet50';
// biome-ignore format: a table
const measured: readonly [network: string, imagesPerNode: number, imagesPerSecond: number][] = [
  ['resnet18',           32,  30],
  ['resnet50',           32,  15],
  ['resnet152',          32,   5],
  ['densenet121',        32,  17],
  ['densenet-bc100-k12', 64, 100],
];
/** A machine with more cores. */
const faster = 10;

const gigabits = [1, 10, 25, 100];
const numbersOfNodes = [2, 4, 16, 64, 256];

/** The page as Markdown. */
export function efficiencyPage(): string {
  return [introduction, ...measured.map(([name, images, rate]) => section(name, images, rate))].join('\n\n');
}

const introduction = `# What speed to expect of several machines

\`npm run docs\` writes this page; \`skein bench ranks\` computes it for your own numbers. [distributed.md](distributed.md) says how to train so.

Each cell has two numbers, in per cent: how much of its own speed a machine keeps among so many, if it is as fast as the one that was measured (${measuredOn}), and if
it is ${faster} times as fast, as a machine with some twenty such cores. 60 for 4 machines means that four together are 4 × 0.6 = 2.4 times as fast as one; below 50 for two, one alone is faster.

A step is computed as forward, backward and update on one machine, two copies of the gradients at ${usualCopyRate / 1e9} GB/s, and a ring over ${usualLine.share * 100} % of the line with
${usualLine.latencySeconds * 1e6} µs a message: 2(N−1)/N · bytes / bandwidth + 2(N−1) · latency. Nothing is computed while gradients are reduced. Waits for a slow machine are not in it.`;

function section(name: string, imagesPerNode: number, imagesPerSecond: number): string {
  const [benchCase] = benchCases({ networks: [findModel(name)], phase: 'train', batchSize: imagesPerNode });
  if (!benchCase) throw new Error(`${name} is no case to measure`);
  const lines = gigabits.map((rate) => ({ ...usualLine, bitsPerSecond: rate * 1e9 }));
  const cells = [1, faster].map((times) => {
    const step = nodeStep({ benchCase, imagesPerSecond: times * imagesPerSecond, copyRate: usualCopyRate });
    return expectedSpeeds(step, imagesPerNode, lines, numbersOfNodes).map(({ efficiency }) =>
      Math.round(100 * efficiency),
    );
  });
  const rows = gigabits.map((rate, row) => {
    const of = numbersOfNodes.map((_, column) => {
      const at = row * numbersOfNodes.length + column;
      return cells.map((numbers) => numbers[at]).join(' / ');
    });
    return `| ${rate} Gbit/s | ${of.join(' | ')} |`;
  });
  const megabytes = (gradientBytes(benchCase) / 1e6).toPrecision(3);
  return [
    `## ${name}`,
    `${imagesPerNode} images on each machine in a step, ${imagesPerSecond} or ${faster * imagesPerSecond} images/s, ${megabytes} MB of gradients.`,
    [`| machines | ${numbersOfNodes.join(' | ')} |`, `|---|${'---|'.repeat(numbersOfNodes.length)}`, ...rows].join(
      '\n',
    ),
  ].join('\n\n');
}
