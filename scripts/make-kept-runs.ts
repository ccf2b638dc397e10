/**
 * Made tests/kept-runs: the folders of runs that were stopped, and recorded.json, what the Skein of that day made of them.
 *
 *   npx tsx scripts/make-kept-runs.ts && npm run format
 *
 * It is run at the commit whose files are to be kept, and makes only what is missing: a new entry of tests/kept-runs/runs.ts. A
 * folder that is there is never made again, since that Skein still reads it is what tests/kept-runs.test.ts is for. Where
 * something is meant to change for good, such as an ONNX file, delete the run's entry in recorded.json, run this, and say why.
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '../src/train/index.ts';
import {
  checkpointsOf,
  inspectionFacts,
  keptFolder,
  onnxFacts,
  predictionFacts,
  resumed,
  resumedFacts,
} from '../tests/kept-runs/facts.ts';
import { type KeptRun, keptRuns } from '../tests/kept-runs/runs.ts';

async function make(name: string, { options, stopped }: KeptRun): Promise<void> {
  const controller = new AbortController();
  const { folder } = await train({
    ...options,
    out: keptFolder(name),
    signal: controller.signal,
    callbacks: [
      {
        onStep: ({ step }) => {
          if ('step' in stopped && step === stopped.step) controller.abort();
        },
        onEpoch: ({ epoch }) => ('epoch' in stopped && epoch === stopped.epoch ? 'stop' : undefined),
      },
    ],
  });
  // a page for people, written once more at the end
  await rm(join(folder, 'report.html'), { force: true });
}

async function recordOf(name: string, run: KeptRun) {
  const folder = keptFolder(name);
  const temporary = await mkdtemp(join(tmpdir(), 'skein-kept-'));
  try {
    const checkpoints: Record<string, unknown> = {};
    for (const file of await checkpointsOf(folder))
      checkpoints[file] = await predictionFacts(join(folder, file), run.options.data.train);
    const last = join(folder, 'last.safetensors');
    return {
      checkpoints,
      inspection: await inspectionFacts(last),
      onnx: await onnxFacts(last, run),
      resumed: await resumedFacts(await resumed(name, run, join(temporary, name))),
    };
  } finally {
    await rm(temporary, { recursive: true });
  }
}

const path = keptFolder('recorded.json');
const recorded: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
for (const [name, run] of Object.entries(keptRuns)) {
  const isThere = await stat(keptFolder(name)).then(
    () => true,
    () => false,
  );
  if (!isThere) await make(name, run);
  recorded[name] ??= await recordOf(name, run);
}
await writeFile(path, `${JSON.stringify(recorded, null, 2)}\n`);
