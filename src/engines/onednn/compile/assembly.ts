/** What kernels write to: values in the layouts that primitives like, and what brings one into another. */
import { ops, type Value } from '../../../ir/index.ts';
import { EngineError, sameShape } from '../../../tensor/index.ts';
import type { DataType, Layout } from '../library/index.ts';
import { type Cut, isCut } from '../planning/group-joins.ts';
import { readersOf } from '../planning/readers.ts';
import { Stacks } from '../planning/stacks.ts';
import type { Unit } from '../planning/units.ts';
import type { Host, Reduction } from './host.ts';
import { MapRecorder } from './map-recorder.ts';
import type { StateStore } from './state-store.ts';
import type { Stored } from './stored.ts';

/** Knows where each value lies, and in which layouts. */
export class Assembly extends MapRecorder {
  /** In which convolutions read and write maps; what follows them keeps it. */
  readonly mapType: DataType;
  /** What is joined step by step, one part behind the other in the same memory. */
  readonly stacks: Stacks;
  /** Where the process is one of several. */
  readonly ranks: Reduction | undefined;
  readonly #state: StateStore;
  readonly #forms = new Map<Value, Stored[]>();
  readonly #targets = new Map<Value, Value>();
  readonly #readers: ReadonlyMap<Value, readonly Unit[]>;
  readonly #cuts = new Map<Value, Cut>();
  readonly #results: ReadonlySet<Value>;

  /** `results` are what somebody reads in the end. */
  constructor(
    host: Pick<Host, 'library' | 'state' | 'block' | 'precision' | 'ranks'>,
    units: readonly Unit[],
    results: ReadonlySet<Value>,
  ) {
    const { library, state, block, precision, ranks } = host;
    super(library, block);
    this.#results = results;
    this.mapType = precision === 'bf16' ? 'bf16' : 'f32';
    this.ranks = ranks;
    this.#state = state;
    this.#readers = readersOf(units);
    this.stacks = new Stacks(units, (value) => this.readersOf(value), block);
  }

  /** `value`, the new content of a state entry, may be written over the old one. */
  target(value: Value, entry: Value): void {
    this.#targets.set(value, entry);
  }

  plain(value: Value): Layout {
    return this.layout(value.type.shape);
  }

  any(value: Value, dataType: DataType = 'f32'): Layout {
    return this.library.layout(value.type.shape, dataType, 'any');
  }

  /** `value` in whatever layout it was made. */
  read(value: Value): Stored {
    const forms = this.#forms.get(value) ?? [this.#leaf(value)];
    const whole = forms.find(({ isPart, isStacked }) => !(isPart || isStacked));
    if (whole) return whole;
    const stacked = this.stacked(value);
    if (stacked) return this.#unstacked(value, stacked);
    const [{ layout }] = forms as [Stored];
    return this.readAs(value, this.layout(layout.dims, this.mapFormat(layout.dims[1] as number), layout.dataType));
  }

  /** Whether `value` lies somewhere already: a leaf that nothing read yet takes any layout. */
  isSettled(value: Value): boolean {
    return this.#forms.has(value);
  }

  /** In what type `value` was made; state and constants are float32. */
  typeOf(value: Value): DataType {
    return this.#forms.get(value)?.[0]?.layout.dataType ?? 'f32';
  }

  /** `value` as float32, in whatever order it was made. */
  readFloats(value: Value): Stored {
    const stored = this.read(value);
    const { dims, format, dataType } = stored.layout;
    return dataType === 'f32' ? stored : this.readAs(value, this.layout(dims, format));
  }

  /** Notes that `value` is cut out of something. */
  noteCut(value: Value, unit: Cut): void {
    this.#cuts.set(value, unit);
  }

