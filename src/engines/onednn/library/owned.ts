/** Primitives, memories and calls: each owns one native thing and ends what depends on it before itself. */
import { EngineError } from '../../../tensor/index.ts';
import type { NativeArena } from './arena.ts';
import { argumentNumber, describedArguments } from './arguments.ts';
import type { Binding, NativeLayout } from './binding.ts';
import { queries, statusName } from './codes.ts';
import { wordsOf } from './describe-primitive.ts';
import type { ArgumentName, Primitive, PrimitiveDescription } from './description.ts';
import type { Layout } from './layout.ts';
import type { Call, Memory } from './library.ts';
import type { CValue, Native, SharedLibrary } from './native.ts';

/** A thing that ends once, and its dependents with it. */
export class Owned {
  readonly #dependents = new Set<Owned>();
  readonly #owners: Owned[] = [];
  #alive = true;

  get isAlive(): boolean {
    return this.#alive;
  }

  /** From now on `owner`'s end is also this one's. */
  dependOn(owner: Owned): void {
    owner.#dependents.add(this);
    this.#owners.push(owner);
  }

  destroy(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const dependent of [...this.#dependents].reverse()) dependent.destroy();
    for (const owner of this.#owners) owner.#dependents.delete(this);
    this.release();
  }

  protected release(): void {}
}

export class OwnedPrimitive extends Owned implements Primitive {
  readonly description: PrimitiveDescription;
  readonly implementation: string;
  readonly arguments: readonly ArgumentName[];
  readonly handle: bigint;
  readonly descriptor: bigint;
  readonly #binding: Binding;
  readonly #functions: Functions;
  readonly #layouts = new Map<ArgumentName, NativeLayout | undefined>();

  constructor(
    context: { native: Native; binding: Binding; functions: Functions },
    description: PrimitiveDescription,
    handles: { primitive: bigint; descriptor: bigint },
  ) {
    super();
    this.#binding = context.binding;
    this.#functions = context.functions;
    this.description = description;
    this.handle = handles.primitive;
    this.descriptor = handles.descriptor;
    this.implementation = implementationOf(context, handles.descriptor);
    const extra = (['workspace', 'scratchpad'] as const).filter((name) => (this.layout(name)?.bytes ?? 0) > 0);
    const described = describedArguments(description);
    const counted = countInputs(context.functions, handles.descriptor);
    const shift: ArgumentName[] = wantsShift(description, described, extra, counted) ? ['shift'] : [];
    this.arguments = [...described, ...shift, ...extra];
  }

  layout(argument: ArgumentName): Layout | undefined {
    if (this.#layouts.has(argument)) return this.#layouts.get(argument);
    if (!this.isAlive) throw new EngineError(`onednn: the primitive was destroyed; ${wordsOf(this.description)}`);
    const number = argumentNumber(argument);
    const found = this.#functions.queryLayout(this.descriptor, queries.executionArgument, number);
    const layout = this.#binding.adopt(found);
    this.#layouts.set(argument, layout);
    return layout;
  }

  protected override release(): void {
    this.#functions.destroyPrimitive(this.handle);
    this.#functions.destroyDescriptor(this.descriptor);
  }
}

export class OwnedMemory extends Owned implements Memory {
  readonly layout: Layout;
  readonly handle: bigint;
  readonly #functions: Functions;

  readonly #arena: NativeArena;
  readonly #onEnd = () => this.destroy();

  constructor(functions: Functions, layout: Layout, handle: bigint, arena: NativeArena) {
    super();
    this.#functions = functions;
    this.layout = layout;
    this.handle = handle;
    this.#arena = arena;
    arena.onEnd(this.#onEnd);
  }

  protected override release(): void {
    this.#arena.offEnd(this.#onEnd);
    this.#functions.destroyMemory(this.handle);
  }
}

export class OwnedCall extends Owned implements Call {
  readonly #execute: Functions['execute'];
  readonly #primitive: OwnedPrimitive;
  readonly #handle: bigint;
  readonly #stream: bigint;
  readonly #count: number;
  /** dnnl_exec_arg_t: a number in four bytes, four of padding, an address. */
  readonly #arguments: BigUint64Array;

  constructor(
    functions: Functions,
    stream: bigint,
    primitive: OwnedPrimitive,
    numbered: readonly { readonly number: number; readonly memory: OwnedMemory }[],
  ) {
    super();
    this.#execute = functions.execute;
    this.#primitive = primitive;
    this.#handle = primitive.handle;
    this.#stream = stream;
    this.#count = numbered.length;
    this.#arguments = BigUint64Array.from(numbered.flatMap(({ number, memory }) => [BigInt(number), memory.handle]));
    this.dependOn(primitive);
    for (const memory of new Set(numbered.map(({ memory }) => memory))) this.dependOn(memory);
  }

  run(): void {
    if (!this.isAlive)
      throw new EngineError(
        `onednn: this call was ended, or its primitive, a memory or the library was; ${wordsOf(this.#primitive.description)}`,
      );
    const status = this.#execute(this.#handle, this.#stream, this.#count, this.#arguments);
    if (status !== 0)
      throw new EngineError(
        `onednn: a primitive failed: ${statusName(status)}; ${wordsOf(this.#primitive.description)}`,
      );
  }
}

function countInputs(functions: Functions, descriptor: bigint): number {
  const result = new Int32Array(2);
  return functions.query(descriptor, queries.inputs, 0, result) === 0 ? (result[0] as number) : 0;
}

/** Whether this version's gradient of a batch norm takes the shift, although it does not depend on it. */
function wantsShift(
  description: PrimitiveDescription,
  described: readonly ArgumentName[],
  extra: readonly ArgumentName[],
  counted: number,
): boolean {
  if (description.kind !== 'batchNormalization' || !description.useShift || 'dst' in description) return false;
  const inputs = described.filter((name) => !/^diff(Src|Scale|Shift)$/.test(name)).length;
  return counted > inputs + (extra.includes('workspace') ? 1 : 0);
}

function implementationOf({ native, functions }: { native: Native; functions: Functions }, descriptor: bigint): string {
  const result = new BigUint64Array(1);
  const status = functions.query(descriptor, queries.implementation, 0, result);
  return status === 0 && result[0] ? native.textAt(result[0]) : 'unknown';
}

export type Functions = ReturnType<typeof commonFunctions>;

/** The functions that versions 2 and 3 share. */
export function commonFunctions(library: SharedLibrary) {
  const p = 'void *';
  const find = library.status;
  return {
    createEngine: find('dnnl_engine_create', p, 'int', 'size_t'),
    destroyEngine: find('dnnl_engine_destroy', p),
    createStream: find('dnnl_stream_create', p, p, 'uint'),
    destroyStream: find('dnnl_stream_destroy', p),
    createPrimitive: find('dnnl_primitive_create', p, p),
    destroyPrimitive: find('dnnl_primitive_destroy', p),
    destroyDescriptor: find('dnnl_primitive_desc_destroy', p),
    query: find('dnnl_primitive_desc_query', p, 'int', 'int', p),
    queryLayout: library.pointer('dnnl_primitive_desc_query_md', p, 'int', 'int'),
    createMemory: find('dnnl_memory_create', p, p, p, p),
    destroyMemory: find('dnnl_memory_destroy', p),
    execute: find('dnnl_primitive_execute', p, p, 'int', p) as (...values: CValue[]) => number,
    createAttributes: find('dnnl_primitive_attr_create', p),
    destroyAttributes: find('dnnl_primitive_attr_destroy', p),
    setScratchpad: find('dnnl_primitive_attr_set_scratchpad_mode', p, 'int'),
    setPostOps: find('dnnl_primitive_attr_set_post_ops', p, p),
    createPostOps: find('dnnl_post_ops_create', p),
    destroyPostOps: find('dnnl_post_ops_destroy', p),
    getCacheCapacity: find('dnnl_get_primitive_cache_capacity', p),
    setCacheCapacity: find('dnnl_set_primitive_cache_capacity', 'int'),
    sgemm: find(
      'dnnl_sgemm',
      'char',
      'char',
      'int64_t',
      'int64_t',
      'int64_t',
      'float',
      p,
      'int64_t',
      p,
      'int64_t',
      'float',
      p,
      'int64_t',
    ),
  };
}
