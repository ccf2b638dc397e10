/** Which columns of a table hold the image, its class and its split: told by their usual names, or named by the person. */
import { ConfigError, DataError, nearestName } from '../tensor/index.ts';

/** How a table of images is read. */
export interface TableReading {
  /** The column of the images' names; default: the one that is called as such columns are, for example `image` or `filename`. */
  readonly imageColumn?: string;
  /** The column of the classes; default likewise, for example `label` or `class`. */
  readonly labelColumn?: string;
  /** The column of the splits (train, val, test); default likewise, for example `split`, and none where there is none. 'none' takes none. */
  readonly splitColumn?: string;
  /** The folder that the images' names start from; default: the table's own, or one beside it (`images`, `train`, one of the table's name). */
  readonly imageFolder?: string;
}

/** The options of `TableReading`. */
export const tableOptions = ['imageColumn', 'labelColumn', 'splitColumn', 'imageFolder'] as const;

/** What of `options` is about tables. */
export const tableReading = (options: TableReading): TableReading =>
  Object.fromEntries(tableOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));

/** Places in the header. */
export interface TableColumns {
  readonly image: number;
  readonly label: number;
  readonly split: number | undefined;
}

/** What a column is for: its option and flag, and what it is usually called. Names of a later list count where there is none of an earlier. */
interface Role {
  readonly option: 'imageColumn' | 'labelColumn' | 'splitColumn';
  readonly flag: string;
  readonly what: string;
  readonly usual: readonly (readonly string[])[];
}

const words = (text: string) => text.split(' ');

const roles: Readonly<Record<keyof TableColumns, Role>> = {
  image: {
    option: 'imageColumn',
    flag: '--image-column',
    what: "the images' names",
    usual: [
      words('image file filename file_name filepath file_path path image_path image_file image_filename image_name'),
      words('img img_path img_name fname picture photo image_id img_id'),
      words('id name'),
    ],
  },
  label: {
    option: 'labelColumn',
    flag: '--label-column',
    what: 'the classes',
    usual: [
      words('label class category target'),
      words('labels classes class_name classname label_name category_name image_label class_label'),
      words('class_id label_id category_id y species breed'),
    ],
  },
  split: {
    option: 'splitColumn',
    flag: '--split-column',
    what: 'the splits',
    usual: [words('split'), words('set subset partition dataset data_set data_split')],
  },
};

/**
 * @param path the table, as messages name it
 * @throws ConfigError where a column is asked for that is not there; DataError where it cannot be told which one is meant
 */
export function tableColumns(path: string, columns: readonly string[], options: TableReading): TableColumns {
  const image = namedOrUsual(path, columns, roles.image, options.imageColumn);
  const label = namedOrUsual(path, columns, roles.label, options.labelColumn);
  if (image === undefined || label === undefined)
    throw noColumn(path, columns, image === undefined ? 'image' : 'label');
  if (image === label)
    throw new ConfigError(
      `${path}: the images' names and their classes cannot both be in column \`${columns[image]}\``,
      'give --image-column (imageColumn) and --label-column (labelColumn) two columns',
    );
  const split =
    options.splitColumn === 'none' ? undefined : namedOrUsual(path, columns, roles.split, options.splitColumn);
  return { image, label, split };
}

/** Undefined where nobody named one, and none is called as usual. */
function namedOrUsual(path: string, columns: readonly string[], role: Role, asked?: string): number | undefined {
  const { option, flag, what, usual } = role;
  if (asked !== undefined) {
    const exact = placesOf(columns, (column) => column === asked);
    const found = exact.length > 0 ? exact : placesOf(columns, (column) => plain(column) === plain(asked));
    if (found.length === 1) return found[0];
    const nearest = nearestName(asked, columns);
    throw new ConfigError(
      `${path}: ${found.length > 1 ? `expected one column \`${asked}\`, but there are ${found.length}` : `there is no column \`${asked}\``}` +
        `${nearest === undefined || found.length > 1 ? '' : `; did you mean ${nearest}?`}`,
      `${flag} (${option}) takes one of ${listed(columns)}`,
    );
  }
  for (const names of usual) {
    const found = placesOf(columns, (column) => names.includes(plain(column)));
    if (found.length === 1) return found[0];
    if (found.length > 1)
      throw new DataError(
        `${path}: it cannot be told which column holds ${what}: ${listed(found.map((at) => columns[at] as string))}`,
        `say it with ${flag} (${option})${option === 'splitColumn' ? '; none takes none' : ''}`,
      );
  }
  return undefined;
}

/** A first line that already names an image has no header above it. */
const looksLikeImage = /\.(jpe?g|png|webp|gif|tiff?|bmp|avif)$/i;

function noColumn(path: string, columns: readonly string[], missing: 'image' | 'label'): DataError {
  const { what, flag, option, usual } = roles[missing];
  if (columns.some((column) => looksLikeImage.test(column)))
    return new DataError(
      `${path}:1: expected the names of the columns, but got ${listed(columns)}`,
      'write a first line such as image,label',
    );
  return new DataError(
    `${path}: no column is called as one that holds ${what} (${usual[0]?.slice(0, 4).join(', ')}, …): there are ${listed(columns)}`,
    `say it with ${flag} (${option})`,
  );
}

const plain = (column: string) =>
  column
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const placesOf = (columns: readonly string[], isOne: (column: string) => boolean) =>
  [...columns.keys()].filter((at) => isOne(columns[at] as string));

const mostListed = 20;

const listed = (columns: readonly string[]) => {
  const shown = columns.slice(0, mostListed).map((column) => `\`${column.slice(0, 60)}\``);
  return columns.length > mostListed ? `${shown.join(', ')} and ${columns.length - mostListed} more` : shown.join(', ');
};
