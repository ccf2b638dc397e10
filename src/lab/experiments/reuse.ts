import type { Checkpoint } from '../../checkpoint/index.ts';
import { findModel } from '../../models/index.ts';
import { predictingState } from '../../step/index.ts';
import { ConfigError, type Tensor } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { denseBlocksOf } from '../arithmetic/dense-readings.ts';
import { readWeights } from '../arithmetic/read-weights.ts';
import { defineExperiment } from '../experiment.ts';
import { reuseFigures } from './reuse-figures.ts';
import { reuseFindings } from './reuse-findings.ts';
import type { ReusedNetwork, ReuseResult } from './reuse-result.ts';

interface Settings extends Amount {
  readonly networks: readonly string[];
}

/** Deep layers of a dense block read what its first layers made. */
export const reuse = defineExperiment<Settings, ReuseResult>({
  name: 'reuse',
  title: { en: 'Do dense layers use what early layers made?', zh: '稠密层会使用早期层的特征吗？' },
  about: 'by how much weight each layer of a dense block reads each earlier one',
  source: {
    en: 'Huang et al. 2017, Densely Connected Convolutional Networks (arXiv 1608.06993), §5 “Feature Reuse” and Figure 5',
    zh: 'Huang 等人 2017，Densely Connected Convolutional Networks（arXiv 1608.06993），§5 “Feature Reuse” 与图 5',
  },
  method: {
    en: 'A dense network is trained. For each layer that reads a dense block, the mean absolute weight is taken over the channels of the block’s input and of each earlier layer. Who reads whom is found from the graph.',
    zh: '训练一个稠密网络。对每个读取稠密块的层，分别对块的输入和前面各层的通道求权重绝对值的平均。谁读取谁由计算图得出。',
  },
  limits: {
    en: 'A weight shows what a layer could use, not what the answer depends on; after few epochs much of it is still the random start, so each network is held against chance.',
    zh: '权重只说明一层可能用到什么，不说明结果取决于什么；只训练少数几轮时，权重仍带有大量随机初值，因此都与纯随机的情形作对照。',
  },
  quick: { networks: ['densenet-bc40-k12'], ...quickAmount },
  full: { networks: ['densenet-bc40-k12', 'densenet40-k12'], ...fullAmount },
  takesRun: true,
  trainings: ({ networks, ...amount }) => networks.map((name) => ({ network: findModel(name), ...amount })),
  async run(lab, { networks, ...amount }) {
    if (lab.own) {
      const { file, checkpoint } = lab.own;
      return { networks: [networkOf(file, checkpoint, { name: checkpoint.network.name, isOwn: true })] };
    }
    const found: ReusedNetwork[] = [];
    for (const name of networks) {
      const { checkpoint, file, record } = await lab.train({ network: findModel(name), ...amount });
      found.push(networkOf(file, checkpoint, { name, isOwn: false, trained: record }));
    }
    return { networks: found };
  },
  show: (result) => ({
    findings: result.networks.flatMap(reuseFindings),
    figures: result.networks.flatMap(reuseFigures),
  }),
});

/** @throws ConfigError where the network has no dense block */
function networkOf(file: string, checkpoint: Checkpoint, known: Omit<ReusedNetwork, 'blocks'>): ReusedNetwork {
  const program = wholeProgramOf(file, checkpoint, 1);
  const blocks = denseBlocksOf(program);
  if (blocks.length === 0)
    throw new ConfigError(
      `lab: reuse: expected a network with dense blocks, but no layer of ${checkpoint.network.name} reads a growing concatenation`,
      'give a run of a dense network, such as densenet-bc40-k12, or none',
    );
  const predicting = predictingState(checkpoint.tensors, program.graph);
  return {
    ...known,
    blocks: blocks.map(({ readings }) =>
      readings.map((reading) => {
        const weight = predicting.get(reading.weight) as Tensor;
        const perChannel = weight.data.length / (weight.shape[reading.channelAxis] as number);
        return {
          layer: reading.weight.replace(/\.[^.]*$/, ''),
          number: reading.makes ?? null,
          weights: readWeights(weight, reading),
          counts: reading.channels.map((channels) => channels * perChannel),
        };
      }),
    ),
  };
}
