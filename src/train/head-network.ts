/** A network's head as a network of its own, which reads features instead of images. */
import { atScope, flatten, headOf, type Program, sameLeaf, type Value } from '../ir/index.ts';
import { defineNetwork, type ImageSize, type Network } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** The sizes of the whole network. */
interface WholeSizes {
  readonly network: Network;
  readonly image: ImageSize;
  readonly classes: number;
}

/** What the head reads of one image, as the image of `headNetwork`. */
export function featureSize(prediction: Program): ImageSize {
  const [, channels = 1, height = 1, width = 1] = headOf(prediction).features.type.shape;
  return { channels, height, width };
}

/** Whether it computes the same in training as in prediction: only then features can be kept. */
export function canReadFeatures({ graph, outputs }: Program): boolean {
  const { entries } = headOf({ name: '', graph, outputs, updates: new Map() });
  const isMeasured = (name: string) => {
    const source = graph.state.get(name)?.source;
    return source?.kind === 'state' && source.role === 'statistic';
  };
  return !entries.some(isMeasured);
}

/** Its state entries are called as in the whole network. */
export function headNetwork({ network, image, classes }: WholeSizes): Network {
  return defineNetwork(network.name, (given) => {
    const [batchSize = 1] = given.type.shape;
    const whole = predictionProgram({ network, image, classes, batchSize });
    const { features } = headOf(whole);
    const known = new Map<Value, Value>([[features, features.type.shape.length === 2 ? flatten(given) : given]]);
    const standIn = (value: Value): Value => {
      const found = known.get(value) ?? made(value);
      known.set(value, found);
      return found;
    };
    const made = (value: Value): Value => {
      const { source } = value;
      if (source.kind === 'input')
        throw new ConfigError(`${network.name}: its head reads more than the features`, 'fine-tune all of it');
      if (source.kind !== 'node') return sameLeaf(given.graph, value);
      const { op, inputs, attributes, outputs, scope } = source.node;
      const results = atScope(scope, () => given.graph.apply(op, inputs.map(standIn), attributes));
      outputs.forEach((output, i) => {
        known.set(output, results[i] as Value);
      });
      return known.get(value) as Value;
    };
    return standIn(whole.outputs.get('logits') as Value);
  });
}
