/** The baseline: one linear layer on the pixels, also called softmax regression. What a network adds shows against it. */
import { flatten } from '../ir/index.ts';
import { defineNetwork, linear, type Network } from '../nn/index.ts';

/** A linear classifier for images of any size. */
export function linearClassifier(): Network {
  return defineNetwork('linear', (image, { classes }) => linear(flatten(image), classes, { name: 'classifier' }));
}
