const endBytes = 22;
const entryBytes = 46;
const longestComment = 0xffff;
const mostNames = 2000;

/** Names in the directory of a zip, as far as they can be read; it is looked at to say what a file is, and not trusted. */
export function zipNames(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.length - endBytes;
  let end = last;
  while (end >= 0 && end >= last - longestComment && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || end < last - longestComment) return [];
  const names: string[] = [];
  let at = view.getUint32(end + 16, true);
  while (names.length < mostNames && at + entryBytes <= end && view.getUint32(at, true) === 0x02014b50) {
    const name = at + entryBytes;
    const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    names.push(Buffer.from(bytes.subarray(name, name + nameBytes)).toString('utf8'));
    at = name + nameBytes + extra + comment;
  }
  return names;
}
