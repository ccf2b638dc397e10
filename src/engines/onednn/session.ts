/** Compiled programs over one state, in the process that asks. The engine's child has one; tests and measurements make their own. */
import type { Program } from '../../ir/index.ts';
import { type Shape, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import type { InstructionTime, Precision } from '../engine.ts';
import type { EarlySums } from '../process/serve.ts';
import { RunOutputs } from '../run-outputs.ts';
import { type CompiledProgram, compileProgram } from './compile/compile-program.ts';
import { type Host, hostOn, type Reduction } from './compile/host.ts';
import type { Library } from './library/index.ts';
import { padPrograms } from './planning/padding/pad-program.ts';
import { profileSteps } from './profile-steps.ts';
import { SumsUnderWay } from './sums-under-way.ts';

export class Session {
  readonly #host: Host;
  readonly #programs = new Map<string, CompiledProgram>();
  /** What was loaded that no program has. */
  readonly #others = new Map<string, Tensor<'float32'>>();

  /** Reductions that the last run began. */
  #underWay: SumsUnderWay | undefined;
  /** Of the buckets that all ranks are known to have; 0: none. */
  #agreed = 0;

  /** The library stays the caller's, and so do the ranks that it is one of, whose reductions may begin before a run ends. */
  constructor(library: Library, precision: Precision = 'float32', ranks?: Reduction, overlaps = false) {
    this.#host = hostOn(library, precision, ranks, overlaps);
  }

  /** Those of the same names are replaced. @throws EngineError where the library cannot do what a program needs */
  compile(programs: ReadonlyMap<string, Program>): Map<string, CompiledProgram> {
    const { state, block } = this.#host;
    const { padded, paddings } = padPrograms(programs, block);
    for (const [name, padding] of paddings) state.pad(name, padding);
    const compiled = new Map([...padded].map(([name, program]) => [name, compileProgram(this.#host, program)]));
    this.#agreed = 0;
    for (const [name, program] of compiled) {
      this.#programs.get(name)?.dispose();
      this.#programs.set(name, program);
    }
    return compiled;
  }

  load(tensors: ReadonlyMap<string, Tensor>): void {
    for (const [name, { shape, data }] of tensors)
      this.loadEntry(name, shape, (numbers) => numbers.set(data as Float32Array));
  }

  /** Takes one state entry: `fill` writes its numbers to where they are wanted. */
  loadEntry(name: string, shape: Shape, fill: (numbers: Float32Array) => void): void {
    if (this.#host.state.load(name, shape, fill)) return;
    const data = new Float32Array(sizeOf(shape));
    fill(data);
    this.#others.set(name, tensor('float32', shape, data));
  }

  /** Copies of state entries; all of them if no names are given. */
  read(names: readonly string[] = [...this.#others.keys(), ...this.#host.state.names]): Map<string, Tensor> {
    const copies = new Map<string, Tensor>();
    this.show(names, (name, content) => copies.set(name, { ...content, data: content.data.slice() }));
    return copies;
  }

  /** Shows state entries one by one, in memory that is theirs, or gone afterwards. */
  show(names: readonly string[], see: (name: string, content: Tensor<'float32'>) => void): void {
    for (const name of names) {
      const other = this.#others.get(name);
      if (!this.#host.state.read(name, (content) => see(name, content)) && other) see(name, other);
    }
  }

  run(name: string, inputs: ReadonlyMap<string, Tensor>): RunOutputs {
    const program = this.#programs.get(name) as CompiledProgram;
    feed(program, inputs);
    const underWay = this.#begin(program);
    program.steps.forEach((step, i) => {
      step.run();
      underWay?.after(i + 1);
    });
    const outputs = new Map<string, Tensor>();
    for (const [output, { value, data }] of program.outputs) {
      const { dtype, shape } = value.type;
      const copy = tensor('float32', shape, data.slice());
      outputs.set(output, dtype === 'float32' ? copy : converted(copy, dtype));
    }
    const kept = keeps(program);
    if (kept) for (const step of program.updates) step.run();
    // nobody will ask for what came of it, but other ranks take part, and the library cannot end before
    else underWay?.finish();
    return new RunOutputs(outputs, kept);
  }

  /** Those of gradients that began to be added up in the last run. */
  get sums(): EarlySums {
    return {
      digest: [...this.#programs.values()].find(({ digest }) => digest > 0)?.digest ?? 0,
      isUnderWay: this.#underWay !== undefined,
      agree: (digest) => {
        this.#agreed = digest;
      },
      take: (limits, see) => {
        const sums = this.#underWay;
        this.#underWay = undefined;
        sums?.wait(limits);
        sums?.show(see);
      },
    };
  }

  #begin({ buckets, digest }: CompiledProgram): SumsUnderWay | undefined {
    const { ranks } = this.#host;
    if (!ranks || digest === 0 || digest !== this.#agreed) return undefined;
    // its buckets are about to be filled again
    this.#underWay?.finish();
    this.#underWay = new SumsUnderWay(ranks, buckets);
    return this.#underWay;
  }

  /** What the kinds of instructions of a run take. */
  profile(name: string, inputs: ReadonlyMap<string, Tensor>): InstructionTime[] {
    const program = this.#programs.get(name) as CompiledProgram;
    feed(program, inputs);
    return profileSteps({ ...program, keeps: () => keeps(program) });
  }

  /** Frees all programs and the state. */
  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
    this.#host.memory.dispose();
  }
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
