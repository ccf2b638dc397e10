/** Jobs of `skein train` whose ranks do not train the same: they say so before anything is written. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quoted } from '../src/tensor/index.ts';
import { ended } from './ended.ts';
import { putImageFiles } from './image-files.ts';
import { type MpiHere, mpiHere } from './mpi-here.ts';
import { type Ended, skeinProcess } from './run-skein.ts';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-ranks-'));
  data = join(folder, 'photos');
  await putImageFiles(data, ['a', 'b'], 12);
});
afterAll(() => rm(folder, { recursive: true }));

const recipe = () => [
  ...['resnet8', '--data', data, '--image-size', '16', '--batch-size', '6', '--val-fraction', '0.25', '--epochs', '1'],
  ...['--engine', 'onnxruntime', '--threads', '1', '--workers', '0'],
];

/** A job of two ranks whose words differ: in these, and in what is done before, `$rank` is a rank's number. */
async function differing(mpi: MpiHere, out: string, words: string, before = ':'): Promise<Ended> {
  const { program, words: launch, environment } = await mpi.command(2);
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), main, 'train', ...recipe(), '--out', out];
  const script = `rank="\${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"; ${before}; exec "$@" ${words}`;
  return ended(
    spawn(program, [...launch, 'sh', '-c', script, 'sh', ...node], {
      env: { ...process.env, ...environment, SKEIN_RANKS_PATIENCE: '5' },
    }),
  );
}

describe.skipIf(process.platform === 'win32').each(mpiHere.map((mpi) => [mpi.family, mpi] as const))(
  'under %s',
  { timeout: 300_000 },
  (family, mpi) => {
    it('ranks that were asked for different runs say in what, and begin none', async () => {
      const out = join(folder, `${family} different`);
      const { code, stderr } = await differing(mpi, out, '--seed "$rank"');
      expect(code).not.toBe(0);
      expect(stderr).toMatch(
        /rank 1 of 2 on \S+: train: expected the same run on every rank, but `seed` \(--seed\) is 1, and on rank 0 0/,
      );
      expect(existsSync(out)).toBe(false);
    });

    it.runIf(mpi === mpiHere[0])('ranks whose weights are not the same from the beginning say so', async () => {
      // the same word, but each machine's file is another
      for (const rank of [0, 1]) {
        const place = join(folder, `${family} machine ${rank}`);
        const own = [
          'train',
          ...recipe(),
          '--epochs',
          '1',
          '--seed',
          `${rank}`,
          '--out',
          join(folder, `${family} ${rank}`),
        ];
        expect((await skeinProcess(own)).code).toBe(0);
        await mkdir(place);
        await cp(join(folder, `${family} ${rank}`, 'last.safetensors'), join(place, 'weights.safetensors'));
      }
      const out = join(folder, `${family} unequal`);
      const words = '--weights weights.safetensors';
      const { code, stderr } = await differing(
        mpi,
        out,
        words,
        `cd ${quoted(join(folder, `${family} machine `))}"$rank"`,
      );
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/rank [01] of 2 on \S+: train: after step 0 the weights .*are not those of rank 0/);
      expect(existsSync(join(out, 'last.safetensors'))).toBe(false);
    });
  },
);
