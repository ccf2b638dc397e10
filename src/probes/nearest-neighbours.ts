/** Which rows of features point the most in the same direction as others: exact, every pair is compared. */
import { ConfigError, DataError, ShapeError } from '../tensor/index.ts';
import { type FeatureRows, rowsOf, unitRows } from './unit-rows.ts';

/** What `nearestNeighbours` compares. */
export interface NeighbourOptions extends FeatureRows {
  /** How many of the nearest rows each gets; fewer where there are not so many. */
  readonly k: number;
  /** [queries, width]: whose neighbours are sought. Default: those of each of `features` among the others. */
  readonly queries?: Float32Array | Float64Array;
}

/** The nearest rows of each query, the nearest first; of equally near ones the one that comes first. */
export interface Neighbours {
  /** Of each query: `k`, or how many rows there are. */
  readonly k: number;
  /** [queries, k]: rows of the features. */
  readonly indices: Uint32Array;
  /** [queries, k]: 1 − cosine, 0 for the same direction to 2 for the opposite. */
  readonly distances: Float64Array;
}

/** Queries and rows that are compared together, so that both stay in the processor's cache. */
const block = 64;

/**
 * The `k` nearest rows by the cosine of the angle between them, summed in float64 in a fixed order. Time grows with queries × rows × width.
 * @throws ConfigError where `k` is not a whole number of at least 1; ShapeError for numbers that make no whole rows
 */
export function nearestNeighbours({ features, width, k: asked, queries }: NeighbourOptions): Neighbours {
  if (!(Number.isSafeInteger(asked) && asked >= 1))
    throw new ConfigError(`nearestNeighbours: \`k\` must be a whole number of at least 1, but is ${asked}`);
  const rows = rowsOf('nearestNeighbours', { features, width });
  const count = queries ? rowsOf('nearestNeighbours', { features: queries, width }) : rows;
  const k = Math.min(asked, queries ? rows : Math.max(0, rows - 1));
  const units = unitRows({ features, width });
  const wanted = queries ? unitRows({ features: queries, width }) : units;
  const indices = new Uint32Array(count * k);
  const cosines = new Float64Array(count * k).fill(Number.NEGATIVE_INFINITY);
  const products = new Float64Array(block * block);
  for (let first = 0; first < count; first += block) {
    const last = Math.min(first + block, count);
    for (let from = 0; from < rows; from += block) {
      const to = Math.min(from + block, rows);
      multiply(wanted, first, last, units, from, to, width, products);
      for (let query = first; query < last; query++)
        for (let row = from; row < to; row++)
          if (queries || row !== query)
            insert(indices, cosines, query * k, k, row, products[(query - first) * block + row - from] as number);
    }
  }
  // rounding may take a cosine just beyond 1
  return { k, indices, distances: cosines.map((cosine) => Math.max(0, 1 - cosine)) };
}

/** products [block, block] = queries first to last times rows from to to. */
function multiply(
  queries: Float64Array,
  first: number,
  last: number,
  rows: Float64Array,
  from: number,
  to: number,
  width: number,
  products: Float64Array,
): void {
  for (let query = first; query < last; query += 2)
    for (let row = from; row < to; row += 4)
      multiplyFew(queries, query, last, rows, row, to, width, products, (query - first) * block + row - from);
}

/** Two queries times four rows at once: each number that is read is used more than once. Beyond the last, the last is taken again. */
function multiplyFew(
  queries: Float64Array,
  query: number,
  last: number,
  rows: Float64Array,
  row: number,
  to: number,
  width: number,
  products: Float64Array,
  at: number,
): void {
  const x = query * width;
  const y = Math.min(query + 1, last - 1) * width;
  const a = row * width;
  const b = Math.min(row + 1, to - 1) * width;
  const c = Math.min(row + 2, to - 1) * width;
  const d = Math.min(row + 3, to - 1) * width;
  let xa = 0;
  let xb = 0;
  let xc = 0;
  let xd = 0;
  let ya = 0;
  let yb = 0;
  let yc = 0;
  let yd = 0;
  for (let i = 0; i < width; i++) {
    const p = queries[x + i] as number;
    const q = queries[y + i] as number;
    const e = rows[a + i] as number;
    const f = rows[b + i] as number;
    const g = rows[c + i] as number;
    const h = rows[d + i] as number;
    xa += p * e;
    xb += p * f;
    xc += p * g;
    xd += p * h;
    ya += q * e;
    yb += q * f;
    yc += q * g;
    yd += q * h;
  }
  products[at] = xa;
  products[at + 1] = xb;
  products[at + 2] = xc;
  products[at + 3] = xd;
  products[at + block] = ya;
  products[at + block + 1] = yb;
  products[at + block + 2] = yc;
  products[at + block + 3] = yd;
}

/** Into the list of `k` from `start`, largest first; rows come in their order, so that an equal one stays behind. */
function insert(
  indices: Uint32Array,
  cosines: Float64Array,
  start: number,
  k: number,
  row: number,
  cosine: number,
): void {
  let at = start + k - 1;
  if (k === 0 || !(cosine > (cosines[at] as number))) return;
  for (; at > start && cosine > (cosines[at - 1] as number); at--) {
    cosines[at] = cosines[at - 1] as number;
    indices[at] = indices[at - 1] as number;
  }
  cosines[at] = cosine;
  indices[at] = row;
}

/**
 * The class of each query by the vote of its neighbours; where two classes have as many votes, the one whose nearest member is nearer.
 * @param labels of the rows that are the neighbours
 * @returns [queries]: indices of classes
 * @throws DataError for a neighbour whose label is not a class; ShapeError where queries have no neighbours
 */
export function votedLabels({ k, indices }: Neighbours, labels: ArrayLike<number>, classes: number): Int32Array {
  if (k === 0) throw new ShapeError('votedLabels: expected at least 1 neighbour of each query, but there are none');
  const voted = new Int32Array(indices.length / k);
  const votes = new Uint32Array(classes);
  for (let query = 0; query < voted.length; query++) {
    const own = Array.from(indices.subarray(query * k, query * k + k), (row) => labels[row] as number);
    votes.fill(0);
    for (const label of own) {
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw new DataError(`votedLabels: expected labels from 0 to ${classes - 1}, but a neighbour's is ${label}`);
      votes[label] = (votes[label] as number) + 1;
    }
    // the nearest come first, so the first of equals wins
    voted[query] = own.reduce((best, label) => ((votes[label] as number) > (votes[best] as number) ? label : best));
  }
  return voted;
}
