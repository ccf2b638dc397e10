/** The `ResNet` of the article's section 4.1, as its lines say it: blocks one on the other, and nothing around them. */
import { add, relu, scope, type Value } from '../../ir/index.ts';
import { defineNetwork, globalAveragePool, linear, type Network } from '../../nn/index.ts';
import { articleStem, convNorm, halve } from './article-layers.ts';

/** `self._make_layer(64, num_layers)` and `nn.Linear(64, 10)` */
const channel = 64;

/**
 * The article's `ResNet(num_layers)`.
 * @param options.shortcuts what it leaves out: each block's input added to its result, before the last rectifier (He et al. 2015, equation 1)
 */
export function articleResnet(numLayers: number, { shortcuts = false } = {}): Network {
  const name = `article-resnet${numLayers}${shortcuts ? '-shortcuts' : ''}`;
  const build: Network['build'] = (image, { classes }) => {
    let x = articleStem(image);
    for (let i = 0; i < numLayers; i++) {
      x = scope(`block${i + 1}`, () => block(x, shortcuts));
      // if i != num_layers - 1: layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
      if (i !== numLayers - 1) x = halve(x);
    }
    // self.avgpool, torch.flatten and self.fc
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  };
  return defineNetwork(name, build, { options: { numLayers, shortcuts } });
}

/** nn.Sequential(nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.Conv2d, nn.BatchNorm2d, nn.ReLU) */
function block(x: Value, shortcuts: boolean): Value {
  const window = { kernel: 3, padding: 1 };
  const first = relu(convNorm(x, channel, channel, 'first', window));
  const second = convNorm(first, channel, channel, 'second', window);
  return relu(shortcuts ? add(x, second) : second);
}
