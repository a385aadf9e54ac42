import { Ajv } from "ajv";
import { RE2JS } from "re2js";
import type { Breach, PolicyObject } from "./policy-rule.ts";
import { createTimeLimit, TooSlow } from "./time-limit.ts";

/** A schema that cannot be used, and why. */
export class SchemaProblem extends Error {}

/**
 * Compiles a JSON Schema (draft 7) that an object has to fit. Patterns are RE2; `format` is refused, since nothing here
 * would look at it, and references go inside the schema only.
 * @param message what to say of an object that does not fit
 * @throws SchemaProblem
 */
export function compileJsonSchema(schema: object, message: string): (object: PolicyObject) => Breach | undefined {
  const validate = compile(schema);
  const within = createTimeLimit();
  return (object) => {
    try {
      if (within(() => validate(object.json()))) return undefined;
      const field = validate.errors?.[0]?.instancePath;
      return { message, ...(field === undefined || field === "" ? {} : { field: field.slice(0, LONGEST_FIELD) }) };
    } catch (error) {
      return { message: `could not be asked: ${error instanceof TooSlow ? error.message : "the schema failed"}` };
    }
  };
}

const LONGEST_FIELD = 300;

const re2 = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return { test: (text: string) => compiled.test(text) };
  },
  { code: "re2" },
);

function compile(schema: object) {
  try {
    return new Ajv({ strict: true, strictTypes: false, strictRequired: false, code: { regExp: re2 } }).compile(schema);
  } catch (error) {
    throw new SchemaProblem(error instanceof Error ? error.message : "cannot be used");
  }
}
