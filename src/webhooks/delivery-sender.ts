import { Injectable } from '@nestjs/common';
import { Config } from '../config.js';
import { buildInfo } from '../platform/build-info/build-info.js';
import { HttpCallFailed, HttpService, retryAfterSeconds } from '../platform/http/http.module.js';
import type { LeasedDelivery } from './delivery-queue.queries.js';
import { signatureHeaders } from './signature.js';
import { SecretUnreadable, WebhookSecrets } from './webhook-secrets.js';

const TIMEOUT_MS = 10_000;
/** The content of the receiver's answer is ignored. */
const MAX_ANSWER_BYTES = 256 * 1024;
const NOT_SENT = new Set(['breaker_open', 'overloaded', 'cancelled', 'stopping']);

export type SendResult =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly status?: number | undefined;
      readonly retryAfterSeconds?: number | undefined;
    }
  /** It was ended or not even started, for a reason that is not the receiver's. */
  | { readonly kind: 'not sent' };

/** Makes one delivery attempt. */
@Injectable()
export class DeliverySender {
  constructor(
    private readonly config: Config,
    private readonly http: HttpService,
    private readonly secrets: WebhookSecrets,
  ) {}

  async send(delivery: LeasedDelivery, signal: AbortSignal): Promise<SendResult> {
    try {
      const { status } = await this.http.axiosRef.post(delivery.url, Buffer.from(delivery.body), {
        headers: this.headersOf(delivery),
        publicOnly: !this.config.webhooksAllowPrivate,
        timeout: TIMEOUT_MS,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'arraybuffer',
        attempts: 1,
        signal,
      });
      return { kind: 'delivered', status };
    } catch (error) {
      return failureOf(error);
    }
  }

  /** @throws SecretUnreadable */
  private headersOf({ eventId, body, secret }: LeasedDelivery): Record<string, string> {
    const signed = { id: eventId, timestamp: Math.floor(Date.now() / 1000), body };
    return {
      'content-type': 'application/json',
      'user-agent': `Inkwell/${buildInfo.version}`,
      ...signatureHeaders(signed, this.secrets.decrypt(secret)),
    };
  }
}

function failureOf(error: unknown): SendResult {
  if (error instanceof SecretUnreadable) return { kind: 'failed', error: error.message };
  if (!(error instanceof HttpCallFailed)) throw error;
  if (NOT_SENT.has(error.reason)) return { kind: 'not sent' };
  const { message, answer } = error;
  return {
    kind: 'failed',
    error: message,
    status: answer?.status,
    retryAfterSeconds: retryAfterSeconds(answer?.headers ?? {}),
  };
}
