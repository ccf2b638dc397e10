/** The kind of weights that another tool wrote, told by a file's first bytes; undefined for what may be safetensors, or for no weights. */
export function foreignKind(bytes: Uint8Array): 'PyTorch' | 'ONNX' | undefined {
  const [first, second = 0, third, fourth] = bytes;
  // a length comes first in safetensors, so its bytes may be any, but then JSON follows
  if (bytes[8] === 0x7b) return undefined;
  const isZip = first === 0x50 && second === 0x4b && third === 3 && fourth === 4;
  const isPickle = first === 0x80 && second >= 2 && second <= 5;
  if (isZip || isPickle) return 'PyTorch';
  // the version of the format, a small number, and then another field
  return first === 0x08 && second > 0 && second < 32 && (third === 0x12 || third === 0x3a || third === 0x42)
    ? 'ONNX'
    : undefined;
}
