/**
 * The engine's own process: it owns the library, the compiled programs and the state. It is a process of its own because a run blocks
 * its event loop, and because a fault in native code must not end the caller's process.
 */
import { type ProgramData, programFromData } from '../../ir/index.ts';
import { EngineError, type Tensor, tensor } from '../../tensor/index.ts';
import type { CompileOptions } from '../engine.ts';
import { serve } from '../process/serve.ts';
import { type CompiledProgram, compileProgram } from './compile/compile-program.ts';
import { type Host, hostOn } from './compile/host.ts';
import { isMissing, type Library, openLibrary } from './library/index.ts';
import { matrixPeak } from './matrix-peak.ts';
import { padPrograms } from './padding/pad-program.ts';
import { profileSteps } from './profile-steps.ts';

let host: Host;
const programs = new Map<string, CompiledProgram>();
/** What was loaded that no program has. */
const others = new Map<string, Tensor>();

async function compile(
  entries: Readonly<Record<string, ProgramData>>,
  { threads, precision }: Required<CompileOptions>,
): Promise<void> {
  if (!host) host = hostOn(await opened(), precision);
  const { library, state, block } = host;
  library.setThreads(threads);
  const given = new Map(Object.entries(entries).map(([name, data]) => [name, programFromData(data)]));
  const { padded, paddings } = padPrograms(given, block);
  for (const [name, padding] of paddings) state.pad(name, padding);
  for (const [name, program] of padded) programs.set(name, compileProgram(host, program));
}

async function opened(): Promise<Library> {
  const found = await openLibrary();
  if (isMissing(found)) throw new EngineError(`${found.problem}; ${found.remedy}`);
  return found;
}

function run(entry: string, inputs: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const program = programs.get(entry) as CompiledProgram;
  feed(program, inputs);
  for (const step of program.steps) step.run();
  const outputs = new Map<string, Tensor>();
  for (const [name, { value, data }] of program.outputs) {
    const { dtype, shape } = value.type;
    const copy = tensor('float32', shape, data.slice());
    outputs.set(name, dtype === 'float32' ? copy : converted(copy, dtype));
  }
  if (keeps(program)) for (const step of program.updates) step.run();
  return outputs;
}

function feed(program: CompiledProgram, inputs: ReadonlyMap<string, Tensor>): void {
  for (const [name, floats] of program.inputs) floats.set(inputs.get(name)?.data as Float32Array);
}

const keeps = ({ guard }: CompiledProgram) => guard === undefined || guard[0] !== 0;

const arrays = { int32: Int32Array, uint8: Uint8Array, bool: Uint8Array, float64: Float64Array } as const;

function converted({ shape, data }: Tensor<'float32'>, dtype: Tensor['dtype']): Tensor {
  if (dtype === 'int64') return { dtype, shape, data: BigInt64Array.from(data, BigInt) } as Tensor;
  return { dtype, shape, data: arrays[dtype as keyof typeof arrays].from(data) } as Tensor;
}

serve<ProgramData>({
  compile,
  load: (tensors) => {
    for (const [name, tensor] of tensors) if (!host.state.load(name, tensor)) others.set(name, tensor);
  },
  run,
  read: (names = [...others.keys(), ...host.state.names]) =>
    new Map(names.map((name) => [name, host.state.read(name) ?? (others.get(name) as Tensor)])),
  profile: (entry, inputs) => {
    const program = programs.get(entry) as CompiledProgram;
    feed(program, inputs);
    return profileSteps({ ...program, keeps: () => keeps(program) });
  },
  matrixPeak: async ({ threads, precision }) => {
    const own = await opened();
    own.setThreads(threads);
    return matrixPeak(own, precision);
  },
});
