import { beforeEach, describe, expect, it } from '@jest/globals';
import { Coherence, type Provenance } from './coherence.js';
import { parseSnapshot } from './snapshot.js';

const read = (tags: string[], snapshot: string, more: Partial<Provenance> = {}): Provenance => ({
  tags,
  snapshot: parseSnapshot(snapshot),
  epoch: 'e1',
  ...more,
});

describe('isCurrent, of an answer made of several reads', () => {
  let coherence: Coherence;

  beforeEach(() => {
    coherence = new Coherence(400);
    coherence.begin('e1');
    coherence.follow(0);
    coherence.renewed(coherence.sendingRenewal(), parseSnapshot('10:10:'), 1);
    coherence.record(15, ['author:1']);
  });

  it('holds when all of them are current', () => {
    const inputs = [read(['author:1'], '16:16:'), read(['author:2'], '12:12:')];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(true);
  });

  it('does not hold when an older input has changed since, however new the rest is', () => {
    const inputs = [read(['author:2'], '20:20:'), read(['author:1'], '15:15:')];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
  });

  it('does not hold when an input comes from another history, or from none', () => {
    for (const epoch of ['e0', '']) {
      const inputs = [read(['author:2'], '20:20:', { epoch })];
      expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
    }
  });

  it('does not hold when an input of an input has changed', () => {
    const inner = read(['author:1'], '15:15:');
    const inputs = [read(['author:2'], '20:20:', { inputs: [inner] })];
    expect(coherence.isCurrent(read(['posts'], '20:20:', { inputs }))).toBe(false);
  });
});

describe('isCurrent, when a change was announced before the outbox had answered', () => {
  it('does not hold for what was read before the change', () => {
    const coherence = new Coherence(400);
    coherence.begin('e1');
    coherence.record(12, ['post:1']);
    coherence.follow(0);
    // The outbox was read before the change, so this read does not contain it.
    coherence.renewed(coherence.sendingRenewal(), parseSnapshot('12:12:'), 1);
    expect(coherence.isCurrent(read(['post:1'], '12:12:'))).toBe(false);
    expect(coherence.isCurrent(read(['post:1'], '13:13:'))).toBe(true);
  });

  it('does not hold for anything before the outbox has answered', () => {
    const coherence = new Coherence(400);
    coherence.begin('e1');
    coherence.renewed(coherence.sendingRenewal(), parseSnapshot('12:12:'), 1);
    expect(coherence.isUsable).toBe(false);
    expect(coherence.isCurrent(read(['post:1'], '13:13:'))).toBe(false);
  });
});
