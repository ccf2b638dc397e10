/** Residual networks with other shortcuts than the identity: He et al. 2016 (arXiv 1603.05027), §3.1, Figure 2 and Table 1. */
import { add, currentScope, multiply, reshape, scope, sigmoid, subtract, type Value } from '../../ir/index.ts';
import { findModel, fittedInput, type Join, smallResidualNetwork } from '../../models/index.ts';
import { constant, conv, dropout, type Network } from '../../nn/index.ts';
import type { Words } from '../../report/index.ts';

/** A row of Table 1. Shortcuts start from the input as option A fits it, where a block changes the shape. */
export interface ShortcutKind {
  readonly name: string;
  readonly label: Words;
  /** What is done to the shortcut and to the block's own part, as the table writes it. */
  readonly onShortcut: string;
  readonly onBranch: string;
  /** Test error in percent with ResNet-110 on CIFAR-10, the median of five runs; undefined where the paper says "fail", which is above 20 %. */
  readonly published: number | undefined;
  /** From a depth. */
  network(depth: number): Network;
}

const channelsOf = (x: Value) => x.type.shape[1] as number;

/** With a join of its own, under the name `resnet20-dropout`. */
const joined =
  (name: string, join: Join) =>
  (depth: number): Network =>
    smallResidualNetwork({ name: `resnet${depth}-${name}`, depth, join });

/** Constant scaling, Figure 2 (b). */
const scaled =
  (onShortcut: number, onBranch: number): Join =>
  (x, y, stride) =>
    add(onBranch === 1 ? y : multiply(y, onBranch), multiply(fittedInput(x, y, stride), onShortcut));

/** g(x) = σ(W x + b), W a 1×1 convolution and b `bias` at first. */
function gate(x: Value, y: Value, stride: number, bias: number): Value {
  return scope('gate', () => {
    const channels = channelsOf(y);
    const weighed = conv(x, channels, { kernel: 1, stride, name: 'conv' });
    const biases = x.graph.entry(`${currentScope()}.bias`, [channels], 'parameter', constant(bias));
    return sigmoid(add(weighed, reshape(biases, [channels, 1, 1])));
  });
}

/** Figure 2 (c): the branch times g(x), the shortcut times 1 − g(x). */
const exclusiveGate =
  (bias: number): Join =>
  (x, y, stride) => {
    const open = gate(x, y, stride, bias);
    return add(multiply(y, open), multiply(fittedInput(x, y, stride), subtract(1, open)));
  };

/** Figure 2 (d): the shortcut alone, times 1 − g(x). */
const shortcutGate =
  (bias: number): Join =>
  (x, y, stride) =>
    add(y, multiply(fittedInput(x, y, stride), subtract(1, gate(x, y, stride, bias))));

/** Figure 2 (e): also where the block keeps the shape. */
const convolution: Join = (x, y, stride) => add(y, conv(x, channelsOf(y), { kernel: 1, stride, name: 'shortcut' }));

/** Figure 2 (f). */
const dropped: Join = (x, y, stride) =>
  add(
    y,
    scope('shortcut', () => dropout(fittedInput(x, y, stride), 0.5)),
  );

const signed = (value: number) => String(value).replace('-', '−');

const exclusive = (bias: number, published: number | undefined): ShortcutKind => ({
  name: `exclusive-gate${bias}`,
  label: { en: `exclusive gating, bias ${signed(bias)}`, zh: `互斥门控，偏置 ${signed(bias)}` },
  onShortcut: '1 − g(x)',
  onBranch: 'g(x)',
  published,
  network: joined(`exclusive-gate${bias}`, exclusiveGate(bias)),
});

const shortcutOnly = (bias: number, published: number): ShortcutKind => ({
  name: `shortcut-gate${bias}`,
  label: { en: `shortcut-only gating, bias ${signed(bias)}`, zh: `仅门控快捷连接，偏置 ${signed(bias)}` },
  onShortcut: '1 − g(x)',
  onBranch: '1',
  published,
  network: joined(`shortcut-gate${bias}`, shortcutGate(bias)),
});

const scaling = (onBranch: number, published: number | undefined): ShortcutKind => ({
  name: `half-and-${onBranch}`,
  label: { en: `0.5 on the shortcut, ${onBranch} on the branch`, zh: `快捷连接 0.5，分支 ${onBranch}` },
  onShortcut: '0.5',
  onBranch: String(onBranch),
  published,
  network: joined(`half-and-${onBranch}`, scaled(0.5, onBranch)),
});

/** The first one is what the others are compared with. */
export const shortcutKinds: readonly ShortcutKind[] = [
  {
    name: 'identity',
    label: { en: 'identity', zh: '恒等' },
    onShortcut: '1',
    onBranch: '1',
    published: 6.61,
    network: (depth) => findModel(`resnet${depth}`),
  },
  {
    name: 'none',
    label: { en: 'none (plain)', zh: '无（普通网络）' },
    onShortcut: '0',
    onBranch: '1',
    published: undefined,
    network: (depth) => findModel(`plain${depth}`),
  },
  scaling(1, undefined),
  scaling(0.5, 12.35),
  exclusive(0, undefined),
  exclusive(-6, 8.7),
  exclusive(-7, 9.81),
  shortcutOnly(0, 12.86),
  shortcutOnly(-6, 6.91),
  {
    name: 'convolution',
    label: { en: '1×1 convolution', zh: '1×1 卷积' },
    onShortcut: '1×1 conv',
    onBranch: '1',
    published: 12.22,
    network: joined('convolution', convolution),
  },
  {
    name: 'dropout',
    label: { en: 'dropout 0.5 on the shortcut', zh: '快捷连接上 dropout 0.5' },
    onShortcut: 'dropout 0.5',
    onBranch: '1',
    published: undefined,
    network: joined('dropout', dropped),
  },
];
