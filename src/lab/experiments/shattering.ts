/** Whether gradients at neighbouring inputs have anything to do with each other: Balduzzi et al. 2017. */
import { initialState } from '../../ir/index.ts';
import { findModel } from '../../models/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import {
  autocorrelation,
  brownNoise,
  type GradientLine,
  meanCorrelation,
  spectrum,
  whiteNoise,
} from '../arithmetic/line-correlation.ts';
import { type LineTowerOptions, lineTowerProgram } from '../arithmetic/line-towers.ts';
import { lineVariants } from '../arithmetic/line-variants.ts';
import { gradientsBetween } from '../arithmetic/network-line.ts';
import { shatteringFigures } from '../arithmetic/shattering-figures.ts';
import { shatteringFindings } from '../arithmetic/shattering-findings.ts';
import type {
  LineNumbers,
  NetworkLine,
  NoiseLine,
  ShatteringResult,
  TowerLine,
} from '../arithmetic/shattering-result.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';

export interface ShatteringSettings {
  readonly towers: Pick<LineTowerOptions, 'width' | 'growth' | 'points'> & { readonly depths: readonly number[] };
  readonly networks: readonly string[];
  /** On the line between two images. */
  readonly imagePoints: number;
  /** Images that the statistics of the networks' batch norms are from. */
  readonly batchSize: number;
  /** Initialisations of each tower. */
  readonly towerSeeds: number;
  readonly networkSeeds: number;
}

/** The towers' inputs: Figure 1's. */
const ends = [-2, 2] as const;
/** Autocorrelations go so many points far, or as far as half the line. */
const furthest = 64;

/** Correlation of gradients along lines. */
export const shattering = defineExperiment<ShatteringSettings, ShatteringResult>({
  name: 'shattering',
  title: { en: 'Are gradients of neighbouring inputs alike?', zh: '相邻输入的梯度相似吗？' },
  about: 'correlation of gradients by the input along a line, in plain, residual and dense networks',
  source: {
    en: 'Balduzzi et al. 2017, The Shattered Gradients Problem (arXiv 1702.08591), Figures 1, 2 and 6',
    zh: 'Balduzzi 等人 2017，The Shattered Gradients Problem（arXiv 1702.08591），图 1、2 与 6',
  },
  method: {
    en: 'Gradients of the output by the input are read at points along a line: of fully connected towers of one number, and of published networks between two images, all at initialisation. Their correlation, 1 where all are alike and 0 for white noise, is a mean over initialisations.',
    zh: '沿一条直线逐点读取输出对输入的梯度，均在初始化时：一类是输入为一维的全连接塔；另一类是已发表的网络，直线连接两张图像。相关系数为 1 表示全部相同，白噪声为 0；取多次初始化的平均。',
  },
  limits: {
    en: 'Initialisation only, one line of inputs, and few initialisations: correlations below about 0.05 are not told from 0.',
    zh: '只看初始化时的一条输入直线，初始化次数也少：约 0.05 以下的相关系数与 0 无法区分。',
  },
  quick: {
    towers: { depths: [2, 4, 10, 24, 50], width: 100, growth: 10, points: 256 },
    networks: ['plain20', 'plain56', 'resnet20', 'resnet56', 'densenet-bc40-k12'],
    imagePoints: 32,
    batchSize: 32,
    towerSeeds: 10,
    networkSeeds: 3,
  },
  full: {
    towers: { depths: [1, 2, 4, 10, 24, 50], width: 200, growth: 20, points: 256 },
    networks: ['plain20', 'plain56', 'plain110', 'resnet20', 'resnet56', 'resnet110', 'densenet-bc40-k12'],
    imagePoints: 128,
    batchSize: 128,
    towerSeeds: 40,
    networkSeeds: 10,
  },
  async run(lab, settings) {
    const { points } = settings.towers;
    const towers: TowerLine[] = [];
    for (const depth of settings.towers.depths)
      for (const join of ['plain', 'residual', 'dense'] as const)
        for (const norm of [false, true])
          towers.push(
            ...(await lab.piece(`${join} towers${norm ? ' with batch norm' : ''}, depth ${depth}`, () =>
              towersOf(lab, { ...settings.towers, join, norm, depth }, settings.towerSeeds),
            )),
          );
    const networks: NetworkLine[] = [];
    for (const name of settings.networks)
      networks.push(await lab.piece(`${name}, between two images`, () => networkOf(lab, name, settings)));
    return { towers, noises: noisesOf(points, lab.seed), networks };
  },
  show: (result, { towers: { points } }) => ({
    findings: shatteringFindings(result),
    figures: shatteringFigures(result, (ends[1] - ends[0]) / (points - 1)),
  }),
});

