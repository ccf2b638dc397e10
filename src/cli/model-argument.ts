/** MODEL on the command line: a name that Skein knows, or a module with a network of the user's own. */
export { isModulePath, networkOf as modelArgument } from '../train/index.ts';
