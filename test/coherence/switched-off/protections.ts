import type { Protection } from './protection.js';

const COHERENCE = 'platform/coherence';

/** What the protocol is made of, each with the smallest change that takes it away. */
export const PROTECTIONS = {
  'acknowledgement wait': {
    file: `${COHERENCE}/write-announcer.js`,
    text: 'const isLate = await this.acknowledgements.answerable(xid);',
    replacement: 'const isLate = false;',
  },
  'lease check': {
    file: `${COHERENCE}/coherence.js`,
    text: 'return this.lease.isHeld && this.history !== undefined;',
    replacement: 'return this.history !== undefined;',
  },
  'snapshot check': {
    file: `${COHERENCE}/coherence.js`,
    text: 'if (!this.history.journal.isCurrent(snapshot, tags)) return false;',
    replacement: '',
  },
  'detaching of loads': {
    file: 'platform/cache/single-flight.js',
    text: 'if (flight.tags?.some((tag)=>tags.has(tag)) === false) continue;',
    replacement: 'continue;',
  },
  'lease to join': {
    file: 'platform/cache/tiered-cache.js',
    text: 'return this.tiers.coherence.isUsable ? this.flights.run(key, undefined, fill) : this.turns.run(key, fill);',
    replacement: 'return this.flights.run(key, undefined, fill);',
  },
  'queued read': {
    file: 'platform/cache/turns.js',
    text: 'queue.queued = queue.running.then(',
    replacement:
      'return { value: await queue.running, isShared: true };\n        queue.queued = queue.running.then(',
  },
  'reload on reconnect': {
    file: `${COHERENCE}/outbox-follower.js`,
    text: 'await this.renew(isNewHistory ? FIRST.queryMs : queryMs);',
    replacement: `
        const sent = this.coherence.sendingRenewal();
        const renewed = await this.connection.renew(this.coherence.seen, FIRST.queryMs);
        if (isNewHistory) await this.receiver.receive(renewed.changes);
        this.coherence.renewed(sent, renewed.snapshot, renewed.replicas);`,
  },
  'set of transactions': {
    file: `${COHERENCE}/tag-journal.js`,
    text: 'else known.add(xid);',
    replacement: 'else if (xid < Math.max(...known)) continue; else { known.clear(); known.add(xid); }',
  },
  'difference of snapshots': {
    file: `${COHERENCE}/outbox-connection.js`,
    text: " OR o.xid = ANY ('{${xip.join(',')}}'::xid8[])",
    replacement: '',
  },
  'registering before polling': {
    file: `${COHERENCE}/outbox-connection.js`,
    text: `await this.send([
            renewal(this.member),
            unseenBy(seen)
        ], timeoutMs);`,
    replacement: `await this.send([unseenBy(seen)], timeoutMs);
        await this.send([renewal(this.member)], timeoutMs);`,
  },
  /** Not a protection: what NOTIFY makes fast must hold without it. */
  notifications: {
    file: `${COHERENCE}/outbox-connection.js`,
    text: 'LISTEN outbox; ',
    replacement: '',
  },
  'age of the history': {
    file: `${COHERENCE}/commit-wait.js`,
    text: 'if (historyAgeMs < this.fullLeaseMs) return;',
    replacement: '',
  },
  epoch: {
    file: `${COHERENCE}/outbox-connection.js`,
    text: "concat_ws(' ', epoch, ",
    replacement: "concat_ws(' ', ",
  },
} as const satisfies Readonly<Record<string, Protection>>;

export type ProtectionName = keyof typeof PROTECTIONS;
