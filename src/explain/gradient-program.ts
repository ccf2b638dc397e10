/** A prediction that also gives the gradient of a chosen logit: the network as it predicts, differentiated in its own graph. */
import { gradients } from '../autodiff/index.ts';
import { lastMap, multiply, type NamedMap, type Program, sum, type Value, valueAt } from '../ir/index.ts';
import { ConfigError, formatShape } from '../tensor/index.ts';

/** The name of the input [batch, classes] that chooses: 1 at the class whose logit is differentiated, 0 elsewhere. */
export const chosenClass = 'chosen class';

/**
 * `logits`, the map of the layer as `activations`, and by it the gradients of Σ logits · chosen class as `gradients`, both [batch, C, H, W].
 * @throws ConfigError where the layer gives no map
 */
export function layerGradientProgram(program: Program, layer?: string): Program {
  const { value } = explainedLayer(program, layer);
  return withGradients(program, value, new Map([['activations', value]]));
}

/** `logits`, and by the input `image` the gradients of Σ logits · chosen class as `gradients`. */
export function imageGradientProgram(program: Program): Program {
  return withGradients(program, program.graph.inputs.get('image') as Value, new Map());
}

/**
 * The map that a layer is explained by: the last of the layer, block or stage, by default the one that the head pools.
 * @throws ConfigError where there is no such layer, or it gives no map [N, C, H, W] of several pixels
 */
export function explainedLayer(program: Program, layer?: string): NamedMap {
  if (layer === undefined) return lastMap(program);
  const value = valueAt(program, layer);
  const { length, 2: height = 1, 3: width = 1 } = value.type.shape;
  if (length === 4 && height * width > 1) return { path: layer, value };
  const { path } = lastMap(program);
  throw new ConfigError(
    `${program.name}: expected a layer with a map [N, C, H, W]${length === 4 ? ' of several pixels' : ''}, but \`${layer}\` gives ${formatShape(value.type.shape)}`,
    `take one before, such as ${path}`,
  );
}

function withGradients(program: Program, by: Value, outputs: ReadonlyMap<string, Value>): Program {
  const logits = program.outputs.get('logits') as Value;
  const chosen = program.graph.input(chosenClass, logits.type);
  const [gradient] = gradients(sum(multiply(logits, chosen)), [by]) as [Value];
  if (gradient.source.kind === 'constant')
    throw new ConfigError(
      `${program.name}: expected a layer that its logits depend on, but they do not`,
      'take a layer between the image and the head',
    );
  return { ...program, outputs: new Map([['logits', logits], ...outputs, ['gradients', gradient]]) };
}
