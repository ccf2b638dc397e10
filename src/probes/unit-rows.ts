import { ShapeError } from '../tensor/index.ts';

/** Features of samples, a row each. */
export interface FeatureRows {
  /** [rows, width] */
  readonly features: Float32Array | Float64Array;
  /** Numbers of a row. */
  readonly width: number;
}

/** How many rows there are. @throws ShapeError where the numbers do not make whole rows */
export function rowsOf(where: string, { features, width }: FeatureRows): number {
  const rows = features.length / width;
  if (!(Number.isSafeInteger(width) && width >= 1 && Number.isInteger(rows)))
    throw new ShapeError(
      `${where}: expected rows of a \`width\` of at least 1, but got ${features.length} numbers and width ${width}`,
    );
  return rows;
}

/** Each row divided by its length, in float64; a row of zeros stays one, as far from every other as one at a right angle. */
export function unitRows({ features, width }: FeatureRows): Float64Array {
  const units = new Float64Array(features.length);
  for (let start = 0; start < features.length; start += width) {
    // no number of a row is so large that its square is infinite once the largest is 1
    let largest = 0;
    for (let i = start; i < start + width; i++) largest = Math.max(largest, Math.abs(features[i] as number));
    if (largest === 0) continue;
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += ((features[i] as number) / largest) ** 2;
    const length = Math.sqrt(squares);
    for (let i = start; i < start + width; i++) units[i] = (features[i] as number) / largest / length;
  }
  return units;
}
