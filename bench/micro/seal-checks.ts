import { randomBytes } from 'node:crypto';
import { EntrySeal } from '../../src/platform/cache/entry-seal.js';
import { cpuMicrosecondsOf } from './cpu-of.js';

const PLACE = 'AAAAAAAAAAAAAAAA:6f9619ff-8b86-d011-b42d-00cf4fc964ff:PostsController.list?&[["limit",20]]';
const SIZES = [600, 6 * 1024, 60 * 1024];

/** CPU that verifying an entry adds to a hit in Redis. */
export function sealChecks(): string[] {
  const seal = new EntrySeal(['a secret of at least thirty-two bytes'], 'answers', 'AAAAAAAAAAAAAAAA');
  return SIZES.map((bytes) => {
    const sealed = seal.seal(PLACE, randomBytes(bytes));
    const us = cpuMicrosecondsOf(() => seal.open(PLACE, sealed));
    return `verifying an entry of ${bytes} bytes: ${us.toFixed(2)} µs`;
  });
}
