import type { JsonValue } from "@kubeferry/model";
import { compareUtf8, isJsonObject } from "@kubeferry/model";

/** A value as text: what a list or map is in JSON, anything else as Go prints it. */
export function printed(value: JsonValue): string {
  if (value === null) return "<no value>";
  if (typeof value === "number") return goNumber(value);
  return typeof value === "object" ? goJson(value) : String(value);
}

/** Go's shortest form: whole numbers as they are, others with an exponent from 1e+06 on and below 0.0001. */
function goNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const [digits, exponent] = value.toExponential().split("e").map(Number);
  if (exponent === undefined || (exponent >= -4 && exponent < 6)) return String(value);
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** JSON with sorted keys, and with the characters escaped that HTML gives a meaning. */
function goJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (isJsonObject(value)) {
    const members = Object.entries(value).toSorted(([a], [b]) => compareUtf8(a, b));
    return `{${members.map(([key, member]) => `${goJson(key)}:${goJson(member)}`).join(",")}}`;
  }
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
