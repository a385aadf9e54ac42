// Breaks one named line at a time and shows that its named test turns red: `npm run mutations`.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutation-list.ts";
import type { Answered, Asked } from "./warm-tests.ts";
import { copyCheckout } from "./work-copy.ts";

const ROOT = join(import.meta.dirname, "..");
/** A test's start is one thread's work, so that two of them share two cores well. */
const AT_ONCE = 2;
const wanted = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const survived: string[] = [];
/** Where copies of the checkout are broken, and what one run of the tests has compiled for the next one. */
const workplace = mkdtempSync(join(tmpdir(), "kubeferry-mutations-"));
process.on("exit", () => rmSync(workplace, { recursive: true, force: true }));
/** Those that run tests, and what settles when they have ended. */
const running = new Map<ChildProcess, Promise<unknown>>();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void endTests().then(() => process.exit(1)));

const queue = [...chosen];
try {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, chosen.length) }, (_, index) => work(String(index))));
} finally {
  // After an error the other one's tests would go on in a folder that is gone.
  await endTests();
}
process.stdout.write(
  `${chosen.length} mutations, ${chosen.length - survived.length} noticed, ${survived.length} lived\n`,
);
process.exitCode = survived.length === 0 ? 0 : 1;

/** Takes one mutation after the other to a copy of its own. */
async function work(name: string): Promise<void> {
  const copy = join(workplace, name);
  copyCheckout(ROOT, copy);
  const tests = await startTests(copy);
  for (let mutation = queue.shift(); mutation !== undefined; mutation = queue.shift()) {
    const started = performance.now();
    const red = await turnsRed(copy, mutation, tests);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${red ? "red " : "LIVES"} ${mutation.name} (${mutation.test.file}, ${seconds} s)\n`);
    if (!red) survived.push(mutation.name);
  }
}

async function turnsRed(copy: string, { file, find, replace, test }: Mutation, tests: ChildProcess): Promise<boolean> {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2)
    throw new Error(`${file}: the line of a mutation stands in it ${parts.length - 1} times: ${find}`);
  try {
    writeFileSync(path, parts.join(replace));
    tests.send({ changed: file, test: { file: test.file, name: test.name } } satisfies Asked);
    return ((await nextMessage(tests)) as Answered).failed;
  } finally {
    writeFileSync(path, original);
  }
}

/** Starts what runs tests in a copy; it says when it is ready. */
async function startTests(copy: string): Promise<ChildProcess> {
  const child = fork(join(copy, "tools/warm-tests.ts"), {
    cwd: copy,
    execArgv: ["--conditions=kubeferry-source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(workplace, "compiled") },
  });
  running.set(child, once(child, "exit"));
  await nextMessage(child);
  return child;
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const closed = once(child, "exit", { signal: ended.signal }).then(() => {
    throw new Error(`what runs the tests ended with ${child.exitCode ?? child.signalCode}`);
  });
  try {
    const [message] = (await Promise.race([once(child, "message", { signal: ended.signal }), closed])) as [unknown];
    return message;
  } finally {
    ended.abort();
    closed.catch(() => undefined);
  }
}

/** Tests that are told to stop end the servers that they started; one that hangs has ten seconds for it. */
async function endTests(): Promise<void> {
  queue.length = 0;
  for (const child of running.keys()) if (child.connected) child.disconnect();
  const late = setTimeout(() => {
    for (const child of running.keys()) child.kill("SIGKILL");
  }, 10_000);
  await Promise.allSettled(running.values());
  clearTimeout(late);
}
