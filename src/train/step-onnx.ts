/**
 * The training step as ONNX files: whoever runs ONNX Runtime can train with them, in any language. The first state is a file of its
 * own, since onnxruntime-node ignores what it is fed for an input that has a default.
 */
import { defineProgram, Graph, type Program, withoutGuard } from '../ir/index.ts';
import { portableLowerings, toOnnx } from '../onnx/index.ts';
import { ConfigError, type Tensor } from '../tensor/index.ts';
import { version } from '../trained/index.ts';

/** The two files' bytes. */
export interface StepOnnx {
  /** One step: inputs `input:NAME` and `state:NAME`, outputs `output:NAME` and `update:NAME`. */
  readonly step: Uint8Array;
  /** No inputs; its outputs `state:NAME` are what the first step is fed. */
  readonly initial: Uint8Array;
}

/**
 * Writes a training step in standard operators of opset 20, and the state it starts from as a second model. The metadata name the
 * input of each update (`update:NAME` to `state:NAME`), and for inputs that are drawn or computed how: a dropout mask's rate
 * (`dropout:input:NAME`), a formula of the number t of the step (`step:input:NAME`). A step whose loss or
 * gradients are not finite gives the state back as it was.
 * @param program of `stepProgram`
 * @param state content of every state entry
 * @param metadata further entries of the step's metadata
 * @throws ConfigError where an entry is missing
 */
export function stepOnnx(
  program: Program,
  state: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): StepOnnx {
  const provided = [...program.graph.inputs].flatMap(([name, { source }]) =>
    source.kind === 'input' && source.provide ? [[`${source.provide.kind}:input:${name}`, source.provide.note]] : [],
  );
  const updates = [...program.updates.keys()].map((name) => [`update:${name}`, `state:${name}`]);
  const { bytes } = toOnnx(withoutGuard(program), {
    lowerings: portableLowerings,
    metadata: { skein: version, ...metadata, ...Object.fromEntries([...provided, ...updates]) },
  });
  return { step: bytes, initial: initialOnnx(program, state) };
}

function initialOnnx({ name, graph: { state: entries } }: Program, state: ReadonlyMap<string, Tensor>): Uint8Array {
  const graph = new Graph({ training: false });
  const outputs = [...entries.keys()].map((entry) => {
    const content = state.get(entry);
    if (!content)
      throw new ConfigError(
        `stepOnnx: expected a state with \`${entry}\`, but it is missing`,
        'initialState() has all',
      );
    return [`state:${entry}`, graph.constant(content)] as const;
  });
  const program = defineProgram({
    name: `${name}, initial state`,
    graph,
    outputs: new Map(outputs),
    updates: new Map(),
  });
  return toOnnx(program, { lowerings: portableLowerings, plainNames: true, metadata: { skein: version } }).bytes;
}
