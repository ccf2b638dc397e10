/** A phase of a run, ready for its first step: programs, compiled and loaded, and what feeds them. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { initialState, type Program } from '../ir/index.ts';
import type { Pipeline } from '../pipeline/index.ts';
import type { Tensor } from '../tensor/index.ts';
import { compiled } from './compiled.ts';
import type { Phase } from './fine-tuning/fine-tuning.ts';
import { complete, predicted } from './kept-state.ts';
import type { PhaseOfRun } from './phase-at.ts';
import { featureFeed } from './phase-features.ts';
import type { Feed, OpenPhase, RunGround } from './run.ts';
import { headProgramsOf, programsOf } from './run-programs.ts';

type Tensors = Checkpoint['tensors'];

/** What a phase begins from. */
export interface PhaseStart {
  readonly tensors: Tensors;
  /** Whether the phase is new, so that optimiser and averages begin anew; else the tensors are all that it saved. */
  readonly isNew: boolean;
}

/** @throws EngineError where the engine cannot compile the phase, or not take its state */
export async function openPhase(run: RunGround, at: PhaseOfRun, { tensors, isNew }: PhaseStart): Promise<OpenPhase> {
  const { settings, network, pipeline } = run;
  const { isOnFeatures } = at.phase;
  const programs = phasePrograms(run, at.phase);
  const feed = isOnFeatures ? featureFeed(run, tensors) : imageFeed(pipeline);
  const { state } = programs.whole.graph;
  const own = isNew
    ? carried(programs.whole, tensors, settings.seed)
    : complete(new Map([...tensors].filter(([name]) => state.has(name))), programs.whole);
  const executable = await compiled(run, programs.entries);
  try {
    await executable.load(own);
  } catch (error) {
    await executable.dispose();
    throw error;
  }
  const untouched = new Map([...predicted(tensors, network)].filter(([name]) => !state.has(name)));
  return { ...at, programs, executable, feed, untouched };
}

export const imageFeed = (pipeline: Pipeline): Feed => ({
  ready: async () => {},
  batches: (options) => pipeline.batches(options),
});

export const phasePrograms = ({ settings, network }: Pick<RunGround, 'settings' | 'network'>, phase: Phase) =>
  phase.isOnFeatures ? headProgramsOf(settings, network, phase) : programsOf(settings, phase);

/** The first state of a program whose weights and statistics are those of `tensors`. */
export function carried({ graph }: Program, tensors: Tensors, seed: number): Tensors {
  const state = new Map<string, Tensor>(initialState(graph, seed));
  for (const [name, { source }] of graph.state) {
    if (source.kind !== 'state') continue;
    const known = source.role === 'parameter' || source.role === 'statistic' ? tensors.get(name) : undefined;
    if (known) state.set(name, known);
    // an average starts where the entry does that it follows, which comes before it
    else if (source.like !== undefined) state.set(name, state.get(source.like) as Tensor);
  }
  return state;
}
