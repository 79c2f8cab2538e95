import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkLoop } from '../platform/work/work-loop.js';
import { WorkLoops } from '../platform/work/work-loops.js';
import { DeliveryQueue, type LeasedDelivery } from './delivery-queue.queries.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliverySettlement } from './delivery-settlement.js';

const INTERVAL_MS = 1_000;
/** At once in this process. */
const MAX_IN_FLIGHT = 32;
/** What is in flight at the stop has so long; what is cut is sent again by another process. */
const STOP_MS = 3_000;

/** Sends what is due. Any number of processes share the work. */
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

  /** There is something to send. */
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
