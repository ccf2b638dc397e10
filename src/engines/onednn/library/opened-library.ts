/** A library with its engine and stream, and everything that was made from them. */
import { EngineError } from '../../../tensor/index.ts';
import { NativeArena } from './arena.ts';
import { argumentNumber } from './arguments.ts';
import { type Binding, expectSuccess, LayoutMaker, made, nativeOf } from './binding.ts';
import { statusName } from './codes.ts';
import { wordsOf, wordsOfLayout } from './describe-primitive.ts';
import type { ArgumentName, PostOp, Primitive, PrimitiveDescription } from './description.ts';
import type { DataType, Layout } from './layout.ts';
import type { Address, Arena, Call, Library, Memory, Sgemm } from './library.ts';
import type { Native, SharedLibrary } from './native.ts';
import { commonFunctions, type Functions, Owned, OwnedCall, OwnedMemory, OwnedPrimitive } from './owned.ts';
import { threadSetter } from './threads.ts';

const cpu = 1;
const inOrder = 1;
const scratchpadOfTheUser = 1;

export class OpenedLibrary extends Owned implements Library {
  readonly version: string;
  readonly path: string;
  readonly #native: Native;
  readonly #binding: Binding;
  readonly #functions: Functions;
  readonly #layouts: LayoutMaker;
  readonly #engine: bigint;
  readonly #stream: bigint;
  readonly #arenas = new Set<NativeArena>();
  readonly #setThreads: ((threads: number) => void) | undefined;
  readonly #onExit = () => this.dispose();

