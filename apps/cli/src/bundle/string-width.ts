/**
 * Columns that a text takes in a terminal, for the help of the command line: a column a character. It knows no wide characters, no
 * marks and no colours, and the help has none.
 */
// biome-ignore lint/style/noDefaultExport: stands in for a package that exports it so.
export default function stringWidth(text: string): number {
  return [...text].length;
}
