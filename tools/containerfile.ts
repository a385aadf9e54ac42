/** One instruction of a Containerfile: "RUN", and the rest of its lines as one. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** One stage: what it starts from, what it is called, what it does. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Reads the part of the format that our two files use. @throws Error for anything else */
export function readContainerfile(text: string): readonly Stage[] {
  const args = new Map<string, string>();
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const { name, text: rest } of instructionsIn(text)) {
    const current = stages.at(-1);
    if (name === "ARG" && current === undefined) {
      const [variable = "", value = ""] = rest.split("=", 2);
      args.set(`\${${variable}}`, value);
    } else if (name === "FROM") {
      const [base = "", as, stage] = rest.split(/\s+/);
      stages.push({ base: args.get(base) ?? base, name: as === "AS" ? stage : undefined, instructions: [] });
    } else if (current === undefined || !KNOWN.has(name)) {
      throw new Error(`not understood: ${name} ${rest}`);
    } else current.instructions.push({ name, text: rest });
  }
  return stages;
}

const KNOWN: ReadonlySet<string> = new Set(
  "RUN COPY ENV USER WORKDIR STOPSIGNAL EXPOSE LABEL ENTRYPOINT CMD".split(" "),
);

function instructionsIn(text: string): Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = "", ...rest] = line.split(" ");
      return { name, text: rest.join(" ").trim() };
    });
}