  constructor(native: Native, library: SharedLibrary, binding: Binding, version: string) {
    super();
    this.version = version;
    this.path = library.path;
    this.#native = native;
    this.#binding = binding;
    this.#functions = commonFunctions(library);
    this.#layouts = new LayoutMaker(binding);
    const engine = made(this.#functions.createEngine, cpu, 0);
    expectUsable(engine.status, 'no engine for the processor');
    this.#engine = engine.address;
    const stream = made(this.#functions.createStream, this.#engine, inOrder);
    expectUsable(stream.status, 'no stream');
    this.#stream = stream.address;
    this.#setThreads = threadSetter(library);
    process.on('exit', this.#onExit);
  }

  layout(
    dims: readonly number[],
    dataType: DataType,
    format: string | { readonly strides: readonly number[] },
  ): Layout {
    this.#expectOpen();
    return this.#layouts.make(dims, dataType, format);
  }

  part(whole: Layout, dims: readonly number[], offsets: readonly number[]): Layout {
    this.#expectOpen();
    const fits = dims.every(
      (size, i) => size >= 1 && (offsets[i] as number) >= 0 && size + (offsets[i] as number) <= (whole.dims[i] ?? 0),
    );
    const isWhole = dims.length === whole.dims.length && offsets.length === dims.length;
    const layout = fits && isWhole ? this.#layouts.part(whole, dims, offsets) : undefined;
    if (layout) return layout;
    throw new EngineError(
      `layout: no part [${dims.join(', ')}] from [${offsets.join(', ')}] on of ${wordsOfLayout(whole)}`,
    );
  }

  arena(bytes: number): Arena {
    this.#expectOpen();
    const arena = new NativeArena(this.#native, bytes);
    this.#arenas.add(arena);
    arena.onEnd(() => this.#arenas.delete(arena));
    return arena;
  }

  create(description: PrimitiveDescription): Primitive {
    this.#expectOpen();
    const f = this.#functions;
    return this.#withAttributes(description, (attributes) => {
      const hint = hintOf(description);
      const descriptor = this.#binding.describe({ engine: this.#engine, attributes, hint }, description);
      if (descriptor.status !== 0) throw cannotMake(description, descriptor.status);
      const primitive = made(f.createPrimitive, descriptor.address);
      if (primitive.status !== 0) {
        f.destroyDescriptor(descriptor.address);
        throw cannotMake(description, primitive.status);
      }
      const owned = new OwnedPrimitive({ native: this.#native, binding: this.#binding, functions: f }, description, {
        primitive: primitive.address,
        descriptor: descriptor.address,
      });
      owned.dependOn(this);
      return owned;
    });
  }

  memory(layout: Layout, { arena, offset }: Address): Memory {
    this.#expectOpen();
    if (layout.format === 'any')
      throw new EngineError(
        `memory: the layout is not settled; ${wordsOfLayout(layout)}`,
        'ask the primitive for its layout',
      );
    const address = pointer(arena, offset, layout.bytes);
    const memory = made(this.#functions.createMemory, nativeOf(layout), this.#engine, address);
    expectSuccess(memory.status, `no memory for ${wordsOfLayout(layout)}`);
    const owned = new OwnedMemory(this.#functions, layout, memory.address, arena as NativeArena);
    owned.dependOn(this);
    return owned;
  }

  call(primitive: Primitive, memories: readonly (readonly [ArgumentName, Memory])[]): Call {
    this.#expectOpen();
    if (!(primitive instanceof OwnedPrimitive) || !primitive.isAlive)
      throw new EngineError(`call: the primitive was destroyed; ${wordsOf(primitive.description)}`);
    const given = new Map(memories);
    const wrong = (what: string) =>
      new EngineError(
        `call: ${what}; ${wordsOf(primitive.description)}`,
        `a call of this primitive takes ${primitive.arguments.join(', ')}`,
      );
    const missing = primitive.arguments.filter((name) => !given.has(name));
    if (missing.length > 0) throw wrong(`${missing.join(', ')} missing`);
    const numbered = [...given].map(([name, memory]) => {
      if (!primitive.arguments.includes(name)) throw wrong(`${name} is not an argument`);
      if (!(memory instanceof OwnedMemory) || !memory.isAlive) throw wrong(`the memory of ${name} was destroyed`);
      const expected = primitive.layout(name);
      if (expected && !expected.equals(memory.layout))
        throw wrong(`${name} must be ${wordsOfLayout(expected)}, but got ${wordsOfLayout(memory.layout)}`);
      return { number: argumentNumber(name), memory };
    });
    return new OwnedCall(this.#functions, this.#stream, primitive, numbered);
  }

  sgemm({ m, n, k, transposeA = false, transposeB = false, alpha = 1, beta = 0, a, b, c }: Sgemm): void {
    this.#expectOpen();
    const letter = (transposed: boolean) => (transposed ? 'T' : 'N').charCodeAt(0);
    const matrix = ({ arena, offset }: Address, rows: number, columns: number) =>
      pointer(arena, offset, 4 * rows * columns);
    const status = this.#functions.sgemm(
      letter(transposeA),
      letter(transposeB),
      m,
      n,
      k,
      alpha,
      matrix(a, m, k),
      transposeA ? m : k,
      matrix(b, k, n),
      transposeB ? k : n,
      beta,
      matrix(c, m, n),
      n,
    );
    expectSuccess(status, `sgemm of [${m}, ${k}] and [${k}, ${n}]`);
  }

  setThreads(threads: number): boolean {
    if (!Number.isSafeInteger(threads) || threads < 1)
      throw new EngineError(`threads: expected a positive whole number, but got ${threads}`);
    this.#expectOpen();
    this.#setThreads?.(threads);
    return this.#setThreads !== undefined;
  }

  dispose(): void {
    this.destroy();
  }

  protected override release(): void {
    process.off('exit', this.#onExit);
    for (const arena of [...this.#arenas]) arena.dispose();
    const f = this.#functions;
    f.destroyStream(this.#stream);
    this.#emptyCache();
    f.destroyEngine(this.#engine);
    this.#binding.destroy();
  }

  /** The library keeps destroyed primitives for a while, in case an equal one is wanted. */
  #emptyCache(): void {
    const capacity = new Int32Array(2);
    if (this.#functions.getCacheCapacity(capacity) !== 0) return;
    this.#functions.setCacheCapacity(0);
    this.#functions.setCacheCapacity(capacity[0] as number);
  }

  #withAttributes<T>(description: PrimitiveDescription, use: (attributes: bigint) => T): T {
    const f = this.#functions;
    const attributes = made(f.createAttributes);
    expectSuccess(attributes.status, 'no attributes');
    try {
      expectSuccess(f.setScratchpad(attributes.address, scratchpadOfTheUser), 'no scratchpad of our own');
      if (description.postOps?.length) this.#addPostOps(attributes.address, description.postOps, description);
      return use(attributes.address);
    } finally {
      f.destroyAttributes(attributes.address);
    }
  }

  #addPostOps(attributes: bigint, list: readonly PostOp[], description: PrimitiveDescription): void {
    const f = this.#functions;
    const chain = made(f.createPostOps);
    expectSuccess(chain.status, 'no post-ops');
    try {
      for (const postOp of list) {
        const status = this.#append(chain.address, postOp);
        if (status !== 0) throw cannotMake(description, status);
      }
      // the attributes keep a copy
      expectSuccess(f.setPostOps(attributes, chain.address), 'post-ops are refused');
    } finally {
      f.destroyPostOps(chain.address);
    }
  }

  #append(chain: bigint, postOp: PostOp): number {
    if (postOp.kind === 'sum') return this.#binding.appendSum(chain);
    const algorithm = this.#binding.codes.eltwise[postOp.algorithm];
    return this.#binding.appendEltwise(chain, algorithm, postOp.alpha ?? 0, postOp.beta ?? 0);
  }

  #expectOpen(): void {
    if (!this.isAlive) throw new EngineError('onednn: the library was disposed of');
  }
}

/** @throws EngineError that does not advise to install what is installed */
function expectUsable(status: number, what: string): void {
  if (status === 0) return;
  throw new EngineError(
    `onednn: the library gives ${what}: ${statusName(status)}`,
    'use --engine onnxruntime, or set SKEIN_ONEDNN_LIB to another libdnnl',
  );
}

function pointer(arena: Arena, offset: number, bytes: number): bigint {
  if (arena instanceof NativeArena) return arena.pointer(offset, bytes);
  throw new EngineError("onednn: expected one of the library's arenas, but got another object");
}

function hintOf(description: PrimitiveDescription): bigint {
  const forward = 'forward' in description ? description.forward : undefined;
  if (forward === undefined) return 0n;
  if (forward instanceof OwnedPrimitive && forward.isAlive) return forward.descriptor;
  throw new EngineError(`onednn: the forward primitive was destroyed; ${wordsOf(description)}`);
}

const cannotMake = (description: PrimitiveDescription, status: number): EngineError =>
  new EngineError(`onednn: no such primitive: ${statusName(status)}; ${wordsOf(description)}`);
