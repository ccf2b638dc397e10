/** Where a network last knows where things are: the map that its head pools or flattens. */
import { ConfigError } from '../tensor/index.ts';
import type { Node, Value } from './graph.ts';
import { layersAndNodes } from './layers.ts';
import { liveNodes, type Program } from './program.ts';
import { receptiveFields } from './receptive-field.ts';
import { isWithin } from './scope.ts';

/** A map [N, C, H, W], and the path by which people find it. */
export interface NamedMap {
  /** The shortest that names it: `stage3`. */
  readonly path: string;
  readonly value: Value;
}

/**
 * The map of more than one pixel that is nearest to the output `logits`; of one that only pools another, the other.
 * @throws ConfigError where there is none
 */
export function lastMap(program: Program): NamedMap {
  const seesImage = receptiveFields(program);
  const { source } = program.outputs.get('logits') ?? {};
  const open = source?.kind === 'node' ? [source.node] : [];
  const seen = new Set<Node>(open);
  for (let node = open.shift(); node; node = open.shift()) {
    const [map] = node.outputs;
    if (map && isMap(map) && seesImage.has(node)) return named(program, unpooled(map));
    for (const { source: before } of node.inputs)
      if (before.kind === 'node' && !seen.has(before.node)) {
        seen.add(before.node);
        open.push(before.node);
      }
  }
  throw new ConfigError(
    `${program.name}: expected a map of several pixels before its logits, but there is none`,
    'what it looks at can still be told pixel by pixel, by integratedGradients or occlusion',
  );
}

const isMap = ({ type: { shape } }: Value) => shape.length === 4 && (shape[2] as number) * (shape[3] as number) > 1;

/** A window over nothing but a map weighs its pixels by no weights: it pools. */
function unpooled(map: Value): Value {
  if (map.source.kind !== 'node') return map;
  const { op, inputs, attributes } = map.source.node;
  const [before, ...others] = inputs;
  if (!before || others.length > 0 || before.source.kind !== 'node' || !isMap(before)) return map;
  const { kernel = [1, 1] } = op.window?.([before.type], attributes, 0) ?? {};
  return kernel[0] * kernel[1] > 1 ? unpooled(before) : map;
}

function named(program: Program, value: Value): NamedMap {
  const { pathOfNode } = layersAndNodes(program);
  const nodes = liveNodes(program);
  const whole = value.source.kind === 'node' ? (pathOfNode.get(value.source.node) ?? '') : '';
  const words = whole.split('.');
  const paths = words.map((_, i) => words.slice(0, i + 1).join('.'));
  const lastOf = (path: string) => nodes.findLast((node) => isWithin(pathOfNode.get(node) ?? '', path));
  return { path: paths.find((path) => lastOf(path)?.outputs[0] === value) ?? whole, value };
}
