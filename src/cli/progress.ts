import { Presets, SingleBar } from 'cli-progress';

const LINE_INTERVAL_MS = 5_000;

export interface Progress {
  /** @param position how far it is, up to the total @param done what came of it so far, for people */
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

/** Where nobody looks at a terminal: a line now and then, so that a log shows that it goes on. */
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

/** On standard error, so that standard output has the result only. @param total 0: there is nothing to wait for */
export const startProgress = (total: number): Progress =>
  process.stderr.isTTY && total > 0 ? bar(total) : lines(total);
