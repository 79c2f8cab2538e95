import { check, sleep } from 'k6';
import http from 'k6/http';
import { BASE_URL } from './base-url.js';

/** The requests of readers and of an orchestrator. `/` redirects to the blog, and the redirect is not followed. */
const PAGES = [
  { path: '/', status: 302, has: '' },
  { path: '/blog/', status: 200, has: '<html' },
  { path: '/blog/api/posts', status: 200, has: '"slug"' },
  { path: '/health', status: 200, has: '"ok"' },
];

/** One reader's round: four requests, each followed by a second of reading. */
export function readAround() {
  for (const { path, status, has } of PAGES) {
    const response = http.get(BASE_URL + path, { redirects: 0, tags: { name: path } });
    check(
      response,
      {
        'has the status that it must have': (answer) => answer.status === status,
        'has the body that it must have': (answer) => String(answer.body).includes(has),
      },
      { name: path },
    );
    sleep(1);
  }
}

/** @type {Record<string, string[]>} */
export const THRESHOLDS = {
  http_req_failed: ['rate==0'],
  checks: ['rate==1'],
  http_req_duration: ['p(95)<=3', 'p(99)<=10'],
  // Each route has its own threshold, so that fast ones do not hide a slow one.
  ...Object.fromEntries(
    PAGES.map(({ path }) => [`http_req_duration{name:${path}}`, ['p(95)<=3', 'p(99)<=10']]),
  ),
};
