import { check, fail, sleep } from 'k6';
import http from 'k6/http';
import { BASE_URL } from './lib/base-url.js';
import { handleSummary, TREND_STATS } from './lib/summary.js';

/** The time of two argon2id hashes while others hash. */
const HASHING = ['p(95)<=500'];
/** The time of a transaction. */
const WRITING = ['p(95)<=50', 'p(99)<=150'];
const READING = ['p(95)<=10', 'p(99)<=25'];

/** A minute of five authors at work. @type {import('k6/options').Options} */
export const options = {
  scenarios: {
    authors: { executor: 'constant-vus', vus: 5, duration: '1m', gracefulStop: '30s' },
  },
  thresholds: {
    http_req_failed: ['rate==0'],
    checks: ['rate==1'],
    'http_req_duration{name:register}': HASHING,
    'http_req_duration{name:log in}': HASHING,
    'http_req_duration{name:write}': WRITING,
    'http_req_duration{name:read}': READING,
    'http_req_duration{name:edit}': WRITING,
    'http_req_duration{name:delete}': WRITING,
    'http_req_duration{name:read what is gone}': READING,
  },
  summaryTrendStats: TREND_STATS,
};

/**
 * @param {string} name
 * @param {'POST' | 'GET' | 'PATCH' | 'DELETE'} method
 * @param {string} path
 * @param {{ expect: number, body?: object, token?: string }} request
 * @returns {any} the parsed answer
 */
function ask(name, method, path, { expect, body, token }) {
  const response = http.request(method, BASE_URL + path, body === undefined ? null : JSON.stringify(body), {
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    tags: { name },
    responseCallback: http.expectedStatuses(expect),
  });
  const isWell = check(response, { 'has the status that it must have': ({ status }) => status === expect });
  if (!isWell) fail(`${name}: ${response.status} ${response.body}`);
  return response.body === '' || response.body === null ? undefined : response.json();
}

/** Register, log in, write, read, edit, read again, delete, look again. */
export default function journey() {
  const username = `k6-${__VU}-${__ITER}-${Date.now().toString(36)}`;
  const password = 'a quiet green kettle';
  ask('register', 'POST', '/api/register', {
    expect: 201,
    body: { username, email: `${username}@example.org`, password },
  });
  const { token } = ask('log in', 'POST', '/api/login', { expect: 200, body: { username, password } });
  const title = `Written by ${username}`;
  const body = { title, content: 'Some **words**.', category_name: 'Journeys', tags: ['k6'] };
  const { id } = ask('write', 'POST', '/blog/api/posts', { expect: 201, body, token });
  const path = `/blog/api/posts/${id}`;
  check(ask('read', 'GET', path, { expect: 200 }), { 'reads what it wrote': (post) => post.title === title });
  sleep(1);
  const revised = `${title}, revised`;
  ask('edit', 'PATCH', path, { expect: 200, body: { title: revised }, token });
  check(ask('read', 'GET', path, { expect: 200 }), {
    'reads what it edited': (post) => post.title === revised,
  });
  sleep(1);
  ask('delete', 'DELETE', path, { expect: 204, token });
  ask('read what is gone', 'GET', path, { expect: 404 });
  sleep(1);
}

export { handleSummary };
