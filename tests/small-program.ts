/** Small programs by hand, and the units that oneDNN's planning makes of programs. */
import { planUnits } from '../src/engines/onednn/planning/plan-units.ts';
import type { NodeUnit, Unit } from '../src/engines/onednn/planning/units.ts';
import { defineProgram, Graph, type Program, results, type Value } from '../src/ir/index.ts';
import { sizeOf, tensor } from '../src/tensor/index.ts';

/** What small programs are made of. */
export interface Hand {
  readonly graph: Graph;
  readonly input: (name: string, ...shape: number[]) => Value;
  readonly entry: (name: string, ...shape: number[]) => Value;
  /** Numbers that are not all the same, each time others. */
  readonly constant: (...shape: number[]) => Value;
}

interface Made {
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly updates?: Readonly<Record<string, Value>>;
  readonly guard?: Value;
}

export function smallProgram(build: (hand: Hand) => Made): Program {
  const graph = new Graph({ training: true });
  let next = 0;
  const hand: Hand = {
    graph,
    input: (name, ...shape) => graph.input(name, { dtype: 'float32', shape }),
    entry: (name, ...shape) => graph.entry(name, shape, 'parameter', (s) => new Float32Array(sizeOf(s))),
    constant: (...shape) =>
      graph.constant(
        tensor(
          'float32',
          shape,
          Float32Array.from({ length: sizeOf(shape) }, () => ++next),
        ),
      ),
  };
  const { outputs = {}, updates = {}, guard } = build(hand);
  const [read, written] = [outputs, updates].map((named) => new Map(Object.entries(named))) as [
    Map<string, Value>,
    Map<string, Value>,
  ];
  return defineProgram({ name: 'small', graph, outputs: read, updates: written, ...(guard && { guard }) });
}

/** In the order in which they run, with 16 channels in a block. @throws Error where one reads what is not there yet, or a result is not made */
export function unitsOf(program: Program): Unit[] {
  const { early, late } = planUnits(program, 16);
  const units = [...early, ...late];
  const made = new Set<Value>();
  const expectMade = (value: Value, reader: string) => {
    if (value.source.kind === 'node' && !made.has(value))
      throw new Error(`${reader}: ${value.source.node.op.name} ${value.type.shape} is not made before it is read`);
  };
  for (const unit of units) {
    for (const input of unit.inputs) expectMade(input, unit.kind);
    for (const output of unit.outputs) made.add(output);
  }
  for (const result of results(program)) expectMade(result, 'results');
  return units;
}

/** A group's kind, or the op of a node that stands alone. */
export const nameOf = (unit: Unit): string => (unit.kind === 'node' ? (unit as NodeUnit).node.op.name : unit.kind);

export const namesOf = (program: Program): string[] => unitsOf(program).map(nameOf);

/** The only unit of its kind. */
export function unitOfKind<T extends Unit>(program: Program, kind: T['kind']): T {
  const [unit, another] = unitsOf(program).filter((one) => one.kind === kind);
  if (!unit || another) throw new Error(`expected one ${kind}, but there are ${namesOf(program).join(', ')}`);
  return unit as T;
}
