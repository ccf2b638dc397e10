/** Jobs of `skein train` whose ranks are killed, stopped, interrupted, or out of disk: all processes end, and the run goes on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { ended } from './ended.ts';
import { putImageFiles } from './image-files.ts';
import { isAlive } from './is-alive.ts';
import { contentOf, differences } from './killed-run.ts';
import { type MpiHere, mpiHere } from './mpi-here.ts';
import { type Ended, skeinProcess } from './run-skein.ts';
import { SmallDisk } from './small-disk.ts';
import { WeightsServer } from './weights-server.ts';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-ranks-'));
  data = join(folder, 'photos');
  await putImageFiles(data, ['a', 'b'], 12);
});
afterAll(() => rm(folder, { recursive: true }));

/** Some forty steps, each of which is saved. */
const recipe = () => [
  ...['resnet8', '--data', data, '--image-size', '16', '--batch-size', '6', '--val-fraction', '0.25', '--lr', '0.01'],
  ...['--epochs', '12', '--engine', 'onnxruntime', '--threads', '1', '--workers', '0', '--save-minutes', '0.00001'],
  '--sync-batch-norm',
];

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** The processes of a job, by their command lines, which name the run's folder, and the children of these. */
function processesOf(out: string): { rank: number; pid: number; child: number | undefined }[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').flatMap((pid) => {
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    if (!/^\d+$/.test(pid) || !words[0]?.endsWith('node') || !words.includes(out)) return [];
    const rank = /(?:^|\0)(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)/.exec(read(`/proc/${pid}/environ`))?.[1];
    if (rank === undefined) return [];
    const [child] = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean);
    return [{ rank: Number(rank), pid: Number(pid), child: child === undefined ? undefined : Number(child) }];
  });
}

interface Job extends Ended {
  /** Of its ranks and their engines, when it was disturbed. */
  readonly processes: ReturnType<typeof processesOf>;
}

/** A job of two ranks to which something is done once it has saved. */
async function disturbed(
  mpi: MpiHere,
  out: string,
  disturb: (processes: ReturnType<typeof processesOf>, launcher: ChildProcess) => void,
): Promise<Job> {
  await mkdir(out, { recursive: true });
  const { program, words, environment } = await mpi.command(2);
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), main];
  const job = spawn(program, [...words, ...node, 'train', ...recipe(), '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, SKEIN_RANKS_PATIENCE: '5' },
  });
  const end = ended(job);
  let processes: ReturnType<typeof processesOf> = [];
  const watcher = watch(out, () => {
    if (processes.length > 0 || !existsSync(join(out, 'last.safetensors'))) return;
    processes = processesOf(out);
    disturb(processes, job);
  });
  const { code, stdout, stderr } = await end;
  watcher.close();
  return { code, stdout, stderr, processes };
}

const pidsOf = ({ processes }: Job) =>
  processes.flatMap(({ pid, child }) => (child === undefined ? [pid] : [pid, child]));

async function expectAllGone(job: Job): Promise<void> {
  expect(job.processes.map(({ rank }) => rank).sort()).toEqual([0, 1]);
  await expect.poll(() => pidsOf(job).filter(isAlive)).toEqual([]);
}

const send = (signal: NodeJS.Signals, ...pids: (number | undefined)[]) => {
  for (const pid of pids) if (pid !== undefined) process.kill(pid, signal);
};

/** Of the last checkpoint. */
async function weightsIn(run: string): Promise<Map<string, Float64Array>> {
  const { tensors } = await loadCheckpoint(join(run, 'last.safetensors'));
  return new Map([...tensors].map(([name, { data }]) => [name, Float64Array.from(data as Float32Array)]));
}

const timeout = 300_000;

