/** The ten questions that the article ends with, and which claims answer them. */
import type { ShownQuestion } from '../../report/index.ts';

export const questions: readonly ShownQuestion[] = [
  {
    id: 'difference',
    number: 1,
    question: { en: 'What is the difference between ResNet and DenseNet?', zh: 'ResNet 和 DenseNet 的区别是什么？' },
    article: {
      en: 'How they connect layers: ResNet uses residual connections against vanishing gradients, DenseNet dense connections to improve the model further.',
      zh: 'ResNet和DenseNet都是深度神经网络的变体,它们的主要区别在于连接方式。ResNet通过引入残差连接来解决梯度消失问题,而DenseNet通过引入稠密连接来进一步优化模型。',
    },
    claims: ['stable-gradients', 'dense-connections'],
    beside: {
      en: 'A residual block adds its input, x_l = x_{l−1} + F_l(x_{l−1}); a dense layer reads all before it, x_l = H_l([x_0, …, x_{l−1}]). The article gives both one formula, with a single shortcut around the whole network: skein lab article says more, skein inspect resnet20 --html FILE draws the one, skein inspect densenet-bc40-k12 --html FILE the other.',
      zh: '残差块把输入加到输出上：x_l = x_{l−1} + F_l(x_{l−1})；稠密层读取此前的所有特征：x_l = H_l([x_0, …, x_{l−1}])。文章给两者同一个公式，只在整个网络外加一条快捷连接，详见 skein lab article；skein inspect resnet20 --html FILE 画出前者，skein inspect densenet-bc40-k12 --html FILE 画出后者。',
    },
  },
  {
    id: 'merits',
    number: 2,
    question: { en: 'What are the merits and drawbacks of each?', zh: 'ResNet 和 DenseNet 的优缺点是什么？' },
    article: {
      en: 'ResNet cures vanishing gradients, but its simple structure may not use all that depth offers. DenseNet has fewer parameters and does better, but is more complex to train and deploy.',
      zh: 'ResNet的优点是它通过引入残差连接来解决梯度消失问题,从而使模型能够更好地学习深层次的特征。ResNet的缺点是它的模型结构相对较简单,可能无法充分利用深度网络的潜力。DenseNet的优点是它通过引入稠密连接来进一步优化模型,从而减少模型的参数数量并提高模型的表现。DenseNet的缺点是它的模型结构相对较复杂,可能会增加训练和部署的难度。',
    },
    claims: ['dense-connections', 'parameters-and-cost'],
    beside: {
      en: 'The article says here that DenseNet has fewer parameters, and in question 6 that it has more.',
      zh: '文章在这里说 DenseNet 参数更少，在问题 6 中却说它参数更多。',
    },
  },
  {
    id: 'image-classification',
    number: 3,
    question: { en: 'How do they do on image classification?', zh: 'ResNet 和 DenseNet 在图像分类任务中的表现如何？' },
    article: {
      en: 'Both do well. On ImageNet ResNet is better than conventional CNN models; on some tasks DenseNet even surpasses ResNet.',
      zh: 'ResNet和DenseNet在图像分类任务中的表现都很好。ResNet在ImageNet大规模图像分类任务上的表现非常出色,它的表现优于传统的CNN模型。DenseNet在许多图像分类任务中表现出色,并且在某些任务中甚至超过ResNet的表现。',
    },
    claims: ['image-classification', 'conventional'],
  },
  {
    id: 'fields',
    number: 4,
    question: { en: 'In which fields are they used?', zh: 'ResNet 和 DenseNet 在实践中的应用场景如何？' },
    article: {
      en: 'Very widely in computer vision: classification and detection. They can be used for language and speech as well.',
      zh: 'ResNet和DenseNet在图像分类、目标检测、对象识别等计算机视觉领域的应用非常广泛。此外,这些结构也可以应用于自然语言处理、语音识别等其他领域。',
    },
    claims: [],
    beside: {
      en: 'Not measured. Skein classifies images, explains predictions and gives features of images; detection, language and speech are not in it.',
      zh: '未测量。Skein 目前支持图像分类、解释预测和提取图像特征，不支持目标检测、自然语言处理和语音识别。',
    },
  },
  {
    id: 'training',
    number: 5,
    question: { en: 'How does their training differ?', zh: 'ResNet 和 DenseNet 的训练过程有什么不同？' },
    article: {
      en: 'It is similar: similar optimisers and losses. What differs is structure and connections.',
      zh: 'ResNet和DenseNet的训练过程相似,它们都使用类似的优化算法(如梯度下降)和损失函数(如交叉熵损失)进行训练。不同之处在于它们的模型结构和连接方式,这些差异会影响它们在训练过程中的表现。',
    },
    claims: ['same-training'],
  },
  {
    id: 'parameters',
    number: 6,
    question: { en: 'How many parameters have they?', zh: 'ResNet 和 DenseNet 的模型参数数量有多少？' },
    article: {
      en: 'That depends on depth and width. Usually ResNet has fewer and DenseNet more.',
      zh: 'ResNet和DenseNet的模型参数数量取决于网络的深度和宽度。通常情况下,ResNet的参数数量较少,而DenseNet的参数数量较多。然而,具体的参数数量会随着网络结构的变化而发生变化。',
    },
    claims: ['parameters-and-cost'],
  },
  {
    id: 'computation',
    number: 7,
    question: { en: 'How much computation do they cost?', zh: 'ResNet 和 DenseNet 的计算复杂度如何？' },
    article: {
      en: 'That depends on depth and width. Usually DenseNet costs more, because dense connections add computation.',
      zh: 'ResNet和DenseNet的计算复杂度取决于网络的深度和宽度。通常情况下,DenseNet的计算复杂度较高,因为它的稠密连接会增加计算量。然而,具体的计算复杂度会随着网络结构的变化而发生变化。',
    },
    claims: ['parameters-and-cost'],
  },
  {
    id: 'interpretability',
    number: 8,
    question: { en: 'How interpretable are they?', zh: 'ResNet 和 DenseNet 的模型可解释性如何？' },
    article: {
      en: 'That depends on structure and training. Usually DenseNet is less interpretable, because dense connections make it more complex.',
      zh: 'ResNet和DenseNet的模型可解释性取决于网络结构和训练过程。通常情况下,DenseNet的模型可解释性较低,因为它的稠密连接会增加模型的复杂性。然而,具体的可解释性会随着网络结构和训练过程的变化而发生变化。',
    },
    claims: ['interpretability'],
  },
  {
    id: 'scaling',
    number: 9,
    question: { en: 'How well do they scale?', zh: 'ResNet 和 DenseNet 的模型可扩展性如何？' },
    article: {
      en: 'That depends on structure and training. Usually DenseNet scales less well, because dense connections make it more complex.',
      zh: 'ResNet和DenseNet的模型可扩展性取决于网络结构和训练过程。通常情况下,DenseNet的模型可扩展性较低,因为它的稠密连接会增加模型的复杂性。然而,具体的可扩展性会随着网络结构和训练过程的变化而发生变化。',
    },
    claims: ['scaling'],
  },
  {
    id: 'reliability',
    number: 10,
    question: { en: 'How reliable are they?', zh: 'ResNet 和 DenseNet 的模型可靠性如何？' },
    article: {
      en: 'That depends on structure, training and use. Usually they do very well on tasks such as image classification; elsewhere they may need to be improved.',
      zh: 'ResNet和DenseNet的模型可靠性取决于网络结构、训练过程和应用场景。通常情况下,这些模型在图像分类等任务中表现出色,但在其他应用场景中可能需要进一步优化。具体的可靠性会随着网络结构、训练过程和应用场景的变化而发生变化。',
    },
    claims: ['reliability'],
  },
];
