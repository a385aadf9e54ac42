/**
 * The documents of a YAML stream, unparsed: a line that begins with three dashes and a blank, or is nothing else, parts
 * them, and inside of a document no line can.
 */
export function* documentsIn(stream: string): Generator<string> {
  let from = 0;
  for (const { index, 0: mark } of stream.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    if (stream.slice(from, index).trim() !== "") yield stream.slice(from, index);
    from = index + mark.length;
  }
  if (stream.slice(from).trim() !== "") yield stream.slice(from);
}
