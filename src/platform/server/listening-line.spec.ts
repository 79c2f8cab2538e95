import { describe, expect, it } from '@jest/globals';
import { listeningLine } from './listening-line.js';

describe('listeningLine', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:3000'],
    ['::1', '[::1]:3000'],
    ['0.0.0.0', '0.0.0.0:3000, which other machines may reach (HOST=127.0.0.1 allows this one only)'],
    ['::', '[::]:3000, which other machines may reach (HOST=127.0.0.1 allows this one only)'],
  ])('says of %s where it is', (host, line) => expect(listeningLine(host, 3000)).toBe(line));
});
