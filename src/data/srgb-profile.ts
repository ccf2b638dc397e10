/** Colour profiles that are sRGB itself, under whatever name: most that photographs carry. Going through one takes four times as long as a small photograph. */

/**
 * By how many levels a profile may move a colour: rounded that is one. Makers round the primaries differently, which the red of bright cyan shows
 * most: 1.01 levels in the profile that cameras write.
 */
const tolerance = 1.25;

/** From X, Y, Z relative to the white of profiles (D50) to red, green and blue of IEC 61966-2-1, by Bradford's adaptation. */
const fromXyz = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

type Triple = readonly [number, number, number];
type Curve = (level: number) => number;

let latest: { readonly profile: Uint8Array; readonly answer: boolean } | undefined;

/**
 * Whether an ICC profile (ICC.1:2010, 8 to 10) shows levels of 0 to 255 as sRGB does, told from its primaries and curves. Where colours are in a
 * table as well, that is what counts, and the answer is no.
 */
export function isSrgbProfile(profile: Uint8Array): boolean {
  // the photographs of a folder mostly carry one and the same
  if (!latest || !equal(latest.profile, profile)) latest = { profile: profile.slice(), answer: isSrgb(profile) };
  return latest.answer;
}

function isSrgb(profile: Uint8Array): boolean {
  const tags = tagsOf(profile);
  const isOfMatrix = !['A2B0', 'A2B1', 'A2B2', 'D2B0', 'D2B1', 'D2B2'].some((name) => tags.has(name));
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => xyzOf(tags.get(name)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(tags.get(name)));
  if (latin1(profile, 16) !== 'RGB ' || latin1(profile, 20) !== 'XYZ ' || !isOfMatrix) return false;
  if (!columns.every((column) => column !== undefined) || !curves.every((curve) => curve !== undefined)) return false;
  return probes.every((levels) => {
    const light = levels.map((level, i) => (curves[i] as Curve)(level / 255));
    const xyz = [0, 1, 2].map((row) => light.reduce((sum, of, i) => sum + of * (columns[i]?.[row] as number), 0));
    return fromXyz.every((weights, i) => {
      const level = 255 * fromLight(weights.reduce((sum, weight, row) => sum + weight * (xyz[row] as number), 0));
      return Math.abs(level - (levels[i] as number)) <= tolerance;
    });
  });
}

/** All greys, and the colours at which other primaries show most: where a channel is dark beside a bright one. */
const probes: readonly Triple[] = [
  ...Array.from({ length: 256 }, (_, level): Triple => [level, level, level]),
  ...[0, 128, 255].flatMap((r) => [0, 128, 255].flatMap((g) => [0, 128, 255].map((b): Triple => [r, g, b]))),
];

function fromLight(light: number): number {
  const within = Math.min(1, Math.max(0, light));
  return within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
}

/** The table of tags stands after a header of 128 bytes: a name, a place and a length for each. */
function tagsOf(profile: Uint8Array): ReadonlyMap<string, DataView> {
  const view = viewOf(profile);
  const count = profile.length >= 132 ? Math.min(view.getUint32(128), (profile.length - 132) / 12) : 0;
  const tags = new Map<string, DataView>();
  for (let i = 0, at = 132; i < count && at + 12 <= profile.length; i++, at += 12) {
    const start = view.getUint32(at + 4);
    tags.set(latin1(profile, at), viewOf(profile.subarray(start, start + view.getUint32(at + 8))));
  }
  return tags;
}

function xyzOf(tag: DataView | undefined): Triple | undefined {
  if (!tag || tag.byteLength < 20 || tag.getUint32(0) !== 0x58595a20) return undefined;
  return [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)];
}

/** A table of at least two entries, or the parametric kind that sRGB is of; other curves are none of sRGB's. */
function curveOf(tag: DataView | undefined): Curve | undefined {
  if (!tag || tag.byteLength < 12) return undefined;
  const kind = tag.getUint32(0);
  if (kind === 0x70617261 && tag.getUint16(8) === 3 && tag.byteLength >= 32) {
    const [g, a, b, c, d] = [12, 16, 20, 24, 28].map((at) => fixed(tag, at)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return (x) => (x >= d ? (a * x + b) ** g : c * x);
  }
  const count = tag.getUint32(8);
  if (kind !== 0x63757276 || count < 2 || tag.byteLength < 12 + 2 * count) return undefined;
  return (x) => {
    const at = Math.min(count - 2, Math.floor(x * (count - 1)));
    const [before, after] = [tag.getUint16(12 + 2 * at), tag.getUint16(14 + 2 * at)];
    return (before + (after - before) * (x * (count - 1) - at)) / 65535;
  };
}

/** s15Fixed16Number */
const fixed = (view: DataView, at: number) => view.getInt32(at) / 65536;
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const latin1 = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);
