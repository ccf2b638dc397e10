/**
 * Loops over pixels that JavaScript is too slow for, in AssemblyScript; `npm run kernels` makes src/data/pixel-kernels.ts of them.
 * Nothing is allocated here: who calls lays out the memory. Sums are in units of 2⁻²², as in PIL.
 */

const precision: i32 = 22;
const half: i32 = 1 << (precision - 1);

/** Four bytes as four numbers. */
// @ts-ignore: decorator
@inline
function widened(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** Sums as levels 0 to 255, in the lowest four bytes. */
// @ts-ignore: decorator
@inline
function levels(sums: v128): v128 {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sums, precision), i32x4.splat(0));
  return i8x16.narrow_i16x8_u(words, words);
}

/**
 * Rows of pixels with three channels side by side, each scaled to `width` pixels of four bytes.
 * @param starts [width], bytes from the row's beginning
 * @param weights [width, taps]
 */
export function scaleRows(
  source: usize,
  rowBytes: usize,
  height: i32,
  target: usize,
  targetWidth: i32,
  width: i32,
  starts: usize,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < height; y++) {
    let weight = weights;
    let to = target;
    for (let x = 0; x < width; x++) {
      let at = source + load<u32>(starts + (<usize>x << 2));
      let sums = i32x4.splat(half);
      for (let tap = 0; tap < taps; tap++) {
        sums = i32x4.add(sums, i32x4.mul(widened(at), v128.load32_splat(weight)));
        at += 3;
        weight += 4;
      }
      v128.store32_lane(to, levels(sums), 0);
      to += 4;
    }
    source += rowBytes;
    target += 4 * targetWidth;
  }
}

/** The same for one channel, to pixels of one byte. */
export function scaleGreyRows(
  source: usize,
  rowBytes: usize,
  height: i32,
  target: usize,
  targetWidth: i32,
  width: i32,
  starts: usize,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < height; y++) {
    let weight = weights;
    let to = target;
    for (let x = 0; x < width; x++) {
      const at = source + load<u32>(starts + (<usize>x << 2));
      let sum = half;
      for (let tap = 0; tap < taps; tap++) {
        sum += <i32>load<u8>(at + tap) * load<i32>(weight);
        weight += 4;
      }
      store<u8>(to++, <u8>max(0, min(255, sum >> precision)));
    }
    source += rowBytes;
    target += targetWidth;
  }
}

/**
 * Rows of `rowBytes` bytes, which are a multiple of 16, scaled to `height` rows.
 * @param starts [height], rows
 * @param weights [height, taps]
 */
export function scaleColumns(
  rows: usize,
  rowBytes: usize,
  target: usize,
  height: i32,
  starts: usize,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < height; y++) {
    const first = rows + <usize>load<u32>(starts + (<usize>y << 2)) * rowBytes;
    const weight = weights + <usize>(y * taps) * 4;
    for (let x: usize = 0; x < rowBytes; x += 16) {
      let a = i32x4.splat(half);
      let b = a;
      let c = a;
      let d = a;
      let at = first + x;
      for (let tap = 0; tap < taps; tap++) {
        const w = v128.load32_splat(weight + (<usize>tap << 2));
        const bytes = v128.load(at);
        const low = i16x8.extend_low_i8x16_u(bytes);
        const high = i16x8.extend_high_i8x16_u(bytes);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), w));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), w));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), w));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), w));
        at += rowBytes;
      }
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(a, precision), i32x4.shr_s(b, precision));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(c, precision), i32x4.shr_s(d, precision));
      v128.store(target + <usize>y * rowBytes + x, i8x16.narrow_i16x8_u(low, high));
    }
  }
}

/** Pixels of four bytes, in rows of `rowBytes`, as three planes. */
export function toPlanes(source: usize, rowBytes: usize, target: usize, height: i32, width: i32): void {
  const area = <usize>(height * width);
  for (let y = 0; y < height; y++) {
    let at = source + <usize>y * rowBytes;
    let x = 0;
    for (; x + 4 <= width; x += 4) {
      const pixels = v128.load(at);
      const sorted = i8x16.shuffle(pixels, pixels, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
      v128.store32_lane(target, sorted, 0);
      v128.store32_lane(target + area, sorted, 1);
      v128.store32_lane(target + 2 * area, sorted, 2);
      at += 16;
      target += 4;
    }
    for (; x < width; x++) {
      store<u8>(target, load<u8>(at));
      store<u8>(target + area, load<u8>(at + 1));
      store<u8>(target + 2 * area, load<u8>(at + 2));
      at += 4;
      target++;
    }
  }
}

/** Bytes through a table of 256 float32 numbers. */
export function lookUp(source: usize, length: i32, table: usize, target: usize): void {
  for (let i: usize = 0; i < <usize>length; i++)
    store<f32>(target + (i << 2), load<f32>(table + (<usize>load<u8>(source + i) << 2)));
}

/** Bytes through a table of 256 bytes. */
export function lookUpLevels(source: usize, length: i32, table: usize, target: usize): void {
  for (let i: usize = 0; i < <usize>length; i++) store<u8>(target + i, load<u8>(table + <usize>load<u8>(source + i)));
}

/** Of three planes, 0.299 R + 0.587 G + 0.114 B in units of 2⁻¹⁶. `length` is a multiple of 4. */
export function toGrey(source: usize, plane: i32, length: i32, target: usize): void {
  const red = i32x4.splat(19595);
  const green = i32x4.splat(38470);
  const blue = i32x4.splat(7471);
  const rounding = i32x4.splat(0x8000);
  const area = <usize>plane;
  for (let i: usize = 0; i < <usize>length; i += 4) {
    const at = source + i;
    const sums = i32x4.add(
      i32x4.add(i32x4.mul(widened(at), red), i32x4.mul(widened(at + area), green)),
      i32x4.add(i32x4.mul(widened(at + 2 * area), blue), rounding),
    );
    const words = i16x8.narrow_i32x4_s(i32x4.shr_u(sums, 16), i32x4.splat(0));
    v128.store32_lane(target + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

export function sumOf(source: usize, length: i32): i32 {
  let sum = 0;
  for (let i: usize = 0; i < <usize>length; i++) sum += <i32>load<u8>(source + i);
  return sum;
}

/** y = plain + share (x − plain), in float32, cut to 0..255 and to whole numbers. `length` is a multiple of 4. */
export function blend(plain: usize, source: usize, length: i32, share: f32, target: usize): void {
  const shares = f32x4.splat(share);
  for (let i: usize = 0; i < <usize>length; i += 4) {
    const from = f32x4.convert_i32x4_s(widened(plain + i));
    const x = f32x4.convert_i32x4_s(widened(source + i));
    const y = f32x4.add(from, f32x4.mul(shares, f32x4.sub(x, from)));
    const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(y), i32x4.splat(0));
    v128.store32_lane(target + i, i8x16.narrow_i16x8_u(words, words), 0);
  }
}