  /** Whether `part`, where `cut` lies, may be written over by its only reader: nobody reads those numbers under another name. */
  isFreeCut(cut: Value, { stretch }: Stored): boolean {
    const whole = this.#cuts.get(cut)?.x;
    const isOwn =
      whole?.source.kind === 'node' && whole.source.node.op !== ops.reshape && whole.source.node.op !== ops.waitFor;
    if (!isOwn || stretch.isFixed || this.stacks.isStack(stretch)) return false;
    if (this.#results.has(cut) || this.#results.has(whole) || this.readersOf(cut).length !== 1) return false;
    const readers = this.readersOf(whole);
    if (!readers.every(isCut)) return false;
    const ranges = readers.toSorted((one, other) => one.start - other.start);
    return ranges.every(
      ({ start, channels }, i) => start + channels <= (ranges[i + 1]?.start ?? Number.POSITIVE_INFINITY),
    );
  }

  /** Where `value` lies in a larger tensor, if it does. */
  part(value: Value): Stored | undefined {
    return this.#forms.get(value)?.find(({ isPart, isCut }) => isPart || isCut);
  }

  /** Who reads `value`. */
  readersOf(value: Value): readonly Unit[] {
    return this.#readers.get(value) ?? [];
  }

  /** `value` in this layout; reordered at most once. Its extents may be other ones of the same size, as those of grouped weights are. */
  readAs(value: Value, layout: Layout): Stored {
    if (!this.#forms.has(value)) this.#leaf(value, layout);
    const forms = this.#forms.get(value) as Stored[];
    if (forms.every(({ isStacked }) => isStacked)) this.read(value);
    const flat = forms.filter(({ isStacked }) => !isStacked);
    const known = flat.find((form) => form.layout.equals(layout));
    if (known) return known;
    const sameDims = flat.find((form) => sameShape(form.layout.dims, layout.dims));
    const from = sameDims ?? this.#reshaped(flat[0] as Stored, layout.dims);
    if (!sameDims) forms.push(from);
    if (from.layout.equals(layout)) return from;
    const isConstant = value.source.kind === 'constant' && from.stretch.isFixed;
    const made = isConstant ? this.constantIn(layout, from) : this.temporary(layout);
    if (!isConstant) this.reorder(from, made);
    forms.push(made);
    return made;
  }

  /** The same memory under other extents: row by row, all are alike. */
  #reshaped(stored: Stored, dims: readonly number[]): Stored {
    const plain = this.layout(stored.layout.dims);
    let from = stored;
    if (!plain.equals(stored.layout)) {
      from = this.temporary(plain);
      this.reorder(stored, from);
    }
    return { ...from, layout: this.layout(dims) };
  }

  readPlain(value: Value): Stored {
    return this.readAs(value, this.plain(value));
  }

  /** Room for `value` in this layout, to be written by the next instruction. */
  write(value: Value, layout: Layout): Stored {
    const entry = this.#targets.get(value);
    const target = entry && (this.isSettled(entry) ? this.read(entry) : this.#leaf(entry, layout));
    const stored = target?.layout.equals(layout) ? target : this.temporary(layout);
    this.place(value, stored);
    return stored;
  }

  /** `value` and `other` are the same numbers, wherever they lie. */
  alias(value: Value, other: Value): void {
    if (!this.isSettled(other)) this.#leaf(other);
    this.#forms.set(value, this.#forms.get(other) as Stored[]);
  }

  /** `value` with its images one upon another, if it lies so; zeros behind its channels. */
  stacked(value: Value): Stored | undefined {
    const known = this.#forms.get(value)?.find(({ isStacked, holds }) => isStacked && holds === undefined);
    if (known) return known;
    const partly = this.stackedAsItIs(value);
    return partly && this.#cleared(value, partly);
  }

  /** The same, whatever stands behind the channels that it holds: for those to whom that makes no difference. */
  stackedAsItIs(value: Value): Stored | undefined {
    return this.#forms.get(value)?.find(({ isStacked }) => isStacked);
  }

  /** A copy with zeros behind the channels that `partly` holds. */
  #cleared(value: Value, partly: Stored): Stored {
    const made: Stored = { ...this.temporary(partly.layout), isStacked: true };
    this.copyChannels(partly, made, partly.holds as number);
    this.place(value, made);
    return made;
  }

  /** Whether a vector is known to hold zeros from this element on. */
  hasZerosFrom({ source }: Value, element: number): boolean {
    if (source.kind === 'state') return this.#state.isPaddedFrom(source.name, element);
    if (source.kind !== 'constant') return false;
    return (source.tensor.data as Float32Array).subarray(element).every((number) => number === 0);
  }

  /** In the form that costs nothing. */
  readAny(value: Value): Stored {
    return this.stacked(value) ?? this.read(value);
  }

  /** As `form` lies, another value of the same shape. */
  readLike(value: Value, form: Stored): Stored {
    return form.isStacked ? this.readStacked(value, form.layout.dataType) : this.readAs(value, form.layout);
  }

  /** Room for `value` in the layout of `form`, which has the same shape. */
  writeLike(value: Value, form: Stored): Stored {
    return form.isStacked ? this.writeStacked(value, form.layout) : this.write(value, form.layout);
  }

  readStacked(value: Value, dataType: DataType): Stored {
    const known = this.stacked(value);
    if (known && known.layout.dataType === dataType) return known;
    const layout = this.stackedLayout(value, dataType);
    const whole = this.#forms.get(value)?.find(({ isPart, isStacked }) => !(isPart || isStacked));
    const isBlock = value.type.shape[1] === this.block && whole?.layout.equals(this.blockedLayout(value, dataType));
    // one block lies alike both ways
    const made: Stored = { ...(whole && isBlock ? whole : this.temporary(layout)), layout, isStacked: true };
    if (made.stretch !== whole?.stretch) this.copyStacked(value, made);
    this.place(value, made);
    return made;
  }

  writeStacked(value: Value, layout: Layout): Stored {
    const stored: Stored = { ...this.temporary(layout), isStacked: true };
    this.place(value, stored);
    return stored;
  }

  /** Copies `value` to a place among stacked images. */
  copyStacked(value: Value, to: Stored): void {
    const from = this.stacked(value);
    const part = this.#forms.get(value)?.find(({ isPart }) => isPart);
    if (from) this.reorder(this.flat(from), this.flat(to));
    else if (part) this.stackPart(value, part, to);
    else this.stack(value, this.#blocked(value), to);
  }

  #blocked(value: Value): Stored {
    return this.readAs(value, this.blockedLayout(value, this.typeOf(value)));
  }

  #unstacked(value: Value, stacked: Stored): Stored {
    const layout = this.blockedLayout(value, stacked.layout.dataType);
    const { stretch, offset = 0 } = stacked;
    // one block lies alike both ways
    const isSame = value.type.shape[1] === this.block;
    const made: Stored = isSame ? { layout, stretch, offset } : this.temporary(layout);
    if (!isSame) this.unstack(value, stacked, made);
    this.place(value, made);
    return made;
  }

