import { describe, expect, it, test } from 'vitest';
import { onnxruntime } from '../engines/index.ts';
import { initialState, type Node, type Program, plan } from '../ir/index.ts';
import { densenet, resnet } from '../models/index.ts';
import type { Network } from '../nn/index.ts';
import { sgd } from '../optimisers/index.ts';
import { stepProgram } from '../step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';
import type { Recompute } from './index.ts';

const image = { channels: 3, height: 32, width: 32 };
const stepOf = (network: Network, recompute: Recompute, batchSize = 16) =>
  stepProgram({ network, image, classes: 10, batchSize, optimiser: sgd(), recompute });
const peak = (network: Network, recompute: Recompute) => plan(stepOf(network, recompute)).peakActivationBytes;
const dense = densenet({ depth: 40, growth: 12, bottleneck: true });

describe('a step that computes cheap results again', () => {
  it("is planned to need a fraction of a dense network's memory", () => {
    expect(peak(dense, 'dense') / peak(dense, 'none')).toBeLessThan(0.45);
  });

  it('grows with the depth of a dense block, not with its square', () => {
    const deeper = (layers: number) => densenet({ depth: layers + 2, growth: 12, blocks: 1 });
    const growth = (recompute: Recompute) => peak(deeper(48), recompute) / peak(deeper(24), recompute);
    expect(growth('none')).toBeGreaterThan(3);
    expect(growth('dense')).toBeLessThan(2.1);
  });

  it('saves in residual networks too where everything cheap is meant', () => {
    const network = resnet({ depth: 56 });
    expect(peak(network, 'cheap') / peak(network, 'none')).toBeLessThan(0.7);
  });

  it('has the same multiply-adds, and each map is computed again once at most', () => {
    const [plain, frugal] = [stepOf(dense, 'none'), stepOf(dense, 'dense')];
    expect(plan(frugal).macs).toBe(plan(plain).macs);
    const rectifiers = ({ graph }: Program) => graph.nodes.filter(({ op }: Node) => op.name === 'relu').length;
    expect(rectifiers(frugal)).toBeLessThanOrEqual(2 * rectifiers(plain));
  });
});

/** What the engine's process holds at most, beyond the loaded session. */
async function measured(program: Program, inputs: ReadonlyMap<string, Tensor>): Promise<number> {
  const executable = await onnxruntime.compile({ step: program });
  try {
    await executable.load(initialState(program.graph, 0));
    const loaded = (await executable.plan()).peakBytes;
    for (let i = 0; i < 2; i++) await executable.run('step', inputs);
    return (await executable.plan()).peakBytes - loaded;
  } finally {
    await executable.dispose();
  }
}

test('ONNX Runtime needs less memory too: its process grows by at most 0.6 of what it did', async () => {
  const batch = 32;
  const random = new Random('recompute');
  const numbers = (shape: readonly number[], next: () => number) =>
    tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, next));
  const inputs = new Map<string, Tensor>([
    ['image', numbers([batch, 3, 32, 32], () => random.normal())],
    ['labels', tensor('int32', [batch], new Int32Array(batch))],
    ['weights', numbers([batch], () => 1)],
    ['lr', numbers([], () => 0.1)],
  ]);
  const plain = await measured(stepOf(dense, 'none', batch), inputs);
  expect((await measured(stepOf(dense, 'dense', batch), inputs)) / plain).toBeLessThan(0.6);
});
