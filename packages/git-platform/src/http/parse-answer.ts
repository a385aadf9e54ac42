import type { ZodType } from "zod";
import { PlatformError } from "../platform-error.ts";
import type { ForgeAnswer, ForgeRequest } from "./forge-http.ts";

/**
 * Reads an answer's JSON into our own type.
 * @throws PlatformError "invalid" for something else than JSON, or other JSON than expected; its content is not repeated
 */
export function parseAnswer<T>(who: string, request: ForgeRequest, answer: ForgeAnswer, schema: ZodType<T>): T {
  return checkAnswer(who, request, jsonOf(who, request, answer), schema);
}

/**
 * Reads JSON that was parsed already.
 * @throws PlatformError "invalid" for other JSON than expected
 */
export function checkAnswer<T>(
  who: string,
  request: Pick<ForgeRequest, "operation">,
  json: unknown,
  schema: ZodType<T>,
): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join(".") || "the whole answer");
  throw invalid(who, request, `the answer has not the expected form at ${[...new Set(places)].slice(0, 5).join(", ")}`);
}

function jsonOf(who: string, request: ForgeRequest, answer: ForgeAnswer): unknown {
  const type = (answer.headers["content-type"] ?? "nothing").split(";")[0] ?? "";
  if (!/json/i.test(type)) throw invalid(who, request, `the answer is ${type.slice(0, 50)} and not JSON`);
  try {
    return JSON.parse(answer.text);
  } catch {
    throw invalid(who, request, "the answer is broken JSON"); // V8's message would quote it
  }
}

function invalid(who: string, { operation }: Pick<ForgeRequest, "operation">, problem: string): PlatformError {
  const next = "is this the address of the host itself, and of the right kind of host?";
  return new PlatformError({ kind: "invalid", who, operation, problem, next });
}
