/** Memory of pictures that were cut from and are not needed again: new memory for each costs a tenth of decoding a small photograph. */
const spare: ArrayBuffer[] = [];
/** Larger pictures are rare, and take far longer to decode than to find room for. */
const largest = 4 * 1024 ** 2;
const mostSpare = 8;

const lent = new WeakSet<ArrayBufferLike>();

/** Room for so many bytes, whatever is in it. */
export function takePixels(length: number): Uint8Array {
  const at = spare.findIndex(({ byteLength }) => byteLength >= length);
  const buffer = at < 0 ? new ArrayBuffer(length) : (spare.splice(at, 1)[0] as ArrayBuffer);
  lent.add(buffer);
  return new Uint8Array(buffer, 0, length);
}

/** Whoever calls has no use for these any more, nor has anybody else; what `takePixels` did not give is left alone. */
export function givePixelsBack({ buffer }: Uint8Array): void {
  if (!lent.delete(buffer) || buffer.byteLength > largest) return;
  if (spare.length === mostSpare) spare.shift();
  spare.push(buffer as ArrayBuffer);
}
