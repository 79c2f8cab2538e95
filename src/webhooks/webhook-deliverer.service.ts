import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WorkLoop, WorkLoops } from '../platform/outbox/work-loops.js';
import { DeliveryQueue, type LeasedDelivery } from './delivery-queue.queries.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliverySettlement } from './delivery-settlement.js';

const INTERVAL_MS = 1_000;
/** Concurrent attempts in this process. */
const MAX_IN_FLIGHT = 32;
/** How long running attempts may continue after the stop signal. Another process repeats those that are ended. */
const STOP_MS = 3_000;

/** Sends deliveries that are due. Any number of processes share the work. */
@Injectable()
export class WebhookDeliverer implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly loop: WorkLoop;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly sender: DeliverySender,
    private readonly settlement: DeliverySettlement,
    loops: WorkLoops,
  ) {
    this.loop = loops.add({ name: 'Webhooks', intervalMs: INTERVAL_MS, work: () => this.sendDue() });
  }

  /** Call this when there is something to send. */
  wake(): void {
    this.loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await Promise.race([Promise.all(this.inFlight), sleep(STOP_MS, undefined, { ref: false })]);
    this.stopping.abort();
    await Promise.all(this.inFlight);
  }

  private async sendDue(): Promise<boolean> {
    const room = MAX_IN_FLIGHT - this.inFlight.size;
    if (room === 0) return false;
    const claimed = await this.queue.claim(room);
    for (const delivery of claimed) {
      const sending = this.deliver(delivery).finally(() => {
        this.inFlight.delete(sending);
        this.wake();
      });
      this.inFlight.add(sending);
    }
    return claimed.length === room;
  }

  private async deliver(delivery: LeasedDelivery): Promise<void> {
    try {
      await this.settlement.settle(delivery, await this.sender.send(delivery, this.stopping.signal));
    } catch (error) {
      this.logger.warn(`Delivery ${delivery.id}: ${(error as Error).message}`);
    }
  }
}
