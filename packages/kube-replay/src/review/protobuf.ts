/** What stands in front of every Kubernetes object in protobuf. */
const MAGIC = Buffer.from("k8s\0", "ascii");
/** Number of the envelope's field that holds the object. */
const RAW = 2;

/**
 * The object in Kubernetes' protobuf envelope, still encoded. kubectl posts its reviews so, whatever it takes back.
 * @returns undefined for other bytes
 */
export function protobufObject(body: Buffer): Buffer | undefined {
  return body.subarray(0, MAGIC.length).equals(MAGIC) ? bytesAt(body.subarray(MAGIC.length), RAW) : undefined;
}

/** The bytes of a field that holds a message or a text, down a path of field numbers; undefined when it is not there, or the message is none. */
export function bytesAt(message: Buffer, ...path: readonly number[]): Buffer | undefined {
  return path.reduce<Buffer | undefined>((inside, number) => inside && fieldOf(inside, number), message);
}

function fieldOf(message: Buffer, wanted: number): Buffer | undefined {
  let at = 0;
  while (at < message.length) {
    const key = varint(message, at);
    if (key === undefined) return undefined;
    const value = varint(message, key.end);
    if (value === undefined) return undefined;
    const wire = key.value % 8;
    // Nothing that is read here has fixed-width fields.
    if (wire !== 0 && wire !== 2) return undefined;
    const end = wire === 0 ? value.end : value.end + value.value;
    if (wire === 2 && Math.floor(key.value / 8) === wanted) return message.subarray(value.end, end);
    at = end;
  }
  return undefined;
}

function varint(message: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start; at < message.length && at < start + 7; at++) {
    const byte = message[at] ?? 0;
    value += (byte % 128) * 128 ** (at - start);
    if (byte < 128) return { value, end: at + 1 };
  }
  return undefined;
}
