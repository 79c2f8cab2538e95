import { BUS } from '../cluster/cluster.js';
import type { DatabaseClock } from '../cluster/database-clock.js';
import type { Stand } from './stand.js';

const ROUNDS = 10;

/** Long enough for a write and a read while a replica that hears nothing still holds it, even on a busy machine. */
export const STEPPED_LEASE_MS = 2_000;

/** PostgreSQL's clock is set forward while a replica hears nothing. By any other clock, its lease has not run out. */
export const clockIsSetForward =
  (clock: () => DatabaseClock) =>
  async (stand: Stand): Promise<string[]> => {
    const [first, , third] = stand.nodes;
    const complaints: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const post = await stand.newPost();
      await stand.warm(post);
      const heal = third.database.impose(BUS, { stalled: 'both ways' });
      clock().step(STEPPED_LEASE_MS + 1_000);
      await stand.write(first, post);
      complaints.push(...(await stand.complaints(post, [third])));
      heal();
      await stand.untilServing();
    }
    return complaints;
  };
