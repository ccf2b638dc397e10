import { describeModels, findModel } from '../../models/index.ts';
import { articleDensenetParams, articleResnetParams } from '../arithmetic/article-params.ts';
import { blockSides, mostBlocks } from '../arithmetic/article-sizes.ts';
import { tryToBuild } from '../arithmetic/build-attempt.ts';
import { defineExperiment } from '../experiment.ts';
import { articleDensenet } from '../networks/article-densenet.ts';
import { articleResnet } from '../networks/article-resnet.ts';
import { denseLadder, repairedDense } from '../networks/dense-ladder.ts';
import { articleFigures } from './article-figures.ts';
import { articleFindings } from './article-findings.ts';
import type { ArticleResult, ArticleSettings, BuiltAndTrained } from './article-result.ts';

/** The article's own networks, built as its code says. */
export const article = defineExperiment<ArticleSettings, ArticleResult>({
  name: 'article',
  title: { en: 'Does the article’s code do what its text says?', zh: '文章中的代码与文字相符吗？' },
  about: "the article's ResNet and DenseNet, built literally, beside those of the papers",
  source: {
    en: 'The article’s section 4; He et al. 2015, §4.2; Huang et al. 2017, §3',
    zh: '文章第 4 节；He 等人 2015，§4.2；Huang 等人 2017，§3',
  },
  method: {
    en: 'Both networks are built line by line as the article has them. What stops them is repaired, one mistake at a time. What can run is trained beside the papers’ networks of about as many layers.',
    zh: '按文章的代码逐行搭建两个网络；遇到错误就逐个修复；能运行的网络，与论文中层数相近的网络用同一方案训练。',
  },
  limits: {
    en: 'One seed and few epochs: the accuracies tell large differences only. The literal networks are wider than the papers’ small ones, so accuracy does not isolate the connections; the pair with and without shortcuts does.',
    zh: '只有一个种子、少数几轮，只能看出较大的差别。文章的网络比论文的小网络更宽，因此准确率不能单独说明连接的作用；有、无快捷连接的那一对可以。',
  },
  quick: { sizes: [32, 224], blocks: 3, epochs: 3, images: 2000, batchSize: 64 },
  full: { sizes: [32, 224], blocks: 3, epochs: 10 },
  trainings: ({ sizes: _, blocks, ...amount }) => trainedNetworks(blocks).map((network) => ({ network, ...amount })),
  async run(lab, { sizes, blocks, ...amount }) {
    const square = (size: number) => ({ channels: 3, height: size, width: size });
    const literal = articleResnet(50);
    const resnet = sizes.map((size) => ({
      size,
      ...blockSides(size, 50),
      most: mostBlocks(size),
      error: tryToBuild(literal, square(size), 10).error,
    }));
    const ladder = [{}, ...denseLadder.map(({ repairs }) => repairs)].map((repairs) => ({
      attempts: sizes.map((size) => tryToBuild(articleDensenet(repairs), square(size), 10)),
    }));
    const trained: BuiltAndTrained[] = [];
    for (const network of trainedNetworks(blocks)) {
      const built = tryToBuild(network, lab.image, lab.classes);
      const { record: run } = await lab.train({ network, ...amount });
      trained.push({ built, run });
    }
    return {
      resnet,
      params: {
        resnet: articleResnetParams(50),
        densenet: articleDensenetParams(100, 12, [9, 9, 9, 9, 9]),
        paperResnet: paramsOf('resnet50'),
        paperDensenet: paramsOf('densenet100-k12'),
      },
      ladder,
      trained,
    };
  },
  show: (result) => ({ findings: articleFindings(result), figures: articleFigures(result) }),
});

const trainedNetworks = (blocks: number) => [
  articleResnet(blocks),
  articleResnet(blocks, { shortcuts: true }),
  findModel('resnet8'),
  articleDensenet(repairedDense),
  findModel('densenet-bc22-k12'),
];

/** For its usual image and classes. */
const paramsOf = (model: string): number => describeModels(model)[0]?.params ?? Number.NaN;
