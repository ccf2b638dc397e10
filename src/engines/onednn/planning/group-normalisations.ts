/** Batch norms as oneDNN has them: statistics, normalisation and rectifier in one forward primitive, all gradients in one backward. */
import {
  add,
  divide,
  multiply,
  type Node,
  normalise,
  type OpDefinition,
  ops,
  sqrt,
  type Value,
} from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import { readersOf } from './readers.ts';
import type { Unit } from './units.ts';

/** y, and where the statistics are the batch's own also mean and variance. */
export interface NormalisationForward extends Unit {
  readonly kind: 'normalisation';
  readonly x: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly weight: Value;
  readonly bias: Value;
  readonly epsilon: number;
  /** Whether it measures mean and variance itself. */
  readonly measures: boolean;
  readonly rectifies: boolean;
  /** Whether a gradient asks where it rectified. */
  readonly remembers: boolean;
  readonly y: Value;
}

/** dx by all ways, or with `givenStatistics` as if mean and variance were constants. */
export interface NormalisationBackward extends Unit {
  readonly kind: 'normalisationGradient';
  readonly x: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly weight: Value;
  readonly epsilon: number;
  readonly givenStatistics: boolean;
  readonly dy: Value;
  /** The forward unit whose rectifier is undone as well. */
  readonly rectified: NormalisationForward | undefined;
  readonly dx: Value;
  /** Σ dy (x − mean) / σ, and Σ dy. */
  readonly dweight: Value;
  readonly dbias: Value;
  /** Σ dy (x − mean), where something else still needs it. */
  readonly centred: Value | undefined;
}

const made = (value: Value | undefined, op: OpDefinition): Node | undefined =>
  value?.source.kind === 'node' && value.source.node.op === op ? value.source.node : undefined;
/** What measures a mean, unless that is only a share of it. */
const measured = (mean: Value): Node | undefined => {
  const node = made(mean, ops.batchStatistics);
  return node?.attributes.count === undefined ? node : undefined;
};
const isMap = ({ type }: Value) => type.shape.length === 4;

/** Groups by each of their nodes. `kept` are values that must be there in the end. */
export function groupNormalisations(nodes: readonly Node[], kept: ReadonlySet<Value>): Map<Node, Unit> {
  const groups = new Map<Node, Unit>();
  const readers = readersOf(nodes);
  const onlyReader = (value: Value) =>
    kept.has(value) || readers.get(value)?.length !== 1 ? undefined : readers.get(value)?.[0];
  const forward = new Map<Value, NormalisationForward>();
  for (const node of nodes) {
    if (node.op !== ops.normalise || !isMap(node.inputs[0] as Value)) continue;
    if (isScaling(node)) continue;
    const unit = forwardOf(node, onlyReader(node.outputs[0] as Value), groups, readers);
    forward.set(unit.y, unit);
    for (const member of membersOf(node, unit)) groups.set(member, unit);
  }
  const live = new Set(nodes);
  for (const node of nodes) {
    if (node.op !== ops.normaliseSums || !isMap(node.inputs[0] as Value)) continue;
    const found = backwardOf(node, { readers, live, kept, forward });
    if (!found) continue;
    for (const member of found.members) groups.set(member, found.unit);
  }
  return groups;
}

/** A normalisation by constants, as gradients have it. */
const isScaling = ({ inputs: [, mean, variance] }: Node) =>
  (mean?.source.kind === 'constant') !== (variance?.source.kind === 'constant');

function forwardOf(
  node: Node,
  reader: Node | undefined,
  groups: ReadonlyMap<Node, Unit>,
  readers: ReadonlyMap<Value, readonly Node[]>,
): NormalisationForward {
  const [x, mean, variance, weight, bias] = node.inputs as [Value, Value, Value, Value, Value];
  const statistics = measured(mean);
  const measures =
    statistics !== undefined &&
    statistics.inputs[0] === x &&
    statistics.outputs[1] === variance &&
    !groups.has(statistics);
  const rectifies = reader?.op === ops.relu;
  const y = (rectifies ? reader.outputs[0] : node.outputs[0]) as Value;
  return {
    kind: 'normalisation',
    x,
    mean,
    variance,
    weight,
    bias,
    epsilon: node.attributes.epsilon,
    measures,
    rectifies,
    remembers: rectifies && readers.get(y)?.some(({ op }) => op === ops.reluGradient) === true,
    y,
    inputs: measures ? [x, weight, bias] : [x, mean, variance, weight, bias],
    outputs: measures ? [y, mean, variance] : [y],
  };
}

function membersOf(node: Node, { measures, rectifies, mean, y }: NormalisationForward): Node[] {
  const members = [node];
  if (measures) members.push(made(mean, ops.batchStatistics) as Node);
  if (rectifies) members.push(made(y, ops.relu) as Node);
  return members;
}

