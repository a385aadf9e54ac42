/** A bar on stderr, for people: nothing is written where stderr is not a terminal. */
export interface ProgressBar {
  show(done: number, total: number, note: string): void;
  end(): void;
}

const WIDTH = 30;

/** Draws "types read  ██████░░░░  12/40  153 objects" over itself. */
export function progressBar(label: string, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show(done, total, note) {
      const filled = total === 0 ? 0 : Math.round((done / total) * WIDTH);
      const bar = `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}`;
      stream.write(`\r\u001b[2K${label}  ${bar}  ${done}/${total}  ${note}`);
    },
    end() {
      stream.write("\r\u001b[2K");
    },
  };
}
