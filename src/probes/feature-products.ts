/** The two products that a fit consists of, in float64 and in an order that is always the same. */

/** Rows of features, one after the other. */
export type Features = Float32Array | Float64Array;

/** out[i, c] = Σⱼ features[i, j] · weights[c, j] + bias[c]. Four classes share a pass over a row. */
export function logitsOf(
  features: Features,
  width: number,
  weights: Float64Array,
  bias: Float64Array,
  out: Float64Array,
): void {
  const classes = bias.length;
  const samples = out.length / classes;
  for (let i = 0; i < samples; i++) {
    const row = i * width;
    let c = 0;
    for (; c + 4 <= classes; c += 4) {
      const first = c * width;
      const second = first + width;
      const third = second + width;
      const fourth = third + width;
      let [a, b, d, e] = [0, 0, 0, 0];
      for (let j = 0; j < width; j++) {
        const x = features[row + j]!;
        a += x * weights[first + j]!;
        b += x * weights[second + j]!;
        d += x * weights[third + j]!;
        e += x * weights[fourth + j]!;
      }
      const to = i * classes + c;
      out[to] = a + bias[c]!;
      out[to + 1] = b + bias[c + 1]!;
      out[to + 2] = d + bias[c + 2]!;
      out[to + 3] = e + bias[c + 3]!;
    }
    for (; c < classes; c++) {
      let a = 0;
      for (let j = 0; j < width; j++) a += features[row + j]! * weights[c * width + j]!;
      out[i * classes + c] = a + bias[c]!;
    }
  }
}

/** into[c, j] += Σᵢ rows[i, c] · features[i, j], where `rows` is [samples × classes]. Four samples share a pass over a class. */
export function accumulateProducts(
  features: Features,
  width: number,
  rows: Float64Array,
  classes: number,
  into: Float64Array,
): void {
  const samples = rows.length / classes;
  let i = 0;
  for (; i + 4 <= samples; i += 4) {
    const first = i * width;
    const second = first + width;
    const third = second + width;
    const fourth = third + width;
    for (let c = 0; c < classes; c++) {
      const a = rows[i * classes + c]!;
      const b = rows[(i + 1) * classes + c]!;
      const d = rows[(i + 2) * classes + c]!;
      const e = rows[(i + 3) * classes + c]!;
      const to = c * width;
      for (let j = 0; j < width; j++) {
        into[to + j]! +=
          a * features[first + j]! + b * features[second + j]! + d * features[third + j]! + e * features[fourth + j]!;
      }
    }
  }
  for (; i < samples; i++) {
    for (let c = 0; c < classes; c++) {
      const a = rows[i * classes + c]!;
      for (let j = 0; j < width; j++) into[c * width + j]! += a * features[i * width + j]!;
    }
  }
}
