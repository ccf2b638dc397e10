/** Characters that have room in a chart. */
const most = 26;

/** A network's name as a chart has room for it: its beginning and its end, which tell variants apart. */
export const chartName = (name: string): string =>
  name.length <= most ? name : `${name.slice(0, most / 2)}…${name.slice(1 - most / 2)}`;