interface Surroundings {
  readonly readers: ReadonlyMap<Value, readonly Node[]>;
  readonly live: ReadonlySet<Node>;
  readonly kept: ReadonlySet<Value>;
  readonly forward: ReadonlyMap<Value, NormalisationForward>;
}

function backwardOf(
  sums: Node,
  { readers, live, kept, forward }: Surroundings,
): { unit: NormalisationBackward; members: Node[] } | undefined {
  const [x, mean, g] = sums.inputs as [Value, Value, Value];
  const [plain, centred] = sums.outputs as [Value, Value];
  const scaling = readers.get(g)?.find((node) => node.op === ops.normalise && node.inputs[0] === g && isScaling(node));
  const [, , variance, weight] = scaling?.inputs ?? [];
  if (!scaling || !variance || !weight) return undefined;
  const { epsilon } = scaling.attributes;
  const dweight = divide(centred, sqrt(add(variance, epsilon)));
  const members = [sums, scaling];
  const [scaled] = scaling.outputs as [Value];
  const whole = wholeGradient({ x, mean, variance, weight, epsilon, g, scaled });
  const isDirect =
    whole !== undefined &&
    whole.source.kind === 'node' &&
    live.has(whole.source.node) &&
    !kept.has(scaled) &&
    readers.get(scaled)?.length === 1;
  if (isDirect) members.push(whole.source.node);
  const isTakenIn = isDirect && leadsOnlyTo(new Set([whole, dweight]), centred, { readers, kept });
  const rectifier = made(g, ops.reluGradient);
  const rectified = rectifier && rectifiedBy(rectifier, { x, mean, variance, weight }, forward);
  const isOnlyHere = !kept.has(g) && readers.get(g)?.every((reader) => reader === sums || reader === scaling);
  const undone = rectified && isOnlyHere ? rectified : undefined;
  if (undone) members.push(rectifier as Node);
  const dy = undone ? (rectifier?.inputs[1] as Value) : g;
  const dx = isDirect ? whole : scaled;
  return {
    members,
    unit: {
      kind: 'normalisationGradient',
      x,
      mean,
      variance,
      weight,
      epsilon,
      givenStatistics: !isDirect,
      dy,
      rectified: undone,
      dx,
      dweight,
      dbias: plain,
      centred: isTakenIn ? undefined : centred,
      inputs: [x, mean, variance, weight, dy, ...(undone ? [undone.y] : [])],
      outputs: [dx, dweight, plain, ...(isTakenIn ? [] : [centred])],
    },
  };
}

/** Whether all that comes of `value` comes through one of `ends`. */
function leadsOnlyTo(
  ends: ReadonlySet<Value>,
  value: Value,
  { readers, kept }: Pick<Surroundings, 'readers' | 'kept'>,
): boolean {
  const found = new Set([value]);
  for (const one of found) {
    if (kept.has(one)) return false;
    for (const { outputs } of readers.get(one) ?? [])
      for (const output of outputs) if (!ends.has(output)) found.add(output);
  }
  return true;
}

/** The gradient by x of a normalisation by x's own statistics, as autodiff writes it. */
function wholeGradient(what: {
  x: Value;
  mean: Value;
  variance: Value;
  weight: Value;
  epsilon: number;
  g: Value;
  scaled: Value;
}): Value | undefined {
  const { x, mean, variance, weight, epsilon, g, scaled } = what;
  const statistics = measured(mean);
  if (statistics?.inputs[0] !== x || statistics.outputs[1] !== variance) return undefined;
  const context = {
    inputs: [x, mean, variance, weight, weight],
    outputs: [scaled],
    cotangents: [g],
    attributes: { epsilon },
    index: 0,
  } as const;
  const { gradient } = ops.normalise;
  const [dmean, dvariance] = [gradient.mean, gradient.variance].map((rule) =>
    typeof rule === 'function' ? rule(context as unknown as Parameters<typeof rule>[0]) : undefined,
  );
  if (!dmean || !dvariance) return undefined;
  const count = sizeOf(x.type.shape) / (x.type.shape[1] as number);
  const ones = x.graph.constant(1, mean.type.shape);
  return add(scaled, normalise(x, mean, ones, multiply(dvariance, 2 / count), multiply(dmean, 1 / count), 0));
}

function rectifiedBy(
  rectifier: Node,
  { x, mean, variance, weight }: Pick<NormalisationForward, 'x' | 'mean' | 'variance' | 'weight'>,
  forward: ReadonlyMap<Value, NormalisationForward>,
): NormalisationForward | undefined {
  const unit = forward.get(rectifier.inputs[0] as Value);
  const fits =
    unit?.rectifies && unit.x === x && unit.mean === mean && unit.variance === variance && unit.weight === weight;
  return fits ? unit : undefined;
}
