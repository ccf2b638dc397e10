/** The layers of a file under any names: tensors in groups by what stands before the last word of their names. */
import { formatShape, type Shape, type Tensor } from '../../tensor/index.ts';

/** What a tensor is to its layer, in Skein's words. */
export type Role = 'weight' | 'bias' | 'mean' | 'variance';

/** A convolution or linear layer with or without a bias, or a batch norm with all four of its vectors. */
export interface FileLayer {
  readonly path: string;
  /** The path in words. */
  readonly words: readonly string[];
  readonly kind: 'map' | 'norm';
  /** Of the weight. */
  readonly shape: Shape;
  /** Names in the file. */
  readonly tensors: ReadonlyMap<Role, string>;
}

/** Why the tensors of a file are no layers. */
export interface NoLayers {
  readonly problem: string;
}

/** The words of PyTorch, TensorFlow, Haiku and Skein. */
const roles: ReadonlyMap<string, Role> = new Map([
  ...['weight', 'gamma', 'scale', 'kernel'].map((word) => [word, 'weight'] as const),
  ...['bias', 'beta', 'shift', 'offset'].map((word) => [word, 'bias'] as const),
  ...['running_mean', 'moving_mean', 'mean'].map((word) => [word, 'mean'] as const),
  ...['running_var', 'moving_variance', 'moving_var', 'running_variance', 'variance', 'var'].map(
    (word) => [word, 'variance'] as const,
  ),
]);
const counters = /(^|[./_])(num_batches_tracked|n_averaged|total_ops|total_params|num_updates)$/;
const named = new RegExp(`^(.+?)[./_](${[...roles.keys()].sort((a, b) => b.length - a.length).join('|')})(:0)?$`);

/** The deepest published network has about a thousand; more are no honest wish. */
const mostLayers = 10_000;

/** Layers in the order in which the file names them, and what is ignored; or why its tensors are none. */
export function fileLayers(
  tensors: ReadonlyMap<string, Tensor>,
): { readonly layers: readonly FileLayer[]; readonly ignored: readonly string[] } | NoLayers {
  const groups = new Map<string, Map<Role, string>>();
  const ignored: string[] = [];
  for (const name of tensors.keys()) {
    if (counters.test(name)) {
      ignored.push(name);
      continue;
    }
    const [, path, word] = named.exec(name) ?? [];
    const role = roles.get(word ?? '');
    if (path === undefined || role === undefined)
      return { problem: `\`${name}\` does not say what it is to its layer` };
    const group = groups.get(path) ?? new Map<Role, string>();
    if (group.has(role)) return { problem: `\`${path}\` has two tensors that could be its ${role}` };
    groups.set(path, group.set(role, name));
  }
  if (groups.size > mostLayers) return { problem: `it has ${groups.size} layers, and at most ${mostLayers} are taken` };
  const layers: FileLayer[] = [];
  for (const [path, group] of groups) {
    const shapeOf = (role: Role) => tensors.get(group.get(role) ?? '')?.shape;
    const problem = problemOf(path, shapeOf);
    if (problem !== undefined) return { problem };
    const shape = shapeOf('weight') as Shape;
    const kind = shape.length === 1 ? 'norm' : 'map';
    layers.push({ path, words: path.split(/[./_]+/), kind, shape, tensors: group });
  }
  return { layers, ignored };
}

function problemOf(path: string, shapeOf: (role: Role) => Shape | undefined): string | undefined {
  const weight = shapeOf('weight');
  if (!weight) return `\`${path}\` has no weight`;
  const others = (['bias', 'mean', 'variance'] as const).map((role) => [role, shapeOf(role)] as const);
  const misshapen = others.find(([, shape]) => shape && (shape.length !== 1 || shape[0] !== weight[0]));
  if (misshapen) {
    const [role, shape] = misshapen;
    const turned = weight.length === 2 && shape?.[0] === weight[1] ? ', which looks transposed' : '';
    return `the ${role} ${formatShape(shape as Shape)} of \`${path}\` does not go with its weight ${formatShape(weight)}${turned}`;
  }
  const [bias, mean, variance] = others.map(([, shape]) => shape !== undefined);
  if (weight.length === 1) {
    const missing = [...(bias ? [] : ['bias']), ...(mean ? [] : ['mean']), ...(variance ? [] : ['variance'])];
    return missing.length === 0
      ? undefined
      : `\`${path}\` has a weight of one axis, as a batch norm, but no ${missing.join(', no ')}`;
  }
  if (mean || variance) return `\`${path}\` has running statistics and a weight of ${weight.length} axes`;
  return weight.length === 2 || weight.length === 4 ? undefined : `the weight of \`${path}\` has ${weight.length} axes`;
}

/** Words and numbers of a name; numbers count, so that `block2` stands before `block10`. */
const tokensOf = (path: string): (string | number)[] =>
  (path.match(/\d+|[^\d./_]+/g) ?? []).map((token) => (/^\d/.test(token) ? Number(token) : token));

/** The order of names where numbers count. */
export function naturally(a: string, b: string): number {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] as string | number, right[i] as string | number];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    if (typeof x === 'number') return -1;
    if (typeof y === 'number') return 1;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/** Whether two names are told apart by a number, before anything else. */
export function areNumbered(a: string, b: string): boolean {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  const at = left.findIndex((token, i) => token !== right[i]);
  return typeof left[at] === 'number' && typeof right[at] === 'number';
}
