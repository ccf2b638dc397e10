import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import type { Command } from 'commander';
import { type ImageLibrary, imageLibrary } from '../data/index.ts';
import {
  type ChosenEngine,
  chooseEngine,
  diagnose,
  diagnoseMpi,
  type EngineDiagnosis,
  engineNames,
  type MpiDiagnosis,
  type Purpose,
} from '../engines/index.ts';
import { EngineError } from '../tensor/index.ts';
import { version } from '../trained/index.ts';
import { type ProcessorFeatures, processorFeatures } from './doctor-processor.ts';
import type { Output, Surroundings } from './output.ts';
import { bytes } from './quantity.ts';
import { wrapped } from './wrapped.ts';

interface Diagnosis {
  readonly skein: string;
  /** Whether everything works that training needs. */
  readonly ready: boolean;
  readonly node: { readonly version: string; readonly needed: string; readonly supported: boolean };
  readonly platform: { readonly system: string; readonly release: string; readonly architecture: string };
  readonly processor: {
    readonly model: string;
    readonly cores: number;
    /** What engines use where nothing else is said. */
    readonly threads: number;
    readonly features?: ProcessorFeatures;
  };
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  readonly engines: readonly EngineDiagnosis[];
  /** What `--engine auto` stands for. */
  readonly auto: Readonly<Record<Purpose, { readonly engine: string; readonly reason: string }>>;
  readonly images: ImageLibrary;
  /** For training in several processes. */
  readonly mpi: MpiDiagnosis;
}

/** `skein doctor` */
export function addDoctorCommand(program: Command, { output }: Surroundings): void {
  program
    .command('doctor')
    .description('Check whether this machine can train, by trying each part')
    .option('--json', 'print { skein, ready, node, platform, processor, memory, engines, auto, images, mpi }')
    .addHelpText('after', '\nExample:\n  skein doctor --json')
    .action(async (flags: { json?: boolean }) => {
      const out = output(flags);
      const diagnosis = await examine();
      if (flags.json) out.json(diagnosis);
      else printDiagnosis(out, diagnosis);
      const [missing] = checksOf(diagnosis).filter(({ needed, works }) => needed && !works);
      if (missing)
        throw new EngineError(`this installation cannot train: ${missing.name} does not work`, missing.remedy);
    });
}

async function examine(): Promise<Diagnosis> {
  const engines: EngineDiagnosis[] = [];
  // one after the other: each gets the memory and the cores that it would have
  for (const name of engineNames)
    if (name !== 'auto') engines.push(await diagnose((await chooseEngine(name, 'train')).engine));
  const features = await processorFeatures();
  const diagnosis = {
    skein: version,
    node: nodeVersion(),
    platform: { system: platform(), release: release(), architecture: arch() },
    processor: {
      model: cpus()[0]?.model.trim() || 'unknown',
      cores: cpus().length,
      threads: availableParallelism(),
      ...(features && { features }),
    },
    memory: { totalBytes: Math.min(totalmem(), process.constrainedMemory() || totalmem()), freeBytes: freemem() },
    engines,
    auto: {
      train: chosen(await chooseEngine('auto', 'train')),
      predict: chosen(await chooseEngine('auto', 'predict')),
    },
    images: await imageLibrary(),
    mpi: await diagnoseMpi(),
  };
  const { skein, ...rest } = diagnosis;
  return { skein, ready: checksOf(diagnosis).every(({ needed, works }) => works || !needed), ...rest };
}

const chosen = ({ engine, reason = '' }: ChosenEngine) => ({ engine: engine.name, reason });

/** Against the `engines` of package.json: `>=20.19`. */
function nodeVersion(): Diagnosis['node'] {
  const { engines } = createRequire(import.meta.url)('../../package.json') as { engines: { node: string } };
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number) as [number, number];
  const [major, minor] = numbers(process.versions.node);
  const [leastMajor, leastMinor] = numbers(engines.node);
  const supported = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return { version: process.versions.node, needed: engines.node, supported };
}

interface Check {
  readonly name: string;
  readonly works: boolean;
  /** Does training need it? */
  readonly needed: boolean;
  readonly text: string;
  readonly remedy?: string | undefined;
}

/** What was tried. Training needs one engine that is fast enough: the one that it takes by itself. */
function checksOf({
  node,
  engines,
  auto,
  images,
  mpi,
}: Pick<Diagnosis, 'node' | 'engines' | 'auto' | 'images' | 'mpi'>): Check[] {
  return [
    {
      name: 'Node',
      works: node.supported,
      needed: true,
      text: `${node.version}, needed is ${node.needed.replace('>=', '')} or newer`,
      remedy: 'run `nvm install --lts`, or get it from nodejs.org',
    },
    ...engines.map((engine) => ({
      name: engine.name,
      works: engine.works,
      needed: engine.name === auto.train.engine,
      text: engine.works ? engineText(engine) : withoutName(engine),
      remedy: engine.remedy,
    })),
    {
      name: images.name,
      works: images.works,
      needed: true,
      text: `${images.version} with libvips ${images.vips} ${images.works ? `decoded an image${turboText(images)}` : images.problem}`,
      remedy: 'run `npm install sharp`',
    },
    { name: 'MPI', works: mpi.works, needed: false, text: mpiText(mpi), remedy: mpi.remedy },
  ];
}

