import { Injectable } from '@nestjs/common';
import type { ClientBase } from 'pg';
import { HistoryGate } from '../coherence/history-gate.js';
import { readHistory } from './database-history.js';
import { endAtOnce } from './end-at-once.js';
import type { ConnectionChecks } from './pool.js';

const PROOF_TIMEOUT_MS = 1_500;

/** Knows which history of the database each pooled connection leads to. */
@Injectable()
export class ConnectionHistories implements ConnectionChecks {
  private readonly epochs = new WeakMap<ClientBase, string>();

  constructor(private readonly gate: HistoryGate) {}

  /**
   * Proves the history of a new connection before anything is read, and ends the connection if it must not be used.
   * @throws HistoryRefused; what the client throws, also after the timeout
   */
  async prove(client: ClientBase): Promise<void> {
    try {
      const history = await readHistory(client, PROOF_TIMEOUT_MS);
      this.gate.enter(history);
      this.epochs.set(client, history.epoch);
    } catch (error) {
      endAtOnce(client);
      throw error;
    }
  }

  /** Empty for a connection that has not proved a history. */
  epochOf(client: ClientBase): string {
    return this.epochs.get(client) ?? '';
  }

  /** Does the connection lead to the history that this process reads? */
  isCurrent(client: ClientBase): boolean {
    return this.epochOf(client) === this.gate.coherence.epoch;
  }
}
