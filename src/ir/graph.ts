/** Values, the nodes that compute them, and the graph that holds both in the order in which they were made. */
import { ConfigError, type Random, type Shape, type Tensor, zeros } from '../tensor/index.ts';
import type { Attributes, OpDefinition, TensorType } from './op.ts';
import { currentScope, isWithin } from './scope.ts';

/** Makes the first content of a state entry. */
export type Initialiser = (shape: Shape, random: Random) => Float32Array;

/** What is known in one run of a program: arrays of its batch by name, and numbers such as the learning rate and that of the step. */
export interface Feed {
  /** Runs before this one. */
  readonly step: number;
  readonly lr: number;
  readonly [name: string]: number | Tensor['data'] | undefined;
}

/** Fills an input that nobody feeds by its name. */
export interface Provider {
  /** What it fills the input with: `dropout`. */
  readonly kind: string;
  /** How, for readers of exported files: a dropout's rate, a formula. */
  readonly note: string;
  /** The input's elements in one run; `random` is of this run and this input alone. */
  fill(feed: Feed, shape: Shape, random: Random): Tensor['data'];
}

/** What a state entry is for: trained by the gradient, measured along the way, the optimiser's own, or kept between the halves of a step. */
export type StateRole = 'parameter' | 'statistic' | 'optimiser' | 'gradient';

export type Source =
  | { readonly kind: 'node'; readonly node: Node; readonly index: number }
  | { readonly kind: 'input'; readonly name: string; readonly provide?: Provider }
  | {
      readonly kind: 'state';
      readonly name: string;
      readonly role: StateRole;
      readonly initial: Initialiser;
      readonly like?: string;
    }
  | { readonly kind: 'constant'; readonly tensor: Tensor };

/** One tensor of a graph. Two values are the same tensor only if they are the same object. */
export interface Value {
  readonly graph: Graph;
  readonly id: number;
  readonly type: TensorType;
  readonly source: Source;
}

export interface Node {
  readonly op: OpDefinition;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Where in the network it was built: `stage1.block2`. */
  readonly scope: string;
}

/** A batch that several ranks share out: how many of its images each has. All build the same network, each for its own images. */
export interface RankSlices {
  /** Which of them this one is. */
  readonly rank: number;
  /** Images of each rank, one at least. */
  readonly samples: readonly number[];
}

/** Nodes stand in topological order, because a node can only be made from values that exist. */
export class Graph {
  /** Whether layers behave as in training (batch statistics, dropout) or as in prediction. */
  readonly training: boolean;
  /** Paths of layers that behave as in prediction, and whose state stays. */
  readonly frozen: readonly string[];
  /** Set where statistics are those of the whole batch; its layers reduce over all ranks. */
  readonly ranks: RankSlices | undefined;
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Value>();
  readonly state = new Map<string, Value>();
  /** New values of state entries that layers asked for, such as running statistics. */
  readonly updates = new Map<string, Value>();
  readonly #names = new Map<string, number>();
  readonly #made = new Map<string, Node>();
  readonly #constants = new Map<string, Value>();
  #nextId = 0;

  constructor(options: {
    readonly training: boolean;
    readonly frozen?: readonly string[];
    readonly ranks?: RankSlices | undefined;
  }) {
    this.training = options.training;
    this.frozen = options.frozen ?? [];
    this.ranks = options.ranks;
  }

  /** Whether the layer or state entry of this name trains: outside of training nothing does. */
  trains(name: string): boolean {
    return this.training && !this.frozen.some((path) => isWithin(name, path));
  }

  /** A tensor that is fed on every run: by its name, or by `provide`. */
  input(name: string, type: TensorType, options: { readonly provide?: Provider } = {}): Value {
    if (this.inputs.has(name)) throw new ConfigError(`graph: two inputs are called \`${name}\``);
    const value = this.#value(type, { kind: 'input', name, ...options });
    this.inputs.set(name, value);
    return value;
  }

  /** A float32 tensor that lives in the engine between runs. One `like` another starts with the same content. */
  entry(
    name: string,
    shape: Shape,
    role: StateRole,
    initial: Initialiser,
    options: { readonly like?: string } = {},
  ): Value {
    if (this.state.has(name))
      throw new ConfigError(`graph: two ${role}s are called \`${name}\``, 'give each block a scope() of its own');
    const value = this.#value({ dtype: 'float32', shape }, { kind: 'state', name, role, initial, ...options });
    this.state.set(name, value);
    return value;
  }

  /** A fixed tensor; a number becomes a float32 scalar, or fills `shape`. Two that are filled with one float32 number are the same value. */
  constant(content: number | Tensor, shape: Shape = []): Value {
    const filled = typeof content === 'number' ? { number: Math.fround(content), shape } : filledWith(content);
    const key = filled && `${filled.number}:${filled.shape}`;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known) return known;
    const fixed = typeof content === 'number' ? zeros('float32', shape) : content;
    if (typeof content === 'number') fixed.data.fill(content as never);
    const value = this.#value({ dtype: fixed.dtype, shape: fixed.shape }, { kind: 'constant', tensor: fixed });
    if (key !== undefined) this.#constants.set(key, value);
    return value;
  }

  /** Adds a node, or returns the outputs of an equal one that exists: all ops are pure. @throws ShapeError */
  apply(op: OpDefinition, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    if (inputs.some((input) => input.graph !== this))
      throw new ConfigError(`${op.name}: its inputs belong to different graphs`);
    const key = `${op.name}(${inputs.map((input) => input.id)})${JSON.stringify(attributes)}`;
    const made = this.#made.get(key);
    if (made) return made.outputs;
    const types: readonly TensorType[] = op.infer(
      inputs.map((input) => input.type),
      attributes,
    );
    const outputs: Value[] = [];
    const node: Node = { op, inputs, attributes, outputs, scope: currentScope() };
    types.forEach((type, index) => {
      outputs.push(this.#value(type, { kind: 'node', node, index }));
    });
    this.nodes.push(node);
    this.#made.set(key, node);
    return outputs;
  }

  /** Asks for a state entry's new value after each run. @throws ConfigError where it has one already */
  update(name: string, value: Value): void {
    if (this.updates.has(name)) throw new ConfigError(`graph: \`${name}\` is updated twice`);
    this.updates.set(name, value);
  }

  /** `conv1`, then `conv2`, …: the next free name of a kind within the open scopes. */
  nextName(kind: string): string {
    const prefix = currentScope();
    const full = prefix === '' ? kind : `${prefix}.${kind}`;
    const count = (this.#names.get(full) ?? 0) + 1;
    this.#names.set(full, count);
    return `${kind}${count}`;
  }

  #value(type: TensorType, source: Source): Value {
    return { graph: this, id: this.#nextId++, type, source };
  }
}

function filledWith({ dtype, shape, data }: Tensor): { number: number; shape: Shape } | undefined {
  const [number] = data as Float32Array;
  if (dtype !== 'float32' || number === undefined) return undefined;
  return (data as Float32Array).every((element) => Object.is(element, number)) ? { number, shape } : undefined;
}
