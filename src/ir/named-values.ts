/** The values of a program by the paths of its layers: each stage's map, the features before the head. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { Node, Value } from './graph.ts';
import { layersAndNodes } from './layers.ts';
import { liveNodes, type Program } from './program.ts';
import { isWithin } from './scope.ts';

/** The last layer with parameters on the way to an output, and what it is given. */
export interface Head {
  /** `classifier` */
  readonly path: string;
  /** Its state entries. */
  readonly entries: readonly string[];
  /** What the layer reads: [N, features], or a map. */
  readonly features: Value;
}

/**
 * The last result of the layer, block or stage at `path`, such as `stage2` or `stage1.block2.conv1`.
 * @throws ConfigError where there is no such path
 */
export function valueAt(program: Program, path: string): Value {
  const { pathOfNode } = layersAndNodes(program);
  const nodes = liveNodes(program).filter((node) => isWithin(pathOfNode.get(node) ?? '', path));
  const last = nodes.at(-1)?.outputs[0];
  if (last) return last;
  const known = new Set([...pathOfNode.values()].flatMap(prefixes));
  const nearest = nearestName(path, [...known]);
  throw new ConfigError(
    `${program.name}: no layer is called \`${path}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    `it has ${[...known].filter((name) => !name.includes('.')).join(', ')}; skein inspect shows the layers within`,
  );
}

/** The head of the output `logits`. @throws ConfigError where no layer with parameters leads to it */
export function headOf(program: Program): Head {
  const { pathOfNode } = layersAndNodes(program);
  const logits = program.outputs.get('logits');
  const reads = (node: Node) =>
    node.inputs.some(({ source }) => source.kind === 'state' && source.role === 'parameter');
  // the nodes on the way back from the logits, the nearest first
  const open = logits?.source.kind === 'node' ? [logits.source.node] : [];
  const seen = new Set<Node>();
  for (let node = open.shift(); node; node = open.shift()) {
    if (reads(node)) return headAt(program, pathOfNode.get(node) as string, pathOfNode);
    for (const { source } of node.inputs)
      if (source.kind === 'node' && !seen.has(source.node)) {
        seen.add(source.node);
        open.push(source.node);
      }
  }
  throw new ConfigError(`${program.name}: it has no layer with parameters before its logits, so it has no head`);
}

function headAt(program: Program, path: string, pathOfNode: ReadonlyMap<Node, string>): Head {
  const nodes = liveNodes(program).filter((node) => pathOfNode.get(node) === path);
  const own = new Set(nodes.flatMap(({ outputs }) => outputs));
  const inputs = nodes.flatMap((node) => node.inputs);
  const features = inputs.find(
    (value) => !own.has(value) && (value.source.kind === 'node' || value.source.kind === 'input'),
  );
  const entries = [...program.graph.state.keys()].filter((name) => isWithin(name, path));
  if (!features) throw new ConfigError(`${program.name}: its head \`${path}\` reads nothing`);
  return { path, entries, features };
}

const prefixes = (path: string): string[] => {
  const words = path.split('.');
  return words.map((_, i) => words.slice(0, i + 1).join('.'));
};