/** Open MPI 4.1.4 trained in two processes as one does */
function mpiText({ library, version: number, works, problem }: MpiDiagnosis): string {
  if (library === undefined) return `${problem}; only training in several processes needs it`;
  const name = `${library} ${number}`;
  return works ? `${name} trained in two processes as one does (--ranks, mpirun)` : `${name}: ${problem}`;
}

/** Nothing is wrong without it. */
const turboText = ({ hasTurboJpeg }: ImageLibrary): string =>
  hasTurboJpeg
    ? '; plain JPEGs by libjpeg-turbo'
    : '; with libjpeg-turbo on the system (Debian, Ubuntu: libturbojpeg0; brew: jpeg-turbo) JPEGs are prepared 1.6 times as fast';

/** 1.30.0 ran a training step (blocks of 16): of channels, in the blocked layout. */
function engineText({ version: library, blockSize }: EngineDiagnosis): string {
  const layout = blockSize === 0 ? 'no blocks' : `blocks of ${blockSize}`;
  const blocks = blockSize === undefined ? '' : ` (${layout})`;
  return `${library === undefined ? '' : `${library} `}ran a training step${blocks}`;
}

/** The name stands in front of it already. */
const withoutName = ({ name, problem = 'unknown' }: EngineDiagnosis) =>
  problem.startsWith(`${name}: `) ? problem.slice(name.length + 2) : problem;

function printDiagnosis(output: Output, diagnosis: Diagnosis): void {
  const { skein, platform: on, processor, memory, auto, engines, ready } = diagnosis;
  const checks = checksOf(diagnosis);
  const width = Math.max(...checks.map(({ name }) => name.length));
  output.line(`${output.style('bold', 'skein')} ${skein}`);
  for (const { name, works, text, remedy } of checks) {
    const mark = works ? output.style('green', '✓ works  ') : output.style('red', '✗ fails  ');
    const indent = ' '.repeat(15 + width);
    const room = output.live ? output.columns - indent.length : Number.POSITIVE_INFINITY;
    const lines = [...wrapped(text, room), ...(works || remedy === undefined ? [] : wrapped(remedy, room))];
    output.line(`  ${mark}  ${name.padEnd(width)}  ${lines.join(`\n${indent}`)}`);
  }
  const { present, absent } = processor.features ?? {};
  const facts: [string, string][] = [
    ['system', `${on.system} ${on.release}, ${on.architecture}`],
    ['processor', processor.model],
    ['cores', `${processor.cores}; engines use ${processor.threads} ${processor.threads === 1 ? 'thread' : 'threads'}`],
    ['it has', present === undefined ? 'unknown' : present.join(', ') || 'none of those below'],
    ['it lacks', absent === undefined ? 'unknown' : absent.join(', ') || 'nothing that would help'],
    ['memory', `${bytes(memory.totalBytes)}, of which ${bytes(memory.freeBytes)} are free`],
    ...oneDnnFact(engines.find(({ name }) => name === 'onednn')),
    ['training', `${auto.train.engine}: ${auto.train.reason}`],
    ['predicting', `${auto.predict.engine}: ${auto.predict.reason}`],
  ];
  output.line();
  printFacts(output, facts);
  output.line();
  if (ready) output.line(output.style('bold', 'Everything that training needs works.'));
}

function printFacts(output: Output, facts: readonly (readonly [label: string, text: string])[]): void {
  const width = Math.max(...facts.map(([label]) => label.length));
  const indent = ' '.repeat(width + 4);
  const room = output.live ? output.columns - indent.length : Number.POSITIVE_INFINITY;
  for (const [label, text] of facts)
    output.line(`  ${label.padEnd(width)}  ${wrapped(text, room).join(`\n${indent}`)}`);
}

/** 2.6.3 computes rightly; bf16 no; /usr/lib/libdnnl.so.2. What keeps it from working stands with the engine. */
function oneDnnFact(engine: EngineDiagnosis | undefined): [string, string][] {
  if (!engine?.works) return [];
  const { version: library, bfloat16, bfloat16Problem, path } = engine;
  const without = bfloat16Problem === undefined ? 'no' : `cannot be used: ${bfloat16Problem}`;
  return [['oneDNN', `${library} computes rightly; bf16 ${bfloat16 ? 'yes' : without}; ${path}`]];
}
