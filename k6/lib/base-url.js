/** The server to test: `k6 run -e BASE_URL=https://blog.example.org …`. */
export const BASE_URL = (__ENV.BASE_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, '');