  /** `value` is what `stored` holds. */
  place(value: Value, stored: Stored): void {
    const forms = this.#forms.get(value);
    if (forms) forms.push(stored);
    else this.#forms.set(value, [stored]);
  }

  /** to += value, where it stands. */
  addTo(to: Stored, value: Value): void {
    if (to.isStacked) {
      const [sum, added] = [this.flat(to), this.flat(this.readStacked(value, to.layout.dataType))];
      const layouts = { src: sum.layout, src1: added.layout, dst: sum.layout };
      this.primitive(
        this.create({ kind: 'binary', algorithm: 'add', ...layouts }),
        { src: sum, src1: added },
        { dst: sum },
      );
      return;
    }
    const from = this.read(value);
    const primitive = this.create({ kind: 'reorder', src: from.layout, dst: to.layout, postOps: [{ kind: 'sum' }] });
    this.primitive(primitive, { src: from }, { dst: to });
  }

  #leaf(value: Value, wanted?: Layout): Stored {
    const { source } = value;
    switch (source.kind) {
      case 'state': {
        // state is never rounded: it is float32 whatever its reader asks for
        const isFloat = wanted?.dataType === 'f32';
        const layout = wanted && !isFloat ? this.layout(wanted.dims) : (wanted ?? this.plain(value));
        const stored = this.#state.entry(source.name, value.type.shape, layout);
        this.place(value, stored);
        return stored;
      }
      case 'constant': {
        const stored = this.constant(this.plain(value), source.tensor.data as unknown as ArrayLike<number>);
        this.place(value, stored);
        return stored;
      }
      case 'input':
        throw new EngineError(`onednn: input \`${source.name}\` is read before it is there`);
      case 'node':
        throw new EngineError(`onednn: ${source.node.op.name} is read before it is computed`);
    }
  }
}
