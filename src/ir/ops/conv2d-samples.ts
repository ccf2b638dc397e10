/** What a convolution is asked with, and the shapes that the conformance suite tries. */
import type { SampleInput } from '../op.ts';
import type { Pair } from './window.ts';

type Samples<A> = readonly { readonly inputs: readonly SampleInput[]; readonly attributes: A }[];

export interface ConvAttributes {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

/** One pixel at a time, no frame, no holes, all channels together. */
export const plain: ConvAttributes = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };

export const convSamples: Samples<ConvAttributes> = [
  {
    inputs: [
      [2, 3, 5, 5],
      [4, 3, 3, 3],
    ],
    attributes: { ...plain, padding: [1, 1] },
  },
  {
    inputs: [
      [1, 4, 6, 7],
      [6, 2, 3, 2],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [1, 1], groups: 2 },
  },
  {
    inputs: [
      [2, 2, 7, 7],
      [3, 2, 3, 3],
    ],
    attributes: { ...plain, dilation: [2, 2], padding: [2, 2] },
  },
  {
    inputs: [
      [2, 3, 4, 4],
      [2, 3, 1, 1],
    ],
    attributes: { ...plain, stride: [2, 2] },
  },
  {
    inputs: [
      [2, 5, 4, 3],
      [6, 5, 1, 1],
    ],
    attributes: plain,
  },
  {
    inputs: [
      [1, 3, 9, 9],
      [4, 3, 7, 7],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [3, 3] },
  },
  {
    inputs: [
      [2, 4, 5, 5],
      [4, 1, 3, 3],
    ],
    attributes: { ...plain, padding: [1, 1], groups: 4 },
  },
  {
    inputs: [
      [2, 4, 8, 8],
      [4, 4, 3, 3],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [1, 1] },
  },
  {
    inputs: [
      [1, 20, 4, 5],
      [18, 20, 3, 3],
    ],
    attributes: { ...plain, padding: [1, 1] },
  },
  {
    inputs: [
      [1, 32, 3, 3],
      [16, 32, 3, 3],
    ],
    attributes: { ...plain, padding: [1, 1] },
  },
];

export const inputGradientSamples: Samples<ConvAttributes & { readonly size: Pair }> = [
  {
    inputs: [
      [2, 4, 5, 5],
      [4, 3, 3, 3],
    ],
    attributes: { ...plain, padding: [1, 1], size: [5, 5] },
  },
  {
    inputs: [
      [1, 4, 3, 3],
      [4, 3, 3, 3],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [1, 1], size: [6, 5] },
  },
  {
    inputs: [
      [2, 4, 2, 3],
      [4, 2, 1, 1],
    ],
    attributes: { ...plain, stride: [2, 2], groups: 2, size: [4, 5] },
  },
  {
    inputs: [
      [1, 4, 5, 5],
      [4, 3, 7, 7],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [3, 3], size: [10, 9] },
  },
  {
    inputs: [
      [2, 4, 3, 4],
      [4, 2, 3, 3],
    ],
    attributes: { ...plain, dilation: [2, 2], padding: [1, 1], size: [5, 6] },
  },
];

export const weightGradientSamples: Samples<ConvAttributes & { readonly kernel: Pair }> = [
  {
    inputs: [
      [2, 3, 5, 5],
      [2, 4, 5, 5],
    ],
    attributes: { ...plain, padding: [1, 1], kernel: [3, 3] },
  },
  {
    inputs: [
      [2, 3, 6, 5],
      [2, 4, 3, 3],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [1, 1], kernel: [3, 3] },
  },
  {
    inputs: [
      [2, 4, 4, 5],
      [2, 4, 2, 3],
    ],
    attributes: { ...plain, stride: [2, 2], groups: 2, kernel: [1, 1] },
  },
  {
    inputs: [
      [2, 3, 4, 4],
      [2, 5, 4, 4],
    ],
    attributes: { ...plain, kernel: [1, 1] },
  },
  {
    inputs: [
      [1, 3, 10, 9],
      [1, 4, 5, 5],
    ],
    attributes: { ...plain, stride: [2, 2], padding: [3, 3], kernel: [7, 7] },
  },
  {
    inputs: [
      [2, 2, 7, 7],
      [2, 4, 7, 7],
    ],
    attributes: { ...plain, dilation: [2, 2], padding: [2, 2], groups: 2, kernel: [3, 3] },
  },
];
