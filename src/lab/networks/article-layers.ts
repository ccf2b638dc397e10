/** PyTorch's layers as the article's code calls them: each says how many channels it expects, whatever it is given. */
import { add, conv2d, currentScope, relu, reshape, scope, type Value } from '../../ir/index.ts';
import { batchNorm, constant, maxPool, uniformFanIn } from '../../nn/index.ts';

interface Window {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding: number;
}

/**
 * nn.Conv2d(from, to, …) and nn.BatchNorm2d(to). Weights start as PyTorch's do; the bias, which the batch norm takes away again, at 0.
 * @throws ShapeError where x has not `from` channels
 */
export function convNorm(x: Value, from: number, to: number, name: string, window: Window): Value {
  const { kernel, stride = 1, padding } = window;
  return scope(name, () => {
    const path = currentScope();
    const weight = x.graph.entry(`${path}.conv.weight`, [to, from, kernel, kernel], 'parameter', uniformFanIn);
    const y = conv2d(x, weight, {
      stride: [stride, stride],
      padding: [padding, padding],
      dilation: [1, 1],
      groups: 1,
    });
    const bias = x.graph.entry(`${path}.conv.bias`, [to], 'parameter', constant(0));
    return batchNorm(add(y, reshape(bias, [to, 1, 1])), { name: 'norm' });
  });
}

/** What both of its networks begin with: conv1, bn1, relu and maxpool. It takes the image's own channels, where the article says 3. */
export function articleStem(image: Value): Value {
  const [, channels] = image.type.shape as [number, number];
  const x = relu(convNorm(image, channels, 64, 'stem', { kernel: 7, stride: 2, padding: 3 }));
  return maxPool(x, { kernel: 3, stride: 2, padding: 1 });
}

/** nn.MaxPool2d(kernel_size=2, stride=2). @throws ShapeError where the map has one row or column */
export const halve = (x: Value): Value => maxPool(x, { kernel: 2 });
