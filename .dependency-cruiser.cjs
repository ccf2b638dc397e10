/**
 * The floor plan of src/: rooms import downward, through front doors, and each outside thing has one door.
 * `npm run floors` checks it; a new room needs a floor here first.
 */

const floors = [
  ['tensor'],
  ['parts', 'files', 'pickle', 'libraries'],
  ['mpi', 'ir', 'metrics', 'data', 'checkpoint', 'torch', 'schedules', 'probes'],
  ['autodiff', 'nn', 'onnx', 'hub', 'augmentations', 'corruptions'],
  ['models', 'optimisers', 'objectives', 'averages', 'report', 'pipeline'],
  ['step'],
  ['engines'],
  ['trained'],
  ['train', 'explain'],
  ['lab', 'bench', 'compare'],
  ['cli'],
];
const pure = [
  'tensor',
  'parts',
  'ir',
  'metrics',
  'schedules',
  'probes',
  'autodiff',
  'nn',
  'onnx',
  'models',
  'optimisers',
  'objectives',
  'averages',
  'step',
];
/** A pure part of a room that is not. */
const planning = '^src/engines/onednn/planning/';

/** Which folders may import a package; every other file of src/, bench/ and examples/ may not. */
const doors = {
  'onnxruntime-node': ['src/engines/onnxruntime'],
  koffi: ['src/engines/onednn', 'src/data', 'src/mpi'],
  sharp: ['src/data'],
  piscina: ['src/pipeline'],
  '@observablehq/plot': ['src/report'],
  linkedom: ['src/report'],
  'd3-path': ['src/report'],
  commander: ['src/cli'],
  'cli-progress': ['src/cli'],
  '@bufbuild/protobuf': ['src/onnx'],
  '@huggingface/hub': ['src/hub'],
  'env-paths': ['src/files'],
  zod: [
    'src/checkpoint',
    'src/data',
    'src/hub',
    'src/trained',
    'src/train',
    'src/bench',
    'src/compare',
    'src/lab',
    'src/cli',
  ],
};

/** A value knows its op, and an op is about values: the one circle there is. */
const graphAndOp = '^src/ir/(graph|op)\\.ts$';

const test = '\\.test\\.ts$';
const anyOf = (names) => `(${names.join('|')})`;
const room = (...names) => `^src/${anyOf(names)}/`;
/** A package, installed (any nesting) or, for an optional one, missing. */
const npmPackage = (name) => `(^|node_modules/)(@types/)?${name}(/|$)`;
const npmTypes = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const floorRules = floors.flatMap((names, floor) =>
  names.map((name) => ({
    name: `floor-${floor}-${name}`,
    comment: `${name} is on floor ${floor} and may import only from the floors below it`,
    severity: 'error',
    from: { path: room(name), pathNot: test },
    to: {
      path: [
        '^src/[^/]+\\.ts$',
        room(
          ...floors
            .slice(floor)
            .flat()
            .filter((other) => other !== name),
        ),
      ],
    },
  })),
);

const doorRules = Object.entries(doors).map(([name, folders]) => ({
  name: `door-${name}`,
  comment: `${name} is imported only from ${folders.join(', ')}: ask that room for what you need`,
  severity: 'error',
  from: { path: '^(src|bench|examples)/', pathNot: `^${anyOf(folders)}/` },
  to: { path: npmPackage(name) },
}));

module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: 'floor-unknown',
      comment: 'a folder of src/ that has no floor yet: give it one in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: room(...floors.flat()) },
      to: {},
    },
    {
      name: 'front-door',
      comment: 'another room is entered through its index.ts; export what you need there',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: test },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'front-door-outside',
      comment: 'src/index.ts and the examples see only what each room exports from its index.ts',
      severity: 'error',
      from: { path: ['^src/[^/]+\\.ts$', '^examples/'], pathNot: test },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'planning-knows-no-memory',
      comment:
        "oneDNN's planning decides from programs alone: it imports ir and tensor, and nothing that compiles, runs or holds memory",
      severity: 'error',
      from: { path: planning, pathNot: test },
      to: { path: '^src/', pathNot: [planning, room('tensor', 'ir')] },
    },
    {
      name: 'pure-no-node',
      comment: 'a pure room, and a pure part of one, also runs in a browser: no node:* modules',
      severity: 'error',
      from: { path: [room(...pure), planning], pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-no-packages',
      comment: 'a pure room depends on no package (onnx alone may use @bufbuild/protobuf)',
      severity: 'error',
      from: { path: [room(...pure), planning], pathNot: [test, room('onnx')] },
      to: { dependencyTypes: npmTypes },
    },
    {
      name: 'pure-no-packages-onnx',
      comment: 'onnx may use @bufbuild/protobuf and no other package',
      severity: 'error',
      from: { path: room('onnx'), pathNot: test },
      to: { dependencyTypes: npmTypes, pathNot: npmPackage('@bufbuild/protobuf') },
    },
    ...doorRules,
    {
      name: 'no-development-packages',
      comment: 'what ships may not import a devDependency; tests may',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'every imported package is listed in package.json',
      severity: 'error',
      from: {},
      // a package that is listed twice, as a peer and for development, is also given the type npm-no-pkg
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-dev'] },
    },
    {
      name: 'no-self-name',
      comment: "inside src/ use relative paths: 'skein' is a name for users, examples and tests",
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['aliased'] },
    },
    {
      name: 'no-tests-in-product',
      comment: 'nothing imports a test, and src/ imports nothing from tests/',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: [test, '^(tests|bench|examples|scripts)/'] },
    },
    {
      name: 'no-circular',
      comment: 'imports form no circle, those of types included: a type that two files need goes to a file below both',
      severity: 'error',
      from: {},
      to: { circular: true, via: { pathNot: graphAndOp } },
    },
    {
      name: 'no-circular-graph-and-op',
      comment: "graph.ts and op.ts alone may need each other's types; not each other's values",
      severity: 'error',
      from: { path: graphAndOp },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-found',
      comment: 'the import leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|docs|runs|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
