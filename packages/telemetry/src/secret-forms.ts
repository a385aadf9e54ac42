import { Buffer } from "node:buffer";

/** Base64 of a part of a text shifts with what stands before it; shorter values than this would match by chance. */
const MIN_BYTES_IN_BASE64 = 6;
/** Lines of a key file that say nothing of their own are shorter. */
const MIN_LINE = 8;

/** What a secret can look like in a text. */
export interface SecretForms {
  /** Itself, each line of a key file, in a JSON string, percent-encoded in the ways in use. */
  readonly texts: readonly string[];
  /** In base64, alone or as part of something longer (`Authorization: Basic`); a digit more on each side is its own too. */
  readonly base64: readonly string[];
}

/** All forms of a secret. */
export function secretForms(value: string): SecretForms {
  const trimmed = value.trim();
  const values = [...new Set([value, trimmed, ...linesOf(trimmed)])].filter((text) => text !== "");
  const texts = values.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), ...percentEncoded(text)]);
  return { texts, base64: values.flatMap((text) => [...base64Forms(text)]) };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= MIN_LINE && !line.startsWith("-----"));
}

function percentEncoded(text: string): readonly string[] {
  // A lone surrogate has no UTF-8 form; encodeURIComponent would throw.
  const safe = text.toWellFormed();
  const component = encodeURIComponent(safe);
  const url = new URL("http://host");
  url.password = safe;
  const inUrl = [component, encodeURI(safe), url.password, new URLSearchParams({ v: safe }).toString().slice(2)];
  return inUrl.flatMap((encoded) => [encoded, encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())]);
}

function* base64Forms(text: string): Generator<string> {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length < MIN_BYTES_IN_BASE64) {
    yield bytes.toString("base64");
    return;
  }
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // The first and the last digits also depend on the neighbours' bits: what is left is the same in every text.
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const own = encoded.slice(start, end);
    yield own;
    yield own.replaceAll("+", "-").replaceAll("/", "_");
  }
}
