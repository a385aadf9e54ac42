/** SEQUENCE of parts that are encoded already. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  return constructed(0x30, ...parts);
}

/** Any constructed value, by its tag: 0x31 a SET, 0xa0 … context-specific ones. */
export function constructed(tag: number, ...parts: readonly Buffer[]): Buffer {
  return primitive(tag, Buffer.concat(parts));
}

/** INTEGER from its two's complement, most significant byte first. */
export function integer(bytes: Buffer): Buffer {
  return primitive(0x02, bytes);
}

/** BIT STRING of whole bytes. */
export function bitString(bytes: Buffer): Buffer {
  return primitive(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

/** OCTET STRING. */
export function octetString(bytes: Buffer): Buffer {
  return primitive(0x04, bytes);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return primitive(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Tag, length, bytes: how DER (X.690) writes every value. */
export function primitive(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(bytes.length)]), bytes]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const digits = base256(length);
  return [0x80 | digits.length, ...digits];
}

function base256(value: number): number[] {
  return value < 256 ? [value] : [...base256(Math.floor(value / 256)), value % 256];
}

/** Seven bits a byte; all but the last have their highest bit set. */
function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
  return digits;
}
