import { chooseEngine, engineNames } from '../../engines/index.ts';
import { freeze, initialState, layersOf, plan } from '../../ir/index.ts';
import { findModel, linearClassifier, models } from '../../models/index.ts';
import type { ImageSize, Network } from '../../nn/index.ts';
import { predictionProgram, stepProgram } from '../../step/index.ts';
import { inspectNetwork, type PlannedMemory } from '../../train/index.ts';
import { measuredRun } from '../arithmetic/measured-run.ts';
import { trafficOf } from '../arithmetic/memory-traffic.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';
import { memoryFigures } from './memory-figures.ts';
import { memoryFindings } from './memory-findings.ts';
import type { CountedNetwork, LargeNetwork, MeasuredNetwork, MemoryResult } from './memory-result.ts';

export interface MemorySettings {
  readonly networks: readonly string[];
  readonly batchSize: number;
  /** Of which the median is taken, after one that does not count. */
  readonly runs: number;
  /** Published networks for large images, of which nothing is run. */
  readonly large: readonly string[];
}

const large = [
  ...['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152'],
  ...['densenet121', 'densenet169', 'densenet201', 'densenet161'],
  'vgg16',
];
const networks = ['resnet20', 'resnet56', 'densenet-bc40-k12', 'densenet40-k12', 'vgg11-cifar'];

/** Parameters, multiply-adds, time and memory. */
export const memory = defineExperiment<MemorySettings, MemoryResult>({
  name: 'memory',
  title: { en: 'What do the networks cost?', zh: '这些网络的代价有多大？' },
  about: 'parameters, multiply-adds, time and memory of steps and predictions',
  source: {
    en: 'Huang et al. 2017 (arXiv 1608.06993), §4 and Figures 3 and 4; Pleiss et al. 2017, Memory-Efficient Implementation of DenseNets (arXiv 1707.06990)',
    zh: 'Huang 等人 2017（arXiv 1608.06993），§4、图 3 与图 4；Pleiss 等人 2017，Memory-Efficient Implementation of DenseNets（arXiv 1707.06990）',
  },
  method: {
    en: 'Parameters, multiply-adds and the bytes that ops read and write are counted from each network’s graph. Each training step and each prediction then runs in a process of its own, whose time and peak memory are measured.',
    zh: '由各网络的计算图统计参数量、乘加次数以及各运算读写的字节数。每个训练步和每次预测都在单独的进程中运行，测量其时间与内存峰值。',
  },
  limits: {
    en: 'Time and peak are of this machine and this engine, and hold what else ran meanwhile; bytes read and written are counted as if no op were joined with another and nothing stayed in caches. Large networks are counted, not run.',
    zh: '时间与峰值只属于这台机器和这一引擎，也受当时其他程序影响；读写字节按运算互不融合、不经缓存计算。大网络只作统计，不运行。',
  },
  quick: { networks, batchSize: 64, runs: 3, large },
  full: { networks: [...networks, 'resnet110', 'densenet-bc100-k12'], batchSize: 64, runs: 10, large },
  async run(lab, { networks: names, batchSize, runs, large: published }) {
    const measure = await meter(lab, batchSize, runs);
    const least = await lab.piece('a network of one layer', () => measure.step(linearClassifier()));
    const measured: MeasuredNetwork[] = [];
    for (const name of names) measured.push(await lab.piece(name, () => measure.all(findModel(name))));
    return { least, networks: measured, large: published.map(largeNetwork) };
  },
  show: (result, { batchSize }) => ({
    findings: memoryFindings(result, batchSize),
    figures: memoryFigures(result, batchSize),
  }),
});

async function meter(lab: Laboratory, batchSize: number, runs: number) {
  const { classes, image, threads, signal } = lab;
  // the laboratory's own keeps its process, whose peak would be that of all before
  const { name } = lab.engine;
  const engine = engineNames.includes(name) ? (await chooseEngine(name, 'train')).engine : lab.engine;
  const measure = (program: Parameters<typeof measuredRun>[0]) =>
    measuredRun(program, classes, { engine, threads, signal, runs });
  const sizes = (network: Network) => ({ network, image, classes, batchSize });
  const step = (network: Network, recompute: 'none' | 'dense' = 'none') =>
    measure(stepProgram({ ...sizes(network), recompute }));
  const all = async (network: Network): Promise<MeasuredNetwork> => {
    const { training, recomputing, prediction, structure } = inspectNetwork(network, { image, classes, batchSize });
    const predicting = predictionProgram(sizes(network));
    const isDense = structure.denseEdges.length > 0;
    return {
      ...counted(network, image, classes),
      planned: {
        step: training as PlannedMemory,
        dense: recomputing?.dense as PlannedMemory,
        cheap: recomputing?.cheap as PlannedMemory,
        prediction,
      },
      step: await step(network),
      ...(isDense && { recomputing: await step(network, 'dense') }),
      prediction: await measure(freeze(predicting, initialState(predicting.graph, 0))),
    };
  };
  return { step, all };
}

function counted(network: Network, image?: ImageSize, classes?: number): CountedNetwork {
  const size = image ?? (network.image as ImageSize);
  const program = predictionProgram({
    network,
    image: size,
    classes: classes ?? (network.classes as number),
    batchSize: 1,
  });
  const { params, macs } = plan(program);
  const activationBytes = layersOf(program).reduce((sum, layer) => sum + layer.activationBytes, 0);
  return { name: network.name, params, macs, activationBytes, traffic: trafficOf(program) };
}

function largeNetwork(name: string): LargeNetwork {
  const { params, macs, top1 } = models.get(name)?.published ?? {};
  return {
    ...counted(findModel(name)),
    published: {
      ...(params !== undefined && { params }),
      ...(macs !== undefined && { macs }),
      ...(top1 !== undefined && { top1 }),
    },
  };
}
