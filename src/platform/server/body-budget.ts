import { ServiceUnavailable } from '../errors/service-unavailable.js';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';

const MIB = 1024 * 1024;
/** Enough for four of the largest bodies. A body takes about seven times its size until its answer is sent. */
const TOTAL_BYTES = 12 * MIB;
const BYTES_OF_A_NETWORK = 6 * MIB;

/** Limits the total size of request bodies in memory. Small bodies are limited by the number of connections instead. */
export class BodyBudget {
  private reserved = 0;
  private readonly byNetwork = new Map<string, number>();

  /**
   * @returns a function that returns the bytes, to be called once; undefined if nothing was reserved
   * @throws ServiceUnavailable if other requests must end first
   */
  reserve(bytes: number, network: string): (() => void) | undefined {
    if (bytes <= DEFAULT_BODY_LIMIT) return undefined;
    const ofNetwork = this.byNetwork.get(network) ?? 0;
    if (this.reserved + bytes > TOTAL_BYTES || ofNetwork + bytes > BYTES_OF_A_NETWORK)
      throw new ServiceUnavailable('Too many large bodies are being read.', 1);
    this.add(bytes, network);
    return () => this.add(-bytes, network);
  }

  private add(bytes: number, network: string): void {
    this.reserved += bytes;
    const ofNetwork = (this.byNetwork.get(network) ?? 0) + bytes;
    if (ofNetwork === 0) this.byNetwork.delete(network);
    else this.byNetwork.set(network, ofNetwork);
  }
}
