import type { JsonValue } from "@kubeferry/model";

type Task = { readonly text: string } | { readonly value: JsonValue };

/** JSON with exact integers and of any depth: `JSON.stringify` refuses bigints and exhausts the stack. */
export function jsonText(root: JsonValue): string {
  const tasks: Task[] = [{ value: root }];
  let out = "";
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    out += "text" in task ? task.text : begun(task.value, tasks);
  }
  return out;
}

function begun(value: JsonValue, tasks: Task[]): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts: Task[] = [];
  for (const [key, inner] of Object.entries(value)) {
    const name = Array.isArray(value) ? "" : `${JSON.stringify(key)}:`;
    parts.push({ text: parts.length === 0 ? name : `,${name}` }, { value: inner });
  }
  tasks.push({ text: Array.isArray(value) ? "]" : "}" }, ...parts.reverse());
  return Array.isArray(value) ? "[" : "{";
}
