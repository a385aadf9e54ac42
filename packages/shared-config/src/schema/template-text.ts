import { type KeyNotes, text } from "./values.ts";

const PLACEHOLDER = /\{([\w.-]*)\}/g;

/** The same for what has to be one line. */
export function templateLine(names: readonly string[], notes: KeyNotes) {
  return templateText(names, notes).refine((value) => !/\p{Cc}/u.test(value), "expected one line");
}

/** Text in which `{name}` stands for something that a run knows. Any other name in braces is an error. */
export function templateText(names: readonly string[], notes: KeyNotes) {
  const known = names.map((name) => `\`{${name}}\``).join(", ");
  return text({ description: `${notes.description} May hold ${known}.` }).superRefine((value, context) => {
    for (const [written, name = ""] of value.matchAll(PLACEHOLDER)) {
      if (names.includes(name)) continue;
      const expected = names.map((each) => `{${each}}`).join(", ");
      context.addIssue({ code: "custom", message: `${written} is not known here; expected ${expected}` });
    }
  });
}
