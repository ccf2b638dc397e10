export type { NamedClasses } from './class-names-in.ts';
export { readTorchFile, type TorchFile, type TorchFileOptions } from './torch-file.ts';
