/** Which axes of a program's tensors are one and the same: those of a map, of its statistics, of the weights that read it. */
import type { Value } from '../../../../ir/index.ts';
import type { Segment } from './padding.ts';

/** A class of axes that must have the same segments. */
class AxisClass {
  readonly extent: number;
  isFixed = false;
  /** Whether others are joined from it: then it decides, and not what is cut out of them. */
  isPart = false;
  /** Whether what it joins stands without gaps, padded once at the end. */
  isPacked = false;
  /** Axes that this one joins, one behind the other, for each node that joins some. */
  joins: Axis[][] = [];
  /** Axes that this one is a stretch of. */
  cuts: { readonly from: Axis; readonly start: number; readonly stop: number }[] = [];

  constructor(extent: number) {
    this.extent = extent;
  }
}

/** One axis of one value; classes grow as axes turn out to be the same. */
interface Axis {
  parent: Axis | AxisClass;
}

function rootOf(axis: Axis): Axis {
  let root = axis;
  while (!(root.parent instanceof AxisClass)) root = root.parent;
  if (root !== axis) axis.parent = root;
  return root;
}

const classOf = (axis: Axis) => rootOf(axis).parent as AxisClass;

/** The axes cannot be given segments that fit all nodes. */
export class UnfitAxes extends Error {}

export class Axes {
  readonly #axes = new Map<Value, Axis[]>();
  readonly #segments = new Map<AxisClass, readonly Segment[]>();
  readonly #open = new Set<AxisClass>();
  readonly #block: number;

  /** Stretches that are free to get padding are padded to multiples of `block`. */
  constructor(block: number) {
    this.#block = block;
  }

