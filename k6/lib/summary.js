/** Statistics that k6 computes of each duration. */
export const TREND_STATS = ['avg', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

/**
 * @typedef {{ values: Record<string, number>, thresholds?: Record<string, { ok: boolean }> }} Metric
 * @typedef {{ metrics: Record<string, Metric>, state: { testRunDurationMs: number } }} Result
 */

/** @param {number | undefined} milliseconds */
const ms = (milliseconds) => (milliseconds === undefined ? '–' : milliseconds.toFixed(2)).padStart(9);

/** @param {number | undefined} rate */
const percent = (rate) => `${((rate ?? 0) * 100).toFixed(2)} %`;

/** @param {string} metric @param {Result} data */
const valuesOf = (metric, data) => data.metrics[metric]?.values ?? {};

/** @param {Result} data */
function durations(data) {
  const names = Object.keys(data.metrics).filter((name) => name.startsWith('http_req_duration{name:'));
  const rows = ['http_req_duration', ...names].map((name) => {
    const label = /\{name:(.*)\}/.exec(name)?.[1] ?? 'all';
    const values = valuesOf(name, data);
    return `${label.padEnd(24)}${TREND_STATS.map((stat) => ms(values[stat])).join('')}`;
  });
  return [`${'milliseconds'.padEnd(24)}${TREND_STATS.map((stat) => stat.padStart(9)).join('')}`, ...rows];
}

/** @param {Result} data */
const verdicts = (data) =>
  Object.entries(data.metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([threshold, { ok }]) => `${ok ? '✓' : '✗'} ${name}: ${threshold}`),
  );

/**
 * The summary that k6 prints at the end. With `-e RESULT=FILE`, all measurements are written to that file as well.
 * @param {Result} data
 */
export function handleSummary(data) {
  const seconds = data.state.testRunDurationMs / 1000;
  const requests = valuesOf('http_reqs', data).count ?? 0;
  const rounds = valuesOf('iterations', data).count ?? 0;
  const lines = [
    '',
    ...durations(data),
    '',
    `requests     ${requests} in ${seconds.toFixed(0)} s: ${(requests / seconds).toFixed(1)} a second`,
    `iterations   ${rounds}: ${(rounds / seconds).toFixed(2)} a second`,
    `failed       ${percent(valuesOf('http_req_failed', data).rate)}`,
    `checks       ${percent(valuesOf('checks', data).rate)}`,
    `most users   ${valuesOf('vus_max', data).max ?? 0}`,
    '',
    ...verdicts(data),
    '',
  ];
  return {
    stdout: `${lines.join('\n')}\n`,
    ...(__ENV.RESULT === undefined ? {} : { [__ENV.RESULT]: JSON.stringify(data, null, 2) }),
  };
}
