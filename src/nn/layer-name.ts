/** Where a layer's state is called: the open scopes, then the layer's own name. */
import { currentScope, type Value } from '../ir/index.ts';

/** `stage3.block1.conv2`: the path of a new layer beside `x`, numbered within its scope unless it has a name. */
export function layerName(x: Value, kind: string, name = x.graph.nextName(kind)): string {
  const scopes = currentScope();
  return scopes === '' ? name : `${scopes}.${name}`;
}
