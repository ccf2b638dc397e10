/** One rank of a job: half a step on its part of a shared batch. The arguments are the engine, how the batch is shared, and where the state goes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinJob, onednn, onnxruntime } from '../src/engines/index.ts';
import { initialState } from '../src/ir/index.ts';
import { type SharedOut, sharedInputs, sharedProgram } from './shared-batch.ts';

const [engineName, how, folder] = process.argv.slice(2) as [string, string, string];
const shared = JSON.parse(how) as SharedOut;
const ranks = await joinJob();
if (!ranks) throw new Error('expected to be started by mpirun');
const engine = await (engineName === 'onednn' ? onednn : onnxruntime).inRanks?.(ranks, { threads: 1 });
const program = sharedProgram(shared, ranks.rank);
const executable = await engine?.compile({ gradients: program }, { threads: 1 });
await executable?.load(initialState(program.graph, 1));
await executable?.run('gradients', sharedInputs(program, shared, ranks.rank));
const sums = [...program.graph.state.keys()].filter((name) => name.startsWith('gradient.'));
await executable?.reduce?.({ sums, means: [] }, new Float64Array());
const state = await executable?.read();
const numbers = [...(state ?? [])].map(([name, { data }]) => [name, Array.from(data as Float32Array)]);
await writeFile(join(folder, `${ranks.rank}.json`), JSON.stringify(Object.fromEntries(numbers)));
await executable?.dispose();
await ranks.leave();
await ranks.dispose();
