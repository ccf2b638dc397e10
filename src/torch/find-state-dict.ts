/** Which of the dicts in a saved object are the weights. */

import { describeValue, type PickleValue, Tuple, Unknown } from '../pickle/index.ts';
import { isOptimiser, noWeights } from './no-weights.ts';
import { TensorReference } from './tensor-reference.ts';
import { torchError } from './torch-error.ts';

/** Where training scripts put the weights, beside an average of them or the optimiser's state; the first that is there counts. */
const familiar = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'weights', 'params'];

/** Keys of averages of the weights, as timm and torchvision call them. */
const average = /(^|[_.])(ema|swa)([_.]|$)|averag/i;

/** Something in the file that is not among the weights. */
export interface LeftOver {
  /** The keys that lead to it, joined by dots. */
  readonly name: string;
  /** In a few words: `3`, `a dict of 2`. */
  readonly what: string;
}

/** Weights lie at most a few dicts deep. */
const maximumDepth = 16;
const longestKey = 100;
/** More are not worth naming. */
const mostOthers = 8;

interface Place {
  readonly value: PickleValue;
  readonly depth: number;
  /** Tensors in it by name, those included that cannot be built. */
  readonly count: number;
  /** Undefined for the saved object itself. */
  readonly parent?: Place;
  readonly key?: string;
}

/**
 * The dict with the most tensors among those reachable from `root`, or one of a familiar name, or the one at the path `wanted`; and what
 * lies beside it. An average of the weights is taken only where there is nothing else, or it is wanted.
 * @throws CheckpointError where no dict has a tensor, none is at `wanted`, or some of its tensors are of no plain kind
 */
export function findStateDict(
  root: PickleValue,
  wanted?: string,
): { path: string; tensors: Map<string, TensorReference>; leftOver: LeftOver[]; others: string[] } {
  const places = placesIn(root);
  const place = wanted === undefined ? choose(root, places) : placeAt(root, places, wanted);
  const tensors = tensorsIn(place.value);
  const leftOver: LeftOver[] = [];
  for (const [key, value] of childrenOf(place.value))
    if (tensors.get(key) !== value) leftOver.push({ name: pathOf(place, key), what: describeValue(value) });
  for (let inner = place; inner.parent; inner = inner.parent)
    for (const [key, value] of childrenOf(inner.parent.value))
      if (key !== inner.key) leftOver.push({ name: pathOf(inner.parent, key), what: describeValue(value) });
  const others = places.filter((other) => other !== place && other.count * 2 >= place.count).slice(0, mostOthers);
  return { path: pathOf(place), tensors, leftOver, others: others.map((other) => pathOf(other)) };
}

/** Every place with tensors, the optimiser's left out. */
function placesIn(root: PickleValue): Place[] {
  if (isOptimiser(root)) return [];
  // grows while it is walked; a value that several places hold counts once, or a few kilobytes could unfold without end
  const places: Place[] = [{ value: root, depth: 0, count: countTensors(root) }];
  const seen = new Set<PickleValue>([root]);
  for (const place of places)
    for (const [key, value] of childrenOf(place.value)) {
      if (place.depth >= maximumDepth || seen.has(value) || !isFilledContainer(value) || isOptimiser(value)) continue;
      seen.add(value);
      places.push({ value, depth: place.depth + 1, count: countTensors(value), parent: place, key });
    }
  return places.filter(({ count }) => count > 0);
}

function choose(root: PickleValue, places: readonly Place[]): Place {
  const plain = places.filter((place) => !average.test(pathOf(place)));
  const largest = [...(plain.length > 0 ? plain : places)].sort((a, b) => b.count - a.count)[0];
  const isTop = ({ parent }: Place) => parent !== undefined && parent.parent === undefined;
  const known = places.filter((place) => isTop(place) && familiar.includes(place.key as string));
  const [first] = known.sort((a, b) => familiar.indexOf(a.key as string) - familiar.indexOf(b.key as string));
  const own = countTensors(root);
  // a module beside other tensors is the network, and they are not its weights
  const isModule = own === 0 && [...childrenOf(root)].some(([, value]) => value instanceof Unknown && value.isModule);
  if (!largest || (isModule && !first)) throw noWeights(root, [...childrenOf(root)]);
  return first && first.count > own ? first : largest;
}

function placeAt(root: PickleValue, places: readonly Place[], wanted: string): Place {
  const place = places.find((each) => pathOf(each) === wanted);
  if (place) return place;
  if (places.length === 0) throw noWeights(root, [...childrenOf(root)]);
  const [, there] = [...childrenOf(root)].find(([key]) => key === wanted) ?? [];
  const paths = places.filter(({ parent }) => parent).map((each) => inBackquotes(pathOf(each)));
  throw torchError(
    `expected a dict of named tensors at ${inBackquotes(wanted)}, got ${there === undefined ? 'nothing there' : describeValue(there)}`,
    paths.length === 0
      ? 'the weights are the saved dict itself: leave the name out'
      : `there are ${paths.slice(0, mostOthers).join(', ')}${paths.length > mostOthers ? ', …' : ''}`,
  );
}

/** @throws CheckpointError that names those that cannot be built */
function tensorsIn(value: PickleValue): Map<string, TensorReference> {
  const entries = value instanceof Map ? [...value].filter(isTensorEntry) : [];
  const unknown = entries.filter(([, tensor]) => tensor instanceof Unknown) as [string, Unknown][];
  if (unknown[0])
    throw torchError(
      `expected plain tensors, but ${unknown.length} of ${entries.length} are none: ${inBackquotes(unknown[0][0])} is ${describeValue(unknown[0][1])}`,
      'save plain ones: of sparse tensors to_dense(), of a quantised network the one that it was made from',
    );
  return new Map(entries as [string, TensorReference][]);
}

const isTensorEntry = (entry: [PickleValue, PickleValue]): entry is [string, TensorReference | Unknown] =>
  typeof entry[0] === 'string' &&
  (entry[1] instanceof TensorReference || (entry[1] instanceof Unknown && entry[1].kind === 'tensor'));

function countTensors(value: PickleValue): number {
  let count = 0;
  if (value instanceof Map) for (const entry of value) if (isTensorEntry(entry)) count++;
  return count;
}

function isFilledContainer(value: PickleValue): boolean {
  if (value instanceof Map) return value.size > 0;
  return (value instanceof Tuple ? value.items : Array.isArray(value) ? value : []).length > 0;
}

function* childrenOf(value: PickleValue): Generator<[key: string, value: PickleValue]> {
  if (value instanceof Map)
    for (const [key, item] of value) yield [typeof key === 'string' ? key : describeValue(key), item];
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : [];
  for (const [index, item] of items.entries()) yield [String(index), item];
}

/** Long keys are cut, since they would be repeated for everything below them. */
const cut = (key: string) => (key.length > longestKey ? `${key.slice(0, longestKey)}…` : key);

/** In one printable line. */
const inBackquotes = (path: string) => `\`${JSON.stringify(cut(path)).slice(1, -1)}\``;

/** Outermost key first. */
function pathOf(place: Place, ...below: string[]): string {
  const keys = [...below];
  for (let inner: Place | undefined = place; inner; inner = inner.parent)
    if (inner.key !== undefined) keys.unshift(inner.key);
  return keys.map(cut).join('.');
}