describe.skipIf(process.platform !== 'linux').each(mpiHere.map((mpi) => [mpi.family, mpi] as const))(
  'under %s',
  { timeout },
  (family, mpi) => {
    it.runIf(mpi === mpiHere[0])(
      'a rank that is killed ends the job, and fewer go on from what was saved, to the bytes that follow from it',
      async () => {
        const out = join(folder, `${family} killed`);
        const job = await disturbed(mpi, out, (processes) =>
          send('SIGKILL', processes.find(({ rank }) => rank === 1)?.pid),
        );
        expect(job.code).not.toBe(0);
        await expectAllGone(job);
        const { training } = await loadCheckpoint(join(out, 'last.safetensors'));
        expect(training?.step).toBeGreaterThan(0);
        const copy = join(folder, `${family} killed, copied`);
        await cp(out, copy, { recursive: true });
        for (const run of [out, copy]) {
          const { code, stderr } = await skeinProcess(['train', '--resume', run]);
          expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        }
        expect(differences(await contentOf(out), await contentOf(copy))).toEqual([]);
      },
    );

    it('a rank whose engine is killed says so', async () => {
      const out = join(folder, `${family} engine killed`);
      const job = await disturbed(mpi, out, (processes) =>
        send('SIGKILL', processes.find(({ rank }) => rank === 1)?.child),
      );
      expect(job.code).not.toBe(0);
      expect(job.stderr).toMatch(/rank 1 of 2 on \S+: ranks: the engine's process ended \(SIGKILL\)/);
      await expectAllGone(job);
    });

    // rank 0 stops while it writes, as the watched folder shows, and the others let it write
    it.each([0, 1])('rank %i, stopped, is named by the other, with its host', async (rank) => {
      const out = join(folder, `${family} ${rank} stopped`);
      const job = await disturbed(mpi, out, (processes) => {
        const stopped = processes.find((one) => one.rank === rank);
        send('SIGSTOP', stopped?.pid, ...(rank === 0 ? [] : [stopped?.child]));
      });
      expect(job.code).not.toBe(0);
      const named = `rank ${1 - rank} of 2 on \\S+: .*rank ${rank} \\(\\S+\\) did not come`;
      expect(job.stderr).toMatch(new RegExp(named));
      await expectAllGone(job);
      await loadCheckpoint(join(out, 'last.safetensors'));
    });

    it('a launcher that is interrupted ends all, and what was saved stays', async () => {
      const out = join(folder, `${family} launcher interrupted`);
      const job = await disturbed(mpi, out, (_, launcher) => launcher.kill('SIGINT'));
      await expectAllGone(job);
      await loadCheckpoint(join(out, 'last.safetensors'));
    });

    it.runIf(mpi === mpiHere[0])('a launcher that is killed takes all with it', async () => {
      const out = join(folder, `${family} launcher killed`);
      const job = await disturbed(mpi, out, (_, launcher) => launcher.kill('SIGKILL'));
      await expectAllGone(job);
      await loadCheckpoint(join(out, 'last.safetensors'));
    });
  },
);

describe.skipIf(mpiHere.length === 0)('skein train --ranks', { timeout }, () => {
  const words = (out: string) => ['train', ...recipe(), '--ranks', '2', '--out', out];

  it('starts its ranks, of which one speaks, and says who they were', async () => {
    const out = join(folder, 'whole');
    const { code, stdout } = await skeinProcess([...words(out), '--json']);
    expect(code).toBe(0);
    const ranks = { size: 2, library: expect.stringMatching(/MPI|MPICH/), host: hostname() };
    expect(JSON.parse(stdout)).toMatchObject({ folder: out, stopped: 'finished', ranks });
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  });

  it('fine-tunes: each rank computes features, and rank 0 makes the report alone', async () => {
    const out = join(folder, 'fine-tuned');
    const more = ['--weights', join(folder, 'whole', 'last.safetensors'), '--fine-tune', 'all', '--head-epochs', '1'];
    const { code, stdout } = await skeinProcess([...words(out), ...more, '--epochs', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      stopped: 'finished',
      ranks: { size: 2 },
      report: join(out, 'report.html'),
    });
  });

  it('refuses what each rank would decide for itself', async () => {
    const { code, stderr } = await skeinProcess([...words(join(folder, 'refused')), '--on-bad-image', 'skip']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /rank [01] of 2 on \S+: .*--on-bad-image.* is for a run of one process, but there are 2 ranks/,
    );
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  it('stops after the step under way where it is asked to, and goes on with another number of ranks', async () => {
    const out = join(folder, 'interrupted');
    await mkdir(out);
    let isAsked = false;
    const watcher = watch(out, () => {
      if (isAsked || !existsSync(join(out, 'last.safetensors'))) return;
      isAsked = true;
      started?.kill('SIGINT');
    });
    let started: ChildProcess | undefined;
    const ended = await skeinProcess(words(out), { onOutput: (child) => (started = child) });
    watcher.close();
    expect(ended).toMatchObject({ code: 130, stderr: '' });
    expect(ended.stdout).toContain(`--resume ${out}`);
    const alone = join(folder, 'interrupted, alone');
    await cp(out, alone, { recursive: true });
    const resumed = await skeinProcess(['train', '--resume', out, '--ranks', '3', '--json']);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ stopped: 'finished', ranks: { size: 3 } });
    // the same run to rounding as one process makes of it
    expect((await skeinProcess(['train', '--resume', alone])).code).toBe(0);
    const [several, one] = [await weightsIn(out), await weightsIn(alone)];
    for (const [name, numbers] of one)
      expect(several.get(name), name).toBeClose(numbers, { relative: 1e-3, absolute: 1e-3 });
  });

  it('stops also while weights arrive, and leaves no rank waiting', async () => {
    const server = new WeightsServer();
    await server.start();
    vi.stubEnv('SKEIN_CACHE', join(folder, 'cache'));
    try {
      let started: ChildProcess | undefined;
      // every rank asks for the file
      const onSent = () => {
        if (started?.kill('SIGINT')) started = undefined;
      };
      server.files.set('/weights.pth', { content: new Uint8Array(1000), length: 2000, etag: '"1"', onSent });
      const given = [
        'train',
        ...recipe(),
        '--weights',
        `${server.url}/weights.pth`,
        '--out',
        join(folder, 'no weights'),
      ];
      const ended = await skeinProcess([...given, '--ranks', '2'], { onStart: (child) => (started = child) });
      expect(ended.code).toBe(130);
      expect(ended.stdout).toContain('stopped; the next time the download goes on from here');
    } finally {
      vi.unstubAllEnvs();
      await server.stop();
    }
  });

  it('ends where the disk of rank 0 is full, with what is kept', async (context) => {
    const place = join(folder, 'disk');
    await mkdir(place);
    const disk = SmallDisk.mount(place, '2000k');
    if (!disk) return context.skip('this process may not mount');
    try {
      const { code, stderr } = await skeinProcess([...words(join(place, 'run')), '--keep', '9']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/rank 0 of 2 on \S+: .*the disk is full/);
      await loadCheckpoint(join(place, 'run', 'last.safetensors'));
    } finally {
      disk.unmount();
    }
  });

  it('starts a run that is to be gone on with and is not there yet', async () => {
    const out = join(folder, 'not there yet');
    const given = ['train', ...recipe(), '--resume', out, '--ranks', '2', '--json'];
    expect(JSON.parse((await skeinProcess(given)).stdout)).toMatchObject({ stopped: 'finished', folder: out });
    expect(JSON.parse((await skeinProcess(given)).stdout)).toMatchObject({ epochs: [] });
  });
});
