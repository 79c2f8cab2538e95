import { readAround, THRESHOLDS } from './lib/reader.js';
import { handleSummary, TREND_STATS } from './lib/summary.js';

/** Two minutes: does it work, and about how fast? @type {import('k6/options').Options} */
export const options = {
  stages: [
    { duration: '30s', target: 10 },
    { duration: '1m', target: 10 },
    { duration: '30s', target: 0 },
  ],
  thresholds: THRESHOLDS,
  summaryTrendStats: TREND_STATS,
};

export default readAround;
export { handleSummary };