  /** Both are the same axis from now on, unless one has a single element. */
  unite(a: Value, i: number, b: Value, j: number): void {
    const [one, other] = [rootOf(this.#axis(a, i)), rootOf(this.#axis(b, j))];
    if (one === other) return;
    const [kept, gone] = [one.parent as AxisClass, other.parent as AxisClass];
    if (kept.extent === 1 || gone.extent === 1) return;
    if (kept.extent !== gone.extent) throw new UnfitAxes(`extents ${kept.extent} and ${gone.extent}`);
    kept.isFixed ||= gone.isFixed;
    kept.isPart ||= gone.isPart;
    kept.isPacked ||= gone.isPacked;
    kept.joins.push(...gone.joins);
    kept.cuts.push(...gone.cuts);
    other.parent = one;
  }

  /** This axis gets no padding. */
  fix(value: Value, axis: number): void {
    classOf(this.#axis(value, axis)).isFixed = true;
  }

  fixAll(value: Value): void {
    value.type.shape.forEach((_, axis) => {
      this.fix(value, axis);
    });
  }

  join(whole: Value, parts: readonly Value[], axis: number): void {
    const joined = parts.map((part) => this.#axis(part, axis));
    for (const part of joined) classOf(part).isPart = true;
    classOf(this.#axis(whole, axis)).joins.push(joined);
  }

  /** What this axis joins is padded once, at its end. */
  pack(whole: Value, axis: number): void {
    classOf(this.#axis(whole, axis)).isPacked = true;
  }

  isPacked(value: Value, axis: number): boolean {
    return classOf(this.#axis(value, axis)).isPacked;
  }

  cut(part: Value, from: Value, axis: number, range: { readonly start: number; readonly stop: number }): void {
    classOf(this.#axis(part, axis)).cuts.push({ from: this.#axis(from, axis), ...range });
  }

  /** Nothing is united, fixed or joined after this. @throws UnfitAxes */
  settle(): void {
    const classes = new Set([...this.#axes.values()].flat().map(classOf));
    for (let changed = true; changed; ) {
      changed = false;
      for (const { isFixed, isPacked, joins } of classes)
        for (const part of joins.flat().map(classOf)) {
          // what is joined to a fixed axis is fixed; gaps between parts of a part are gaps as well
          const [fixes, packs] = [
            isFixed && !isPacked && !part.isFixed,
            isPacked && !part.isPacked && part.joins.length > 0,
          ];
          if (fixes) part.isFixed = true;
          if (packs) part.isPacked = true;
          changed ||= fixes || packs;
        }
    }
    for (const one of classes) {
      const own = this.#segmentsOf(one);
      if (one.isPacked) for (const part of one.joins.flat()) expectWhole(this.#segmentsOf(classOf(part)));
      else for (const parts of one.joins) expectSame(own, this.#joined(parts));
      for (const cut of one.cuts)
        if (classOf(cut.from).isPacked) expectWhole(own);
        else expectSame(own, this.#stretch(cut));
    }
  }

  segments(value: Value, axis: number): readonly Segment[] {
    return this.#segmentsOf(classOf(this.#axis(value, axis)));
  }

  /** The shape of `value` with all its padding. */
  paddedShape(value: Value): number[] {
    return value.type.shape.map((_, axis) => roomOf(this.segments(value, axis)));
  }

  /** Where the element `at` of an axis lies once it is padded; `at` is where a segment begins, or the extent. */
  moved(value: Value, axis: number, at: number): number {
    return roomOf(before(this.segments(value, axis), at));
  }

  isPadded(value: Value, axis: number): boolean {
    return this.segments(value, axis).some(({ length, room }) => room > length);
  }

  #axis(value: Value, axis: number): Axis {
    const known = this.#axes.get(value) ?? value.type.shape.map((extent) => ({ parent: new AxisClass(extent) }));
    this.#axes.set(value, known);
    return known[axis] as Axis;
  }

  #segmentsOf(one: AxisClass): readonly Segment[] {
    const known = this.#segments.get(one);
    if (known) return known;
    if (this.#open.has(one)) throw new UnfitAxes('an axis is a stretch of itself');
    this.#open.add(one);
    const found = this.#find(one);
    this.#open.delete(one);
    this.#segments.set(one, found);
    return found;
  }

  #find({ isFixed, isPart, isPacked, extent, joins, cuts }: AxisClass): readonly Segment[] {
    if (isFixed || extent === 1) return [{ length: extent, room: extent }];
    if (joins[0] && !isPacked) return this.#joined(joins[0]);
    const [cut] = cuts.filter(({ from }) => !classOf(from).isPacked);
    if (cut && !isPart && !isPacked) return this.#stretch(cut);
    return [{ length: extent, room: Math.ceil(extent / this.#block) * this.#block }];
  }

  #joined(parts: readonly Axis[]): readonly Segment[] {
    return parts.flatMap((part) => this.#segmentsOf(classOf(part)));
  }

  #stretch({ from, start, stop }: AxisClass['cuts'][number]): readonly Segment[] {
    const all = this.#segmentsOf(classOf(from));
    return before(all, stop).slice(before(all, start).length);
  }
}

/** The segments in front of the element `at`. @throws UnfitAxes unless a segment begins there */
function before(segments: readonly Segment[], at: number): readonly Segment[] {
  let count = 0;
  for (let sum = 0; sum < at; count++) {
    sum += segments[count]?.length ?? Number.POSITIVE_INFINITY;
    if (sum > at) throw new UnfitAxes(`no segment begins at ${at}`);
  }
  return segments.slice(0, count);
}

const roomOf = (segments: readonly Segment[]) => segments.reduce((sum, { room }) => sum + room, 0);
const lengthOf = (segments: readonly Segment[]) => segments.reduce((sum, { length }) => sum + length, 0);

/** @throws UnfitAxes where padding stands between the elements of what is to be joined without gaps */
function expectWhole(segments: readonly Segment[]): void {
  const inner = segments.slice(0, -1);
  if (roomOf(inner) !== lengthOf(inner)) throw new UnfitAxes('padding stands between what is joined without gaps');
}

/** Segments without padding are as good as one. */
function expectSame(one: readonly Segment[], other: readonly Segment[]): void {
  const isPlain = (segments: readonly Segment[]) => roomOf(segments) === lengthOf(segments);
  if (isPlain(one) && isPlain(other)) return;
  const words = (segments: readonly Segment[]) => segments.map(({ length, room }) => `${length}/${room}`).join(' ');
  if (words(one) !== words(other)) throw new UnfitAxes(`${words(one)} and ${words(other)}`);
}
