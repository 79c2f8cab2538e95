import { readAround, THRESHOLDS } from './lib/reader.js';
import { handleSummary, TREND_STATS } from './lib/summary.js';

/** Ten minutes: 10, 50, then 100 readers, two minutes each. @type {import('k6/options').Options} */
export const options = {
  stages: [
    { duration: '1m', target: 10 },
    { duration: '2m', target: 10 },
    { duration: '1m', target: 50 },
    { duration: '2m', target: 50 },
    { duration: '1m', target: 100 },
    { duration: '2m', target: 100 },
    { duration: '1m', target: 0 },
  ],
  thresholds: THRESHOLDS,
  summaryTrendStats: TREND_STATS,
};

export default readAround;
export { handleSummary };
