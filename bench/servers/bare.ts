import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { KeptAnswer } from './answer.js';

/**
 * The yardstick: the least a Node server can do to write these bytes with these headers. It does not examine the
 * request. Argument: a file with the answer.
 */
const { status, headers, body } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as KeptAnswer;
const list = headers.flat();
const bytes = Buffer.from(body, 'base64');

// The same Keep-Alive header as Inkwell's.
createServer({ keepAliveTimeout: 72_000 }, (_request, response) => {
  response.writeHead(status, list);
  response.end(bytes);
}).listen(Number(process.env['PORT']), '127.0.0.1');
