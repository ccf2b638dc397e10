/** The published networks for large images that one skeleton covers, each paper its table. */
import { defineFamily } from './family.ts';
import { imageNetResnet } from './imagenet-resnet.ts';

/** He et al. 2015, Table 1; counts of the form with the stride in the 3×3, which most implementations use. */
// biome-ignore format: the paper's table
export const imageNetResnetFamily = defineFamily({
  name: 'resnet-imagenet',
  paper: 'arXiv:1512.03385',
  title: 'Deep Residual Learning for Image Recognition',
  build: imageNetResnet,
  variants: {
    resnet18:  { depth: 18,  published: { params: 11_689_512, macs: 1.814e9, top1: 69.758, top5: 89.078 } },
    resnet34:  { depth: 34,  published: { params: 21_797_672, macs: 3.664e9, top1: 73.314, top5: 91.42 } },
    resnet50:  { depth: 50,  published: { params: 25_557_032, macs: 4.089e9, top1: 76.13, top5: 92.862 } },
    resnet101: { depth: 101, published: { params: 44_549_160, macs: 7.801e9, top1: 77.374, top5: 93.546 } },
    resnet152: { depth: 152, published: { params: 60_192_808, macs: 11.514e9, top1: 78.312, top5: 94.046 } },
    plain18:   { depth: 18, shortcut: 'none' },
    plain34:   { depth: 34, shortcut: 'none' },
  },
});

// biome-ignore format: the paper's table
export const resnextFamily = defineFamily({
  name: 'resnext',
  paper: 'arXiv:1611.05431',
  title: 'Aggregated Residual Transformations for Deep Neural Networks',
  build: imageNetResnet,
  variants: {
    resnext50_32x4d:  { depth: 50,  groups: 32, widthPerGroup: 4, published: { params: 25_028_904, top1: 77.618, top5: 93.698 } },
    resnext101_32x8d: { depth: 101, groups: 32, widthPerGroup: 8, published: { params: 88_791_336, top1: 79.312, top5: 94.526 } },
  },
});

// biome-ignore format: the paper's table
export const wideImageNetFamily = defineFamily({
  name: 'wide-resnet-imagenet',
  paper: 'arXiv:1605.07146',
  title: 'Wide Residual Networks',
  build: imageNetResnet,
  variants: {
    wide_resnet50_2:  { depth: 50,  widthPerGroup: 128, published: { params: 68_883_240, top1: 78.468, top5: 94.086 } },
    wide_resnet101_2: { depth: 101, widthPerGroup: 128, published: { params: 126_886_696, top1: 78.848, top5: 94.284 } },
  },
});

// biome-ignore format: the paper's table
export const resnetDFamily = defineFamily({
  name: 'resnet-d',
  paper: 'arXiv:1812.01187',
  title: 'Bag of Tricks for Image Classification with Convolutional Neural Networks',
  build: imageNetResnet,
  variants: {
    resnet50d: { depth: 50, stem: 'deep', shortcut: 'D' },
  },
});

// biome-ignore format: the paper's table
export const seResnetFamily = defineFamily({
  name: 'se-resnet',
  paper: 'arXiv:1709.01507',
  title: 'Squeeze-and-Excitation Networks',
  build: imageNetResnet,
  variants: {
    seresnet50: { depth: 50, squeeze: 16 },
  },
});
