import type { Checkpoint } from '../../checkpoint/index.ts';
import { initialState } from '../../ir/index.ts';
import { crossEntropy } from '../../metrics/index.ts';
import { findModel } from '../../models/index.ts';
import { predictingState, predictionProgram } from '../../step/index.ts';
import { Random } from '../../tensor/index.ts';
import { wholeProgramOf } from '../../trained/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { directionTo, filterDirection, moved, type State } from '../arithmetic/filter-directions.ts';
import { withLossAt } from '../arithmetic/loss-at.ts';
import { places } from '../arithmetic/loss-surface.ts';
import { batchFor } from '../examined.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory } from '../laboratory.ts';
import { landscapeFigures } from './landscape-figures.ts';
import { landscapeFindings } from './landscape-findings.ts';
import type { Landscape, LandscapeResult } from './landscape-result.ts';

interface Settings extends Amount {
  readonly networks: readonly string[];
  /** Of each axis of the plane; odd, so that the network itself is one. */
  readonly points: number;
  /** Training images, the same at every point. Not those of a training, which `images` counts. */
  readonly measured: number;
}

/** For the curvature at the network itself. */
const step = 0.1;
/** Between the start of training and its end, both included. */
const wayPoints = 11;

/** The loss around trained networks is smoother with shortcuts. */
export const landscape = defineExperiment<Settings, LandscapeResult>({
  name: 'landscape',
  title: { en: 'Do shortcuts smooth the loss?', zh: '快捷连接会让损失曲面更平滑吗？' },
  about: 'the loss on a plane around trained plain and residual networks',
  source: {
    en: 'Li et al. 2018, Visualizing the Loss Landscape of Neural Nets (arXiv 1712.09913), §4, §5 and Figure 5',
    zh: 'Li 等人 2018，Visualizing the Loss Landscape of Neural Nets（arXiv 1712.09913），§4、§5 与图 5',
  },
  method: {
    en: 'The weights of a trained network are moved along two random directions, each filter’s part scaled to the filter’s norm; batch norms and biases stay. At each point the loss on the same training images is measured, as the network predicts.',
    zh: '沿两个随机方向移动已训练网络的权重，方向中每个滤波器的部分按该滤波器的范数缩放；批归一化参数与偏置不动。每一点都在同一批训练图像上以评估模式测量损失。',
  },
  limits: {
    en: 'One pair of random directions of very many, and a coarse grid whose neighbouring points are much alike, so that shares of it tell less than as many draws would; networks trained for few epochs, where the paper trained to the end. Batch norms keep the statistics of the network in the middle.',
    zh: '只取极多方向中的一对随机方向；网格较粗，相邻的点很相似，因此其比例不如同样多次独立抽样可靠；网络也只训练少数几轮，而论文训练到了最后。批归一化始终使用中心网络的统计量。',
  },
  quick: { networks: ['plain20', 'resnet20', 'plain56', 'resnet56'], points: 11, measured: 48, ...quickAmount },
  full: { networks: ['plain20', 'resnet20', 'plain56', 'resnet56'], points: 25, measured: 256, ...fullAmount },
  takesRun: true,
  trainings: ({ networks, points: _, measured: __, ...amount }) =>
    networks.map((name) => ({ network: findModel(name), ...amount })),
  async run(lab, { networks, points, measured, ...amount }) {
    const settings = { points, measured };
    if (lab.own) {
      const { file, checkpoint } = lab.own;
      const { name } = checkpoint.network;
      return { landscapes: [await lab.piece(name, () => landscapeOf(lab, { name, file, checkpoint, ...settings }))] };
    }
    const landscapes: Landscape[] = [];
    for (const name of networks) {
      const network = findModel(name);
      const { file, checkpoint, record } = await lab.train({ network, ...amount });
      const { graph } = predictionProgram({ network, image: lab.image, classes: lab.classes, batchSize: 1 });
      const start = initialState(graph, record.seed);
      const around = await lab.piece(name, () => landscapeOf(lab, { name, file, checkpoint, start, ...settings }));
      landscapes.push({ ...around, trained: record });
    }
    return { landscapes };
  },
  show: ({ landscapes }) => ({
    findings: landscapeFindings(landscapes),
    figures: landscapeFigures(landscapes),
  }),
});

interface Place {
  readonly name: string;
  readonly file: string;
  readonly checkpoint: Checkpoint;
  /** What training began with. */
  readonly start?: State;
  readonly points: number;
  readonly measured: number;
}

async function landscapeOf(lab: Laboratory, place: Place): Promise<Landscape> {
  const { name, file, checkpoint, start, points, measured } = place;
  const { images, labels } = await batchFor(lab, 'train', measured, place);
  const program = wholeProgramOf(file, checkpoint, labels.length);
  const classes = checkpoint.classes.length;
  const predicting = predictingState(checkpoint.tensors, program.graph);
  const end: State = new Map([...program.graph.state.keys()].map((key) => [key, predicting.get(key)] as never));
  const random = new Random(lab.seed).fork('landscape');
  const [first, second] = ([1, 2] as const).map((at) => filterDirection(program, end, random.fork(at)));
  const all = points * points + 4 + (start ? wayPoints : 0);
  const lossOf = (logits: Float32Array) => crossEntropy(logits, labels, classes).mean;
  return withLossAt({ engine: lab.engine, threads: lab.threads, program, images, lossOf }, async (lossAt) => {
    let done = 0;
    const measure = (state: State) => {
      lab.signal.throwIfAborted();
      lab.progress(`${name}: the loss around it`, done++ / all);
      return lossAt(state);
    };
    const along = (x: number, y: number) => measure(moved(end, [x, first as never], [y, second as never]));
    const plane: (number | null)[][] = [];
    for (const y of places(points)) {
      const row: (number | null)[] = [];
      for (const x of places(points)) row.push(await along(x, y));
      plane.push(row);
    }
    const near = [
      [await along(-step, 0), await along(step, 0)],
      [await along(0, -step), await along(0, step)],
    ] as const;
    const way: [number, number | null][] = [];
    if (start) {
      const whole = directionTo(start, end);
      for (let i = 0; i < wayPoints; i++) {
        const share = i / (wayPoints - 1);
        way.push([share, await measure(moved(start, [share, whole]))]);
      }
    }
    return { name, classes, places: places(points), plane, near, step, ...(start && { way }) };
  });
}
