/** Where a layer's state is called: the open scopes, then the layer's own name. */
import { add, Graph, type Value } from '../ir/index.ts';

/** The dotted path of the open scopes. A node records it, so that one in a graph of its own tells it. */
function openScopes(): string {
  const { source } = add(new Graph({ training: false }).constant(0), 0);
  return source.kind === 'node' ? source.node.scope : '';
}

/** `stage3.block1.conv2`: the path of a new layer beside `x`, numbered within its scope unless it has a name. */
export function layerName(x: Value, kind: string, name = x.graph.nextName(kind)): string {
  const scopes = openScopes();
  return scopes === '' ? name : `${scopes}.${name}`;
}
