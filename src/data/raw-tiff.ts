/** TIFF files that are what a camera's sensor saw: their first page is a preview, or nothing that a decoder of pictures understands. */

const [newSubfileType, compression, dngVersion] = [254, 259, 0xc612];
/** Bit 0 of `NewSubfileType`: a smaller version of another picture in the file. */
const isReduced = 1;
/** Ways of packing that cameras alone use: of Nikon, Sony, Pentax, Samsung, Kodak. */
const ofCameras = [34713, 32767, 65535, 32769, 32770, 65000];

/** @param start of a TIFF file; where its first directory lies beyond, it is none of a camera */
export function isRawTiff(start: Uint8Array): boolean {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const little = start[0] === 0x49;
  const classic = start.length >= 10 && view.getUint16(2, little) === 42;
  if (!classic) return false;
  // Canon's mark in its second version
  if (start[8] === 0x43 && start[9] === 0x52) return true;
  const directory = view.getUint32(4, little);
  if (directory + 2 > start.length) return false;
  const entries = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= start.length; i++, at += 12) {
    const tag = view.getUint16(at, little);
    if (tag === dngVersion) return true;
    if (tag === newSubfileType && view.getUint32(at + 8, little) & isReduced) return true;
    if (tag === compression && ofCameras.includes(view.getUint16(at + 8, little))) return true;
  }
  return false;
}
