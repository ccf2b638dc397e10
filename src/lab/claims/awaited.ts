/** The claims that the article makes: a question each, and the article's own words. A record of `claims.ts` takes the place of its number. */
import type { Claim } from './claim.ts';

/** A claim that no experiment answers yet. */
const awaited = (claim: Pick<Claim, 'id' | 'number' | 'question' | 'article'>): Claim => ({
  ...claim,
  sources: [],
  answer: () => ({
    verdict: 'open',
    answer: {
      en: 'Nothing is measured here yet: an experiment is missing for an answer.',
      zh: '这里尚未测量：还缺少一项实验，无法回答。',
    },
    numbers: [],
  }),
});

export const awaitedClaims: readonly Claim[] = [
  awaited({
    id: 'vanishing-gradients',
    number: 1,
    question: {
      en: 'Do gradients vanish or explode in deep plain networks?',
      zh: '深层普通网络的梯度会消失或爆炸吗？',
    },
    article: {
      en: 'With more layers the gradient may gradually approach zero, so that deeper features are not learnt; or it may grow rapidly, which makes training unstable.',
      zh: '随着层数的增加,梯度可能会逐渐趋于零(vanishing gradient),导致模型无法学习到更深层次的特征。相反,梯度可能会急速增长(exploding gradient),导致训练过程不稳定。',
    },
  }),
  awaited({
    id: 'stable-gradients',
    number: 2,
    question: {
      en: 'Do residual connections keep the gradient stable through training?',
      zh: '残差连接能让梯度在整个训练过程中保持稳定吗？',
    },
    article: {
      en: 'ResNet connects layers directly, which keeps the gradient stable throughout training.',
      zh: 'ResNet的设计思想是允许每个层之间直接连接,这样可以使梯度能够在整个训练过程中保持稳定。',
    },
  }),
  awaited({
    id: 'degradation',
    number: 3,
    question: { en: 'Do deeper plain networks train worse?', zh: '普通网络越深，训练越差吗？' },
    article: {
      en: 'As models get deeper, training deep neural networks becomes more of a challenge.',
      zh: '随着模型的深度增加,训练深度神经网络的挑战也随之增加。',
    },
  }),
  awaited({
    id: 'dense-connections',
    number: 4,
    question: {
      en: 'Do dense connections pass information on better, with fewer parameters?',
      zh: '稠密连接能以更少的参数更有效地传递信息吗？',
    },
    article: {
      en: 'Dense connections pass information on more effectively and reduce the number of parameters.',
      zh: '稠密连接可以更有效地传递信息并减少模型的参数数量。',
    },
  }),
  awaited({
    id: 'image-classification',
    number: 5,
    question: {
      en: 'Do residual and dense networks both do well on image classification?',
      zh: '残差网络和稠密网络在图像分类上都表现良好吗？',
    },
    article: {
      en: 'ResNet and DenseNet both do well on image classification; on some tasks DenseNet even surpasses ResNet.',
      zh: 'ResNet和DenseNet在图像分类任务中的表现都很好。……DenseNet在许多图像分类任务中表现出色,并且在某些任务中甚至超过ResNet的表现。',
    },
  }),
  awaited({
    id: 'same-training',
    number: 6,
    question: { en: 'Is their training the same but for the structure?', zh: '除了结构，两者的训练过程相同吗？' },
    article: {
      en: 'Their training is similar: a similar optimiser, such as gradient descent, and a similar loss, such as cross entropy. What differs is structure and connections.',
      zh: 'ResNet和DenseNet的训练过程相似,它们都使用类似的优化算法(如梯度下降)和损失函数(如交叉熵损失)进行训练。不同之处在于它们的模型结构和连接方式……',
    },
  }),
  awaited({
    id: 'parameters-and-cost',
    number: 7,
    question: {
      en: 'Has ResNet fewer parameters, and does DenseNet cost more computation?',
      zh: 'ResNet 的参数更少、DenseNet 的计算量更大吗？',
    },
    article: {
      en: 'Usually ResNet has fewer parameters and DenseNet more. Usually DenseNet costs more computation, because dense connections add to it.',
      zh: '通常情况下,ResNet的参数数量较少,而DenseNet的参数数量较多。……通常情况下,DenseNet的计算复杂度较高,因为它的稠密连接会增加计算量。',
    },
  }),
  awaited({
    id: 'interpretability',
    number: 8,
    question: { en: 'Are dense networks less interpretable?', zh: '稠密网络更难解释吗？' },
    article: {
      en: 'Usually DenseNet is less interpretable, because its dense connections make the model more complex.',
      zh: '通常情况下,DenseNet的模型可解释性较低,因为它的稠密连接会增加模型的复杂性。',
    },
  }),
  awaited({
    id: 'scaling',
    number: 9,
    question: { en: 'Do dense networks scale less well?', zh: '稠密网络的可扩展性更差吗？' },
    article: {
      en: 'Usually DenseNet scales less well, because its dense connections make the model more complex.',
      zh: '通常情况下,DenseNet的模型可扩展性较低,因为它的稠密连接会增加模型的复杂性。',
    },
  }),
  awaited({
    id: 'reliability',
    number: 10,
    question: { en: 'How reliable are both?', zh: '两者的可靠性如何？' },
    article: {
      en: 'Usually these models do very well on tasks such as image classification; in other settings they may need to be improved.',
      zh: '通常情况下,这些模型在图像分类等任务中表现出色,但在其他应用场景中可能需要进一步优化。',
    },
  }),
  awaited({
    id: 'overfitting',
    number: 11,
    question: { en: 'Does more depth mean more overfitting?', zh: '网络越深，过拟合越严重吗？' },
    article: {
      en: 'As models get deeper, overfitting may become more severe.',
      zh: '随着模型的深度增加,过拟合问题可能会变得更加严重。',
    },
  }),
  awaited({
    id: 'transfer-and-distillation',
    number: 12,
    question: {
      en: 'Do transfer learning and distillation make training faster?',
      zh: '迁移学习和知识蒸馏能加快训练吗？',
    },
    article: {
      en: 'More efficient training methods, such as knowledge transfer and transfer learning, can speed up the training of the model.',
      zh: '我们可以研究更高效的训练方法,例如知识迁移学习、迁移学习等,以加速模型的训练过程。',
    },
  }),
  awaited({
    id: 'conventional',
    number: 13,
    question: {
      en: 'Do both beat a conventional convolutional network?',
      zh: '两者都优于传统的卷积网络吗？',
    },
    article: {
      en: 'ResNet does extremely well on the ImageNet classification task: better than conventional CNN models.',
      zh: 'ResNet在ImageNet大规模图像分类任务上的表现非常出色,它的表现优于传统的CNN模型。',
    },
  }),
];
