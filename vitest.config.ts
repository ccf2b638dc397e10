import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = fileURLToPath(new URL('./src', import.meta.url));

/** Tests that take a minute and more, or what they are about takes: `npm run test:all` runs them too, and so does CI. */
const long = [
  // every family on every engine, and beside PyTorch
  'tests/{model-conformance,explain-engines,explain-golden,large-networks,torchvision,onednn-implementations,bf16}.test.ts',
  // what starts many engines, or trains many networks
  'tests/{lab-experiments,starting-weights,fine-tuning-runs,data-by-name,usual-augmentations,published-weights,published-networks,time-budget,recipes,large-numbers,engine-choice,sync-batch-norm,import,import-structure,image-pipeline}.test.ts',
  'src/engines/{trial/trial,process/executable,onnxruntime/process}.test.ts',
  // 60,000 images in two versions
  'tests/cifar-python.test.ts',
  // random shapes, thousands of steps, libraries that fail
  'tests/{onednn-maps,onednn-memory,onednn-updates,faulty-library,hostile-weights}.test.ts',
  'src/engines/onednn/conformance/probe.test.ts',
  // runs that are killed or taken again, and disks that are full
  'tests/{killed-runs,full-disk,replay}.test.ts',
  // networks that train in processes of their own, again and again
  'tests/compare.test.ts',
  // jobs of several processes
  'tests/{mpi,ranks,ranks-that-fail,ranks-that-differ,kubernetes,cli-bench-ranks}.test.ts',
  // benchmarks, other programs, browsers
  'tests/{cli-bench,cli-doctor,cli-inspect-drawing,report,pages,browser,browser-pixels,step-onnx,cli-json}.test.ts',
];

// A file that is named is run, long or not.
const named = process.argv.slice(2).some((word) => /^(src|tests|examples)\b/.test(word));

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^skein$/, replacement: `${source}/index.ts` },
      { find: /^skein\/([a-z]+)$/, replacement: `${source}/$1/index.ts` },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: mode === 'all' || named ? configDefaults.exclude : [...configDefaults.exclude, ...long],
    setupFiles: ['tests/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // only for what hangs: whole jobs of several processes run beside other tests
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
  },
}));
