import { quantile } from '../../metrics/index.ts';
import { Random } from '../../tensor/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { mean } from '../arithmetic/averages.ts';
import { PathGradients } from '../arithmetic/path-gradients.ts';
import { pathShares } from '../arithmetic/path-lengths.ts';
import { batchFor, examined, examinedTrainings } from '../examined.ts';
import { defineExperiment } from '../experiment.ts';
import type { Laboratory, LaboratoryBatch } from '../laboratory.ts';
import { pathsFigures } from './paths-figures.ts';
import { pathsFindings } from './paths-findings.ts';
import type { PathLength, PathsRecord, PathsResult } from './paths-result.ts';

interface Settings extends Amount {
  readonly networks: readonly string[];
  /** Images, each of which takes one path of each length. */
  readonly samples: number;
  /** Training images from which those are drawn. */
  readonly drawnFrom: number;
}

/** The gradient of a residual network comes along its short paths. */
export const paths = defineExperiment<Settings, PathsResult>({
  name: 'paths',
  title: { en: 'Which paths carry the gradient?', zh: '梯度沿哪些路径传播？' },
  about: 'how many paths of each length a residual network has, and what gradient they carry',
  source: {
    en: 'Veit, Wilber and Belongie 2016, arXiv 1605.06431, §5, Figure 6',
    zh: 'Veit、Wilber 与 Belongie 2016，arXiv 1605.06431，§5，图 6',
  },
  method: {
    en: 'A residual network of n blocks has 2ⁿ paths. Forward, a batch passes as ever, with batch norm as in evaluation; backward, the gradient is let through k branches drawn at random and through the shortcut alone of all other blocks.',
    zh: 'n 个块的残差网络有 2ⁿ 条路径。前向照常计算（批归一化按评估模式）；反向时，梯度只通过随机抽取的 k 个分支，其余块只通过快捷连接。',
  },
  limits: {
    en: 'What all paths of a length carry is taken as their number times the mean norm of a few. Gradients of different paths point in different directions and cancel in part, so that this is not what reaches the image.',
    zh: '同一长度所有路径的梯度以“路径数 × 少数抽样的平均范数”估计。不同路径的梯度方向不同，会部分抵消，因此这不等于到达图像的梯度。',
  },
  takesRun: true,
  quick: { networks: ['resnet56'], ...quickAmount, samples: 128, drawnFrom: 500 },
  full: { networks: ['resnet110'], ...fullAmount, samples: 300, drawnFrom: 2000 },
  trainings: ({ networks, ...settings }) => examinedTrainings(networks, settings),
  async run(lab, settings) {
    const networks: PathsRecord[] = [];
    for await (const network of examined(lab, settings.networks, settings)) {
      const batch = await batchFor(lab, 'train', settings.drawnFrom, network);
      networks.push(
        await lab.piece(`${network.name}: paths`, async () => {
          const gradients = await PathGradients.of(network, {
            engine: lab.engine,
            threads: lab.threads,
            together: Math.min(64, settings.samples),
          });
          try {
            return await measured(lab, network.name, gradients, batch, settings.samples);
          } finally {
            await gradients.dispose();
          }
        }),
      );
    }
    return { networks };
  },
  show: ({ networks }) => ({ findings: networks.flatMap(pathsFindings), figures: pathsFigures(networks) }),
});

async function measured(
  lab: Laboratory,
  network: string,
  gradients: PathGradients,
  batch: LaboratoryBatch,
  samples: number,
): Promise<PathsRecord> {
  const places = gradients.blocks.map((_, place) => place);
  const blocks = places.length;
  // the same images for every length, so that lengths differ by their paths alone
  const random = new Random(lab.seed).fork(`paths ${network} images`);
  const images = Array.from({ length: samples }, () => random.integer(batch.labels.length));
  const lengths: PathLength[] = [];
  for (const [length, share] of pathShares(blocks).entries()) {
    lab.signal.throwIfAborted();
    const random = new Random(lab.seed).fork(`paths ${network} ${length}`);
    const drawn = images.map((image) => ({ image, branches: random.shuffle([...places]).slice(0, length) }));
    const norms = (await gradients.norms(batch, drawn)).sort((a, b) => a - b);
    lengths.push({ length, share, norm: mean(norms), low: quantile(norms, 0.25), high: quantile(norms, 0.75) });
    lab.progress(`${network}: paths`, (length + 1) / (blocks + 1));
  }
  const all = images.map((image) => ({ image, branches: 'all' as const }));
  return { network, blocks, samples, lengths, whole: mean(await gradients.norms(batch, all)) };
}
