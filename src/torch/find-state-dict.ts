/** Which of the dicts in a saved object are the weights. */
import { describeValue, type PickleValue, TensorReference, Tuple } from './pickle-value.ts';
import { torchError } from './torch-error.ts';

/** Where training scripts put the weights, beside an average of them or the optimiser's state; the first that is there counts. */
const familiar = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'weights', 'params'];

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

interface Place {
  readonly value: PickleValue;
  readonly depth: number;
  /** Undefined for the saved object itself. */
  readonly parent?: Place;
  readonly key?: string;
}

/**
 * The dict with the most tensors among those reachable from `root`, or one of a familiar name; and what lies beside it.
 * @throws CheckpointError where no dict has a tensor
 */
export function findStateDict(root: PickleValue): {
  path: string;
  tensors: Map<string, TensorReference>;
  leftOver: LeftOver[];
} {
  const place = choosePlace(root);
  const tensors = tensorsIn(place.value);
  const leftOver: LeftOver[] = [];
  for (const [key, value] of childrenOf(place.value))
    if (tensors.get(key) !== value) leftOver.push({ name: pathOf(place, key), what: describeValue(value) });
  for (let inner = place; inner.parent; inner = inner.parent)
    for (const [key, value] of childrenOf(inner.parent.value))
      if (key !== inner.key) leftOver.push({ name: pathOf(inner.parent, key), what: describeValue(value) });
  return { path: pathOf(place), tensors, leftOver };
}

function choosePlace(root: PickleValue): Place {
  const start: Place = { value: root, depth: 0 };
  // grows while it is walked; a value that several places hold counts once, or a few kilobytes could unfold without end
  const places = [start];
  const seen = new Set<PickleValue>();
  let largest = { place: start, count: 0 };
  let known = { place: start, rank: familiar.length, count: 0 };
  for (const place of places) {
    if (seen.has(place.value)) continue;
    seen.add(place.value);
    const count = countTensors(place.value);
    if (count > largest.count) largest = { place, count };
    const rank = place.parent === start ? familiar.indexOf(place.key as string) : -1;
    if (count > 0 && rank >= 0 && rank < known.rank) known = { place, rank, count };
    for (const [key, value] of childrenOf(place.value))
      if (place.depth < maximumDepth && isFilledContainer(value))
        places.push({ value, depth: place.depth + 1, parent: place, key });
  }
  if (largest.count === 0)
    throw torchError(
      `expected a dict of named tensors, such as a state_dict, got ${describeValue(root)}`,
      "in PyTorch: torch.save(model.state_dict(), 'weights.pth')",
    );
  return known.count > countTensors(root) ? known.place : largest.place;
}

const isTensorEntry = (entry: [PickleValue, PickleValue]): entry is [string, TensorReference] =>
  typeof entry[0] === 'string' && entry[1] instanceof TensorReference;

function tensorsIn(value: PickleValue): Map<string, TensorReference> {
  return new Map(value instanceof Map ? [...value].filter(isTensorEntry) : []);
}

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

/** Outermost key first. Long keys are cut, since they would be repeated for everything below them. */
function pathOf(place: Place, ...below: string[]): string {
  const keys = [...below];
  for (let inner: Place | undefined = place; inner; inner = inner.parent)
    if (inner.key !== undefined) keys.unshift(inner.key);
  return keys.map((key) => (key.length > longestKey ? `${key.slice(0, longestKey)}…` : key)).join('.');
}
