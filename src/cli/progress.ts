import { Presets, SingleBar } from 'cli-progress';

const LINE_INTERVAL_MS = 5_000;

export interface Progress {
  /** @param position up to the total @param done the results so far, for people */
  update(position: number, done: string): void;
  stop(): void;
}

function bar(total: number): Progress {
  const single = new SingleBar(
    { format: '{bar} {percentage}%  {done}  {eta_formatted} left', stream: process.stderr, hideCursor: true },
    Presets.shades_classic,
  );
  single.start(total, 0, { done: '' });
  return {
    update: (position, done) => single.update(position, { done }),
    stop: () => single.stop(),
  };
}

/** Without a terminal, prints a line from time to time, so that a log shows progress. */
function lines(total: number): Progress {
  let nextAt = Date.now() + LINE_INTERVAL_MS;
  return {
    update: (position, done) => {
      if (Date.now() < nextAt) return;
      nextAt = Date.now() + LINE_INTERVAL_MS;
      process.stderr.write(`${Math.floor((100 * position) / Math.max(1, total))}%  ${done}\n`);
    },
    stop: () => undefined,
  };
}

/**
 * Writes to standard error, so that standard output contains only the result.
 * @param total 0 if the length is unknown
 */
export const startProgress = (total: number): Progress =>
  process.stderr.isTTY && total > 0 ? bar(total) : lines(total);
