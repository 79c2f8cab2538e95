import { Injectable } from '@nestjs/common';
import { DeliveryQueue, type LeasedDelivery } from './delivery-queue.queries.js';
import { GIVE_UP_AFTER_SECONDS, nextDelaySeconds } from './delivery-schedule.js';
import type { SendResult } from './delivery-sender.js';
import { WebhookMetrics } from './webhook-metrics.js';

const GONE = 410;
/** As long as the circuit breaker of a failing host stays open. */
const NOT_SENT_DELAY_SECONDS = 5;

/** Decides what happens to a delivery after an attempt. */
@Injectable()
export class DeliverySettlement {
  constructor(
    private readonly queue: DeliveryQueue,
    private readonly metrics: WebhookMetrics,
  ) {}

  /** @throws if PostgreSQL cannot be reached; the lease then ends, and the delivery is sent again */
  async settle(delivery: LeasedDelivery, result: SendResult): Promise<void> {
    if (result.kind === 'not sent') await this.giveBack(delivery);
    else if (result.kind === 'delivered') await this.end(delivery, 'delivered', { status: result.status });
    else if (result.status === GONE) await this.disable(delivery, result);
    else await this.fail(delivery, result);
  }

  private async giveBack(delivery: LeasedDelivery): Promise<void> {
    if (delivery.ageSeconds >= GIVE_UP_AFTER_SECONDS)
      await this.end(delivery, 'dead', { error: 'The receiver could not be reached for a day' });
    else await this.queue.giveBack(delivery, NOT_SENT_DELAY_SECONDS * (0.5 + Math.random()));
  }

  private async fail(
    delivery: LeasedDelivery,
    failure: Extract<SendResult, { kind: 'failed' }>,
  ): Promise<void> {
    const delay = nextDelaySeconds({ ...delivery, retryAfterSeconds: failure.retryAfterSeconds });
    if (delay === null) return this.end(delivery, 'dead', failure);
    await this.queue.retry(delivery, delay, failure);
    this.metrics.count('failed');
  }

  private async disable(
    delivery: LeasedDelivery,
    failure: Extract<SendResult, { kind: 'failed' }>,
  ): Promise<void> {
    await this.queue.finish(delivery, 'dead', failure);
    await this.queue.disable(delivery.webhookId, 'The receiver answered 410 Gone');
    this.metrics.count('gone');
  }

  private async end(
    delivery: LeasedDelivery,
    state: 'delivered' | 'dead',
    outcome: { status?: number | undefined; error?: string },
  ): Promise<void> {
    await this.queue.finish(delivery, state, outcome);
    this.metrics.count(state);
  }
}
