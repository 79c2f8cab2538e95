import type { Target } from './target.js';

/** The result of an attack. */
interface AttackNotes {
  /** For the report: the requests and their answers. */
  readonly summary: string;
  /** Anything that must not happen, besides slow hits and the server's memory, which are judged separately. */
  readonly failures?: readonly string[];
}

/** One way to bring the server down. `attacks/NAME.ts` exports one as `attack`. */
export interface Attack {
  /** The name on the command line. */
  readonly name: string;
  /** The time limit of `run`. */
  readonly seconds: number;
  /** The time limit of a hit during the attack, if it is stricter than usual. */
  readonly worstHitMs?: number;
  /** Must end soon after `target.signal` is aborted, which happens after `seconds`. */
  readonly run: (target: Target) => Promise<AttackNotes>;
}
