/** From a program to instructions that have no place in memory yet. */
import { type OpName, type Program, results, type Value } from '../../../ir/index.ts';
import { EngineError } from '../../../tensor/index.ts';
import { convolve } from '../kernels/convolution.ts';
import { kernels } from '../kernels/index.ts';
import { cut, join } from '../kernels/joins.ts';
import { multiplyMatrices } from '../kernels/matrices.ts';
import { normalisationBackward, normalisationForward, type Remembered } from '../kernels/normalisation.ts';
import { scaledSum } from '../kernels/scaled-sum.ts';
import type { FusedProduct } from '../planning/group-convolutions.ts';
import type { Cut, Join } from '../planning/group-joins.ts';
import type { NormalisationBackward, NormalisationForward } from '../planning/group-normalisations.ts';
import type { ScaledSum } from '../planning/group-sums.ts';
import { planUnits } from '../planning/plan-units.ts';
import { earlySums } from '../planning/sums-of-ranks.ts';
import type { NodeUnit, Unit } from '../planning/units.ts';
import { updatesInPlace } from '../planning/updates.ts';
import { Assembly } from './assembly.ts';
import { Buckets } from './buckets.ts';
import type { Host } from './host.ts';
import type { Stored } from './stored.ts';

/** What a program does, one instruction after the other, and where it finds and leaves what it is called with. */
export interface RecordedProgram {
  readonly assembly: Assembly;
  readonly inputs: ReadonlyMap<string, Stored>;
  readonly outputs: readonly (readonly [name: string, value: Value, stored: Stored])[];
  readonly guard: Stored | undefined;
  /** So many instructions come before the state changes. */
  readonly split: number;
  /** Gradients that are reduced over ranks before the end: none where that is not wanted. */
  readonly buckets: Buckets;
}

/** @throws EngineError where the library cannot do what the program needs */
export function recordProgram(host: Host, program: Program): RecordedProgram {
  // what is padded is another number of numbers on each kind of processor
  const sums = host.overlaps ? earlySums(program).filter(({ name }) => !host.state.isPadded(name)) : [];
  const soon = sums.flatMap(({ value, scalar }) => (scalar ? [value, scalar] : [value]));
  const { early, late } = planUnits(program, host.block, soon);
  const assembly = new Assembly(host, [...early, ...late], new Set(results(program)));
  const inputs = placeInputs(assembly, program);
  const buckets = new Buckets(assembly, sums);
  assemble(assembly, early, (unit) => buckets.gather(unit));
  buckets.close();
  const plainOf = (value: Value) => assembly.readPlain(value);
  const outputs = [...program.outputs].map(([name, value]) => [name, value, plainOf(value)] as const);
  const guard = program.guard && plainOf(program.guard);
  const split = assembly.instructions.length;
  for (const [value, entry] of updatesInPlace(program, late)) assembly.target(value, entry);
  assemble(assembly, late);
  moveUpdates(assembly, program);
  return { assembly, inputs, outputs, guard, split, buckets };
}

function placeInputs(assembly: Assembly, { graph }: Program): Map<string, Stored> {
  return new Map(
    [...graph.inputs].map(([name, value]) => {
      const stored = assembly.temporary(assembly.plain(value));
      assembly.place(value, stored);
      return [name, stored] as const;
    }),
  );
}

function assemble(assembly: Assembly, units: readonly Unit[], onUnit?: (unit: Unit) => void): void {
  for (const unit of units) {
    try {
      assembleUnit(assembly, unit);
      onUnit?.(unit);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new EngineError(`${nameOf(unit)}: ${error.message}`, error.hint);
    }
  }
}

const remembered = new WeakMap<Unit, Remembered>();

function assembleUnit(assembly: Assembly, unit: Unit): void {
  if (unit.kind === 'scaledSum') {
    scaledSum(assembly, unit as ScaledSum);
  } else if (unit.kind === 'fusedConvolution') {
    convolve(assembly, unit as FusedProduct);
  } else if (unit.kind === 'fusedMatmul') {
    multiplyMatrices(assembly, unit as FusedProduct);
  } else if (unit.kind === 'join') {
    join(assembly, unit as Join);
  } else if (unit.kind === 'cut') {
    cut(assembly, unit as Cut);
  } else if (unit.kind === 'normalisation') {
    remembered.set(unit, normalisationForward(assembly, unit as NormalisationForward));
  } else if (unit.kind === 'normalisationGradient') {
    const { rectified } = unit as NormalisationBackward;
    normalisationBackward(assembly, unit as NormalisationBackward, rectified && remembered.get(rectified));
  } else {
    const { node } = unit as NodeUnit;
    kernels[node.op.name as OpName](assembly, node);
  }
}

const nameOf = (unit: Unit) => (unit.kind === 'node' ? (unit as NodeUnit).node.op.name : unit.kind);

/** Brings new state where it belongs, if it was not written there at once. What one move overwrites and another one reads is put aside first. */
function moveUpdates(assembly: Assembly, { graph, updates }: Program): void {
  const moves = [...updates]
    .map(([name, value]) => {
      const to = assembly.read(graph.state.get(name) as Value);
      return { from: assembly.readAs(value, to.layout), to };
    })
    .filter(({ from, to }) => from.stretch !== to.stretch);
  const overwritten = new Set(moves.map(({ to }) => to.stretch));
  const aside = ({ from }: (typeof moves)[number]): Stored => {
    if (!overwritten.has(from.stretch)) return from;
    const kept = assembly.temporary(from.layout);
    assembly.reorder(from, kept);
    return kept;
  };
  const sources = moves.map(aside);
  moves.forEach(({ to }, i) => {
    assembly.reorder(sources[i] as Stored, to);
  });
}
