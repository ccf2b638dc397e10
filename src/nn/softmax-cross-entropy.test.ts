import { describe, expect, it } from 'vitest';
import { gradients } from '../autodiff/index.ts';
import { evaluate } from '../engines/evaluator/evaluate.ts';
import { Graph, type Value } from '../ir/index.ts';
import { type CrossEntropyOptions, softmaxCrossEntropy } from './index.ts';

const array = (shape: readonly number[], numbers: number[]) => ({ shape, data: Float64Array.from(numbers) });
const inputs = new Map([
  ['logits', array([2, 3], [1, 2, 3, 1, 2, 3])],
  ['labels', array([2], [2, 0])],
  ['mixed', array([2, 3], [0, 0.25, 0.75, 1, 0, 0])],
  ['weights', array([2], [3, 1])],
]);

/** Loss and gradient by the logits, for targets and options made from a graph with the inputs above. */
function run(build: (graph: { labels: Value; mixed: Value; weights: Value }) => [Value, CrossEntropyOptions?]) {
  const graph = new Graph({ training: true });
  const logits = graph.input('logits', { dtype: 'float32', shape: [2, 3] });
  const labels = graph.input('labels', { dtype: 'int32', shape: [2] });
  const mixed = graph.input('mixed', { dtype: 'float32', shape: [2, 3] });
  const weights = graph.input('weights', { dtype: 'float32', shape: [2] });
  const loss = softmaxCrossEntropy(logits, ...build({ labels, mixed, weights }));
  expect(loss.type.shape).toEqual([]);
  const outputs = new Map(Object.entries({ loss, gradient: gradients(loss, [logits])[0] as Value }));
  const results = evaluate({ name: 'loss', graph, outputs, updates: new Map() }, inputs, new Map()).outputs;
  return { loss: results.get('loss')!.data, gradient: results.get('gradient')!.data };
}

// log(e + e² + e³) = 3.4076059644
describe('softmaxCrossEntropy', () => {
  it('is the mean of −log softmax at the labels', () => {
    const { loss, gradient } = run(({ labels }) => [labels]);
    expect(loss).toBeClose([(0.4076059644 + 2.4076059644) / 2]);
    // (softmax − target) / N
    const [a, b, c] = [0.0900305732, 0.2447284711, 0.6652409558];
    expect(gradient).toBeClose([a / 2, b / 2, (c - 1) / 2, (a - 1) / 2, b / 2, c / 2]);
  });

  it('weights images and divides by the sum of the weights', () => {
    const { loss } = run(({ labels, weights }) => [labels, { weights }]);
    expect(loss).toBeClose([(3 * 0.4076059644 + 2.4076059644) / 4]);
  });

  it('takes probabilities as targets', () => {
    const { loss } = run(({ mixed }) => [mixed]);
    expect(loss).toBeClose([(0.25 * 1.4076059644 + 0.75 * 0.4076059644 + 2.4076059644) / 2]);
  });

  it("smooths labels as PyTorch's cross entropy does", () => {
    // (1 − s) · loss + s · the mean of −log softmax over classes, 1.4076059644 in both rows
    const smoothed = (s: number, loss: number) => (1 - s) * loss + s * 1.4076059644;
    const { loss } = run(({ labels, weights }) => [labels, { labelSmoothing: 0.3, weights }]);
    expect(loss).toBeClose([(3 * smoothed(0.3, 0.4076059644) + smoothed(0.3, 2.4076059644)) / 4]);
  });

  it('says which argument does not fit', () => {
    const graph = new Graph({ training: true });
    const logits = graph.input('logits', { dtype: 'float32', shape: [2, 3] });
    const three = graph.input('labels', { dtype: 'int32', shape: [3] });
    const floats = graph.input('floats', { dtype: 'float32', shape: [2] });
    const labels = graph.input('right', { dtype: 'int32', shape: [2] });
    expect(() => softmaxCrossEntropy(logits, three)).toThrow('expected `targets` to be int32 [2], but got int32 [3]');
    expect(() => softmaxCrossEntropy(logits, floats)).toThrow('expected `targets` to be float32 [2, 3]');
    expect(() => softmaxCrossEntropy(logits, labels, { weights: labels })).toThrow(
      'expected `weights` to be float32 [2]',
    );
    expect(() => softmaxCrossEntropy(floats, labels)).toThrow('expected `logits` to be [N, classes], but it is [2]');
    expect(() => softmaxCrossEntropy(logits, labels, { labelSmoothing: 2 })).toThrow('must be from 0 to 1, but is 2');
  });
});
