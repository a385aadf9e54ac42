export { CleanError, type CleanErrorKind } from "./clean-error.ts";
export { type Difference, equalJson, firstDifference } from "./equal.ts";
export { emitYaml } from "./yaml/emit.ts";
export { parseYaml, parseYamlStream } from "./yaml/parse.ts";
