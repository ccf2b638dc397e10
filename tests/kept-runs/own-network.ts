/** A network of one's own, as kept-runs/own was trained with it: dropout on a map and on a vector, branches, sums and products. */
import {
  adaptiveAveragePool,
  add,
  batchNorm,
  concat,
  conv,
  defineNetwork,
  dropout,
  flatten,
  linear,
  maxPool,
  multiply,
  relu,
  scope,
} from 'skein';

export const network = defineNetwork('kept own', (image, { classes }) => {
  let x = relu(batchNorm(conv(image, 6, { kernel: 3, bias: true })));
  x = scope('gated', () => add(x, multiply(batchNorm(conv(x, 6, { kernel: 3 })), conv(x, 6, { kernel: 1 }))));
  x = dropout(maxPool(x, { kernel: 2, stride: 2 }), 0.1);
  x = scope('joined', () => concat([x, relu(batchNorm(conv(x, 4, { kernel: 3 })))], 1));
  return linear(dropout(flatten(adaptiveAveragePool(x, 2)), 0.25), classes);
});
