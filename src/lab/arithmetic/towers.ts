/** Towers of 3×3 convolutions without batch norm, and the gradients that a loss has by each of their layers. */
import { gradients } from '../../autodiff/index.ts';
import {
  add,
  concat,
  defineProgram,
  Graph,
  initialState,
  multiply,
  type Program,
  relu,
  scope,
  type Value,
} from '../../ir/index.ts';
import { conv, globalAveragePool, type ImageSize, linear, softmaxCrossEntropy } from '../../nn/index.ts';
import { sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import { normOutputs } from './gradient-norms.ts';

export type TowerKind = 'plain' | 'residual' | 'dense';

export interface TowerOptions {
  readonly kind: TowerKind;
  /** 3×3 convolutions after the stem's; even for residual towers, whose blocks have two. */
  readonly depth: number;
  readonly width: number;
  /** Channels that a layer of a dense tower adds. */
  readonly growth: number;
  readonly batchSize: number;
  readonly image: ImageSize;
  readonly classes: number;
  /** Whether a rectifier stands before each convolution; default true. Without, the tower is linear. */
  readonly rectifies?: boolean;
}

/**
 * Inputs `image`, `labels`, and `scale`, which multiplies each residual branch. Outputs `loss` and those of `normOutputs`, by the result of
 * each layer, or in residual towers of each block.
 */
export function towerProgram(options: TowerOptions): Program {
  const { kind, depth, batchSize, image: size, classes } = options;
  const graph = new Graph({ training: true });
  const shape = [batchSize, size.channels, size.height, size.width];
  const image = graph.input('image', { dtype: 'float32', shape });
  const labels = graph.input('labels', { dtype: 'int32', shape: [batchSize] });
  const scale = graph.input('scale', { dtype: 'float32', shape: [] });
  const { last, readings } = builders[kind](image, options, scale);
  const logits = linear(globalAveragePool(last), classes, { name: 'classifier' });
  const loss = softmaxCrossEntropy(logits, labels);
  const outputs = new Map([['loss', loss], ...normOutputs(gradients(loss, readings))]);
  return defineProgram({ name: `${kind} tower of ${depth}`, graph, outputs, updates: new Map() });
}

interface Tower {
  readonly last: Value;
  readonly readings: readonly Value[];
}

/** `scale` is a residual branch's. */
type TowerBuilder = (image: Value, options: TowerOptions, scale: Value) => Tower;

const activation = ({ rectifies = true }: TowerOptions) => (rectifies ? relu : (x: Value) => x);

const plain: TowerBuilder = (image, options) => {
  const { depth, width } = options;
  const act = activation(options);
  let x = act(conv(image, width, { kernel: 3, name: 'stem' }));
  const readings = layers(depth, (name) => (x = act(conv(x, width, { kernel: 3, name }))));
  return { last: x, readings };
};

/** Rectifiers stand before the convolutions (He et al. 2016, arXiv 1603.05027), so that nothing stands in the way of what is added. */
const residual: TowerBuilder = (image, options, scale) => {
  const { depth, width } = options;
  const act = activation(options);
  let x = conv(image, width, { kernel: 3, name: 'stem' });
  const branch = () => {
    const y = conv(act(x), width, { kernel: 3, name: 'first' });
    return conv(act(y), width, { kernel: 3, name: lastOfBranch });
  };
  const readings = layers(depth / 2, (name) => (x = add(x, multiply(scope(name, branch), scale))));
  return { last: act(x), readings };
};

const dense: TowerBuilder = (image, options) => {
  const { depth, width, growth } = options;
  const act = activation(options);
  let x = conv(image, width, { kernel: 3, name: 'stem' });
  const readings = layers(depth, (name) => {
    const added = conv(act(x), growth, { kernel: 3, name });
    x = concat([x, added]);
    return added;
  });
  return { last: act(x), readings };
};

const builders: Readonly<Record<TowerKind, TowerBuilder>> = { plain, residual, dense };

const layers = (count: number, make: (name: string) => Value) =>
  Array.from({ length: count }, (_, i) => make(`layer${i + 1}`));

const lastOfBranch = 'last';

/** `he`: variance 2 / fan in (He et al. 2015, arXiv 1502.01852, equation 10). `zero`: the same, with the last weight of each branch 0. */
export type TowerInitialisation = 'he' | 'small' | 'zero';

/** The standard deviation of `small`, which was usual before He's (Krizhevsky et al. 2012, §5). */
export const smallDeviation = 0.01;

/** Towers of one seed have the same random numbers, whatever multiplies them. */
export function towerState({ graph }: Program, initialisation: TowerInitialisation, seed: number): Map<string, Tensor> {
  const state = new Map<string, Tensor>(initialState(graph, seed));
  for (const [name, { shape, data }] of state) {
    if (shape.length !== 4) continue;
    // the layers' own initialisation has the variance 2 / fan out
    const fanOut = (shape[0] as number) * sizeOf(shape.slice(2));
    const wanted = initialisation === 'small' ? smallDeviation : Math.sqrt(2 / sizeOf(shape.slice(1)));
    const isZero = initialisation === 'zero' && name.endsWith(`${lastOfBranch}.weight`);
    const factor = isZero ? 0 : wanted / Math.sqrt(2 / fanOut);
    state.set(
      name,
      tensor(
        'float32',
        shape,
        (data as Float32Array).map((value) => value * factor),
      ),
    );
  }
  return state;
}
