import { gradCam, integratedGradients } from '../../explain/index.ts';
import { findModel } from '../../models/index.ts';
import { fullAmount, quickAmount } from '../amounts.ts';
import { defineExperiment } from '../experiment.ts';
import { explainedScores } from '../explained-scores.ts';
import { interpretabilityFigures } from './interpretability-figures.ts';
import { interpretabilityFindings } from './interpretability-findings.ts';
import type { InterpretabilityResult, InterpretabilitySettings } from './interpretability-result.ts';

/** Whether maps of dense networks tell less of what they use. */
export const interpretability = defineExperiment<InterpretabilitySettings, InterpretabilityResult>({
  name: 'interpretability',
  title: { en: 'Are dense networks harder to explain?', zh: '稠密网络更难解释吗？' },
  about: 'insertion and deletion scores of maps of plain, residual and dense networks',
  source: {
    en: 'Petsiuk et al. 2018, RISE, §4.1; Selvaraju et al. 2017, Grad-CAM; Sundararajan et al. 2017, Axiomatic Attribution',
    zh: 'Petsiuk 等人 2018，RISE，§4.1；Selvaraju 等人 2017，Grad-CAM；Sundararajan 等人 2017，Axiomatic Attribution',
  },
  method: {
    en: 'Grad-CAM and integrated gradients mark what in a test image speaks for the network’s own answer. Marked pixels are put into a blurred image, or taken out of the image, the most marked first; the score is the area under the probability of the answer. Random maps on a grid as fine are scored beside each map.',
    zh: '用 Grad-CAM 与积分梯度标出测试图像中支持网络预测结果的部分。按标记强弱，把像素依次放入模糊图像，或依次从图像中去掉；得分是预测类别概率曲线下的面积。每张显著图都有同样精细的随机显著图作对照。',
  },
  limits: {
    en: 'Such a score tells whether marked pixels change the network’s answer. It does not tell whether a person understands the network, whether the map is right about anything else, or why a pixel counts. Images with pixels missing are unlike those of training, and a surer network has larger areas: these are divided by the probability of the answer, and only the gain over random maps is compared.',
    zh: '这种得分只说明标出的像素是否影响网络的预测结果，不能说明人能否理解网络、显著图在其他方面是否正确、像素为何重要。缺像素的图像与训练图像不同；更自信的网络面积更大，所以把面积除以预测类别的概率，并且只比较相对随机显著图的增益。',
  },
  quick: {
    networks: ['plain20', 'resnet20', 'densenet-bc40-k12'],
    amount: quickAmount,
    test: 30,
    gradients: 16,
    randomMaps: 1,
    steps: 16,
  },
  full: {
    networks: ['plain20', 'resnet20', 'densenet-bc40-k12'],
    amount: fullAmount,
    test: 200,
    gradients: 50,
    randomMaps: 5,
    steps: 32,
  },
  trainings: ({ networks, amount }) => networks.map((name) => ({ network: findModel(name), ...amount })),
  async run(lab, { networks: names, amount, test, gradients, randomMaps, steps }) {
    // a sum of few gradients orders pixels well enough; the paper takes 20 to 300
    const methods = [gradCam(), integratedGradients({ steps: gradients, tolerance: 1 })];
    const networks: InterpretabilityResult['networks'][number][] = [];
    for (const name of names) {
      const trained = await lab.train({ network: findModel(name), ...amount });
      const images = await lab.piece(`maps of ${name}, ${test} images`, async () =>
        explainedScores(lab, trained, await lab.batch('test', test), { methods, randomMaps, steps }),
      );
      networks.push({ network: name, top1: trained.record.test.top1, images });
    }
    return { classes: lab.classes, methods: methods.map(({ title }) => title), networks };
  },
  show: (result) => ({ findings: interpretabilityFindings(result), figures: interpretabilityFigures(result) }),
});
