/** The first half of a step: a network, the loss of a batch, and its gradients. */
import { gradients, type Recompute, recompute } from '../autodiff/index.ts';
import {
  add,
  cast,
  concat,
  defineProgram,
  finite,
  type Graph,
  multiply,
  type Program,
  sum,
  sumOfSquares,
  type Value,
} from '../ir/index.ts';
import { buildNetwork, type Parameter } from '../nn/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';
import { objectives } from './kinds.ts';
import { parametersOf, type StepOptions } from './step-options.ts';

export interface Differentiated {
  readonly graph: Graph;
  /** float32 [N, classes]. */
  readonly logits: Value;
  /** A scalar. */
  readonly loss: Value;
  readonly parameters: readonly Parameter[];
  /** The squared norm of each gradient, in the order of `parameters`. */
  readonly gradientNorms: Value;
  /** What `scalar` was called for. */
  readonly scalar: Value;
  /** Whether the gradients are those of the loss times `scalar`. */
  readonly isScaled: boolean;
}

/** @throws ConfigError for a path that no layer has, and where nothing is left to train */
function expectFreezable(name: string, graph: Graph, freeze: readonly string[]): void {
  const known = new Set([...graph.state.keys()].flatMap((entry) => pathsOf(entry)));
  const wrong = freeze.find((path) => !known.has(path));
  if (wrong !== undefined) {
    const nearest = nearestName(wrong, [...known]);
    throw new ConfigError(
      `${name}: \`freeze\` names \`${wrong}\`, but it has no layer of that name${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
      `it has ${[...known].filter((path) => !path.includes('.')).join(', ')}; skein inspect shows the layers within`,
    );
  }
  if (parametersOf({ graph }).length === 0)
    throw new ConfigError(
      `${name}: \`freeze\` leaves nothing to train`,
      'leave out the last part, such as the classifier',
    );
}

/** Every path that leads to a state entry: stage1, stage1.block1, … */
const pathsOf = (entry: string) => {
  const words = entry.split('.').slice(0, -1);
  return words.map((_, i) => words.slice(0, i + 1).join('.'));
};

/**
 * The loss of a batch and its gradients; `scalar` names the input, such as the rate, that the second half of the step needs. Where batch norm
 * takes the statistics of all ranks, cotangents of several ranks meet on the way, so each rank's loss must count by its share from the
 * start: `scalar` is that share, and the gradients are those of the loss times it.
 */
export function differentiate(options: StepOptions, scalar: string): Differentiated {
  const {
    network,
    image,
    classes,
    batchSize,
    loss: objective = objectives.makeDefault(),
    softLabels = false,
    freeze = [],
    ranks,
  } = options;
  const meets = ranks?.syncBatchNorm === true;
  const { graph, logits } = buildNetwork(network, {
    batch: batchSize,
    image,
    classes,
    training: true,
    frozen: freeze,
    ...(meets && { ranks }),
  });
  const targets = softLabels
    ? graph.input('targets', { dtype: 'float32', shape: [batchSize, classes] })
    : graph.input('labels', { dtype: 'int32', shape: [batchSize] });
  const weights = graph.input('weights', { dtype: 'float32', shape: [batchSize] });
  // in float64, where shares such as 3 / 10 add up to 1
  const input = graph.input(scalar, { dtype: ranks ? 'float64' : 'float32', shape: [] });
  const fed = ranks ? cast(input, 'float32') : input;
  expectFreezable(network.name, graph, freeze);
  const loss = objective.loss({ logits, targets, weights });
  const entries = parametersOf({ graph });
  const found = gradients(
    meets ? multiply(loss, fed) : loss,
    entries.map(([, value]) => value),
  );
  const gradientNorms = concat(found.map(sumOfSquares), 0);
  const parameters = entries.map(([name, value], i) => ({ name, value, gradient: found[i] as Value }));
  return { graph, logits, loss, parameters, gradientNorms, scalar: fed, isScaled: meets };
}

/** What a batch goes through as a program: the updates so far, kept only where the loss and all gradients are finite. */
export function guarded(
  { graph, loss, logits, gradientNorms }: Differentiated,
  name: string,
  what?: Recompute,
): Program {
  const program = defineProgram({
    name,
    graph,
    outputs: new Map([
      ['loss', loss],
      ['logits', logits],
      ['gradientNorms', gradientNorms],
    ]),
    updates: graph.updates,
    guard: finite(add(loss, sum(gradientNorms))),
  });
  return recompute(program, loss, what ?? 'none');
}
