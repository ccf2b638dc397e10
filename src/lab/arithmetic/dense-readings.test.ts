import { expect, test } from 'vitest';
import { initialState } from '../../ir/index.ts';
import { densenet, findModel, imageNetDensenet } from '../../models/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { Random, tensor } from '../../tensor/index.ts';
import { denseBlocksOf } from './dense-readings.ts';
import { evenness, readWeights, relativeWeights, spread, spreadByChance, thirds } from './read-weights.ts';

const image = { channels: 1, height: 16, width: 16 };
const programOf = (network: Parameters<typeof predictionProgram>[0]['network']) =>
  predictionProgram({ network, image, classes: 10, batchSize: 1 });

test('the readers of a dense block are found from the graph: its layers, the transition and the classifier', () => {
  const blocks = denseBlocksOf(programOf(densenet({ depth: 13, growth: 4 })));
  expect(
    blocks.map(({ readings }) => readings.map(({ weight, makes, channels }) => [weight, makes, channels])),
  ).toEqual([
    [
      ['block1.layer1.conv1.weight', 1, [16]],
      ['block1.layer2.conv1.weight', 2, [16, 4]],
      ['block1.layer3.conv1.weight', 3, [16, 4, 4]],
      ['transition1.conv1.weight', undefined, [16, 4, 4, 4]],
    ],
    [
      ['block2.layer1.conv1.weight', 1, [28]],
      ['block2.layer2.conv1.weight', 2, [28, 4]],
      ['block2.layer3.conv1.weight', 3, [28, 4, 4]],
      ['transition2.conv1.weight', undefined, [28, 4, 4, 4]],
    ],
    [
      ['block3.layer1.conv1.weight', 1, [40]],
      ['block3.layer2.conv1.weight', 2, [40, 4]],
      ['block3.layer3.conv1.weight', 3, [40, 4, 4]],
      ['classifier.weight', undefined, [40, 4, 4, 4]],
    ],
  ]);
});

test('with bottlenecks and a stem that pools, the 1×1 convolutions read the block', () => {
  const network = imageNetDensenet({ layers: [2, 3], growth: 8 });
  const large = { channels: 3, height: 64, width: 64 };
  const blocks = denseBlocksOf(predictionProgram({ network, image: large, classes: 5, batchSize: 1 }));
  expect(blocks.map(({ readings }) => readings.map(({ makes, channels }) => [makes, channels.length]))).toEqual([
    [
      [1, 1],
      [2, 2],
      [undefined, 3],
    ],
    [
      [1, 1],
      [2, 2],
      [3, 3],
      [undefined, 4],
    ],
  ]);
  expect(blocks[0]?.readings[1]?.weight).toMatch(/^block1\.layer2\.conv1/);
});

test('a residual network has no dense block', () => {
  expect(denseBlocksOf(programOf(findModel('resnet20')))).toEqual([]);
});

test('planted weights are found where they were planted, on either axis', () => {
  const channels = [3, 2, 4];
  const planted = [0.5, -2, 0.25];
  const partOf = channels.flatMap((count, part) => new Array<number>(count).fill(part));
  const sign = (i: number) => (i % 2 ? -1 : 1);
  const data = Float32Array.from(
    { length: 5 * 9 * 4 },
    (_, i) => sign(i) * (planted[partOf[Math.floor(i / 4) % 9] ?? 0] ?? 0),
  );
  const reading = { weight: 'w', channelAxis: 1, channels, makes: 2 };
  expect(readWeights(tensor('float32', [5, 9, 2, 2], data), reading)).toEqual([0.5, 2, 0.25]);
  const columns = Float32Array.from({ length: 9 * 5 }, (_, i) => planted[partOf[Math.floor(i / 5)] ?? 0] ?? 0);
  expect(readWeights(tensor('float32', [9, 5], columns), { ...reading, channelAxis: 0 })).toEqual([0.5, 2, 0.25]);
});

test('evenness is 1 for equal weights and 1 / parts for a single one', () => {
  expect(evenness([0.2, 0.2, 0.2, 0.2])).toBeCloseTo(1);
  expect(evenness([0, 0, 7, 0])).toBeCloseTo(0.25);
  expect(evenness([1, 1, 0, 0])).toBeCloseTo(0.5);
  expect(relativeWeights([1, 2, 3])).toEqual([0.5, 1, 1.5]);
  expect(thirds([0.5, 1, 1, 1, 1, 1.5])).toEqual({ oldest: 0.75, newest: 1.25 });
});

test('weights that were never trained deviate as chance has it', () => {
  const program = programOf(densenet({ depth: 40, growth: 12 }));
  const state = initialState(program.graph, 3);
  const layers = denseBlocksOf(program)
    .flatMap(({ readings }) => readings)
    .filter(({ channels, makes }) => channels.length > 1 && makes !== undefined);
  const relative = layers.map((one) => relativeWeights(readWeights(state.get(one.weight) ?? empty, one)));
  const counts = layers.map(({ channels }) => channels.map((count) => count * 12 * 9));
  const ratio = spread(relative) / spreadByChance(counts);
  expect(ratio).toBeGreaterThan(0.85);
  expect(ratio).toBeLessThan(1.1);
});

test('the spread of planted deviations is their root mean square', () => {
  expect(
    spread([
      [0.9, 1.1],
      [0.7, 1.3],
    ]),
  ).toBeCloseTo(Math.sqrt((0.01 + 0.09) / 2));
  const random = new Random('spread');
  const drawn = Array.from({ length: 4000 }, () => {
    let sum = 0;
    for (let i = 0; i < 50; i++) sum += Math.abs(random.normal());
    return sum / 50 / Math.sqrt(2 / Math.PI);
  });
  expect(spread([drawn]) / spreadByChance([[50]])).toBeCloseTo(1, 1);
});

const empty = tensor('float32', [0], new Float32Array(0));
