import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createBatchParser } from "./batch-parser.ts";

const ID = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

function answers(contents: readonly (Uint8Array | undefined)[]): Buffer {
  const parts = contents.flatMap((content) =>
    content === undefined
      ? [Buffer.from(`${ID} missing\n`)]
      : [Buffer.from(`${ID} blob ${content.byteLength}\n`), content, Buffer.from("\n")],
  );
  return Buffer.concat(parts);
}

function parsed(bytes: Buffer, cuts: readonly number[]): readonly (string | undefined)[] {
  const read: (string | undefined)[] = [];
  const open: Buffer[] = [];
  const parser = createBatchParser({
    onBytes: (piece) => open.push(piece),
    onEnd: () => read.push(Buffer.concat(open.splice(0)).toString("latin1")),
    onMissing: (line) => read.push(line === `${ID} missing` ? undefined : line),
  });
  const borders = [0, ...cuts.map((cut) => cut % (bytes.byteLength + 1)), bytes.byteLength].sort((a, b) => a - b);
  borders.forEach((from, at) => {
    parser.push(bytes.subarray(from, borders[at + 1]));
    if (at === borders.length - 2) borders.length = at + 1;
  });
  return read;
}

it("gives what git answered, whatever the pieces in which it comes", () => {
  // Contents that look like answers.
  const text = fc.constantFrom("", "\n", `${ID} missing\n`, `${ID} blob 3\nabc\n`, "a\0b");
  const content = fc.option(
    fc.oneof(
      text.map((each) => Buffer.from(each)),
      fc.uint8Array({ maxLength: 50 }),
    ),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(fc.array(content), fc.array(fc.nat()), (contents, cuts) => {
      const wanted = contents.map((each) => (each === undefined ? undefined : Buffer.from(each).toString("latin1")));
      expect(parsed(answers(contents), cuts)).toEqual(wanted);
    }),
  );
});