/** Variants of one program: they differ in what multiplies the branches. */
async function towersOf(lab: Laboratory, options: LineTowerOptions, seeds: number): Promise<TowerLine[]> {
  const { join, norm, depth, points } = options;
  const program = lineTowerProgram(options);
  const grid = Float32Array.from({ length: points }, (_, i) => ends[0] + ((ends[1] - ends[0]) * i) / (points - 1));
  const along = tensor('float32', [points, 1], grid);
  const executable = await lab.engine.compile({ line: program }, { threads: lab.threads });
  const variants = lineVariants.filter((one) => one.join === join && one.norm === norm);
  const lines = new Map<string, GradientLine[]>(variants.map(({ id }) => [id, []]));
  try {
    for (let i = 0; i < seeds; i++) {
      lab.signal.throwIfAborted();
      await executable.load(initialState(program.graph, lab.seed * seeds + i));
      for (const { id, scale } of variants) {
        const inputs = new Map<string, Tensor>([
          ['points', along],
          ['reference', along],
          ['scale', tensor('float32', [], Float32Array.of(scale))],
        ]);
        const { data } = (await executable.run('line', inputs)).get('gradient') as Tensor<'float32'>;
        lines.get(id)?.push({ values: Float64Array.from(data), dimension: 1 });
      }
    }
  } finally {
    await executable.dispose();
  }
  return variants.map(({ id }) => {
    const found = lines.get(id) ?? [];
    const spectra = found.map(({ values }) => spectrum(values));
    const [first] = found;
    const square = Math.sqrt(Array.from(first?.values ?? []).reduce((sum, value) => sum + value * value, 0) / points);
    const example = Array.from(first?.values ?? [], (value) => value / square);
    return { variant: id, depth, ...numbersOf(found), spectrum: meanOf(spectra), example };
  });
}

async function networkOf(lab: Laboratory, name: string, settings: ShatteringSettings): Promise<NetworkLine> {
  const { imagePoints: points, batchSize, networkSeeds } = settings;
  const seeds = Array.from({ length: networkSeeds }, (_, i) => lab.seed * networkSeeds + i);
  return { network: name, ...numbersOf(await gradientsBetween(lab, findModel(name), { batchSize, points, seeds })) };
}

/** As many of each as make its numbers steady. */
function noisesOf(points: number, seed: number): NoiseLine[] {
  const random = new Random(seed).fork('noise');
  return (['white', 'brown'] as const).map((noise) => {
    const make = noise === 'white' ? whiteNoise : brownNoise;
    const lines = Array.from({ length: 40 }, (_, i) => ({
      values: make(points, random.fork(noise).fork(i)),
      dimension: 1,
    }));
    return { noise, ...numbersOf(lines), spectrum: meanOf(lines.map(({ values }) => spectrum(values))) };
  });
}

function numbersOf(lines: readonly GradientLine[]): LineNumbers {
  const points = Math.min(...lines.map(({ values, dimension }) => values.length / dimension));
  const most = Math.min(furthest, Math.floor(points / 2));
  return {
    correlation: meanOf(lines.map((line) => [meanCorrelation(line)]))[0] ?? null,
    autocorrelation: meanOf(lines.map((line) => autocorrelation(line, most))),
  };
}

/** Place by place. */
const meanOf = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length);
