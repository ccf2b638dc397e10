/** Libraries that the system brings: where they are, and the command that installs them. */
export { findLibraries, type LibraryNames, pathsInCache } from './find.ts';
export { isOnPath, knownPackages, type PackageManager, packageManager, programsOnPath } from './package-manager.ts';
