import { beforeEach, describe, expect, it } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Config } from '../../config.js';
import { Counter } from '../metrics/instruments.js';
import { PipelinedRequests } from './pipelined-requests.js';
import { RequestAdmission } from './request-admission.js';
import { SharedAddresses } from './shared-addresses.js';

const OF_A_CONNECTION = 8;

let admission: RequestAdmission;
let refused: Counter;
beforeEach(() => {
  const counter = (name: string): Counter =>
    new Counter({ name, help: name, labelNames: ['reason'], registers: [] });
  refused = counter('refused');
  const shared = new SharedAddresses(Config.from({ TRUSTED_PROXIES: '10.0.0.0/8' }));
  admission = new RequestAdmission(shared, new PipelinedRequests(counter('cut')), refused);
});

function connectionFrom(address: string): Socket {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  return socket;
}

/** @returns the response, and whether its request was admitted */
function enter(socket: Socket, url = '/blog/'): { response: ServerResponse; isAdmitted: boolean } {
  const request = Object.assign(new IncomingMessage(socket), { url });
  const response = new ServerResponse(request);
  let isAdmitted = false;
  admission.enter(request, response, () => (isAdmitted = true));
  return { response, isAdmitted };
}

/** Opens `count` requests on as few connections as possible. @returns those admitted */
function admittedOf(address: string, count: number): ServerResponse[] {
  const admitted: ServerResponse[] = [];
  for (let n = 0; n < count; n += OF_A_CONNECTION) {
    const socket = connectionFrom(address);
    for (let i = 0; i < OF_A_CONNECTION; i += 1) {
      const { response, isAdmitted } = enter(socket);
      if (isAdmitted) admitted.push(response);
      else expect(response.statusCode).toBe(503);
    }
  }
  return admitted;
}

const refusals = async (): Promise<[unknown, number][]> =>
  (await refused.get()).values.map(({ labels, value }) => [labels['reason'], value]);

describe('RequestAdmission', () => {
  it('gives one client network half of all, two a third each, and a newcomer always some', async () => {
    expect(admittedOf('192.0.2.1', 2_000)).toHaveLength(1_000);
    expect(await refusals()).toEqual([['address', 1_000]]);
    expect(admittedOf('192.0.2.2', 2_000)).toHaveLength(500);
    expect(admittedOf('192.0.2.3', 2_000)).toHaveLength(250);
    expect(enter(connectionFrom('192.0.2.1')).isAdmitted).toBe(false);
  });

  it('counts the addresses of a /64 as one, and every form of an IPv4 address', () => {
    expect(admittedOf('2001:db8::1', 800)).toHaveLength(800);
    expect(admittedOf('2001:db8::2', 800)).toHaveLength(200);
    expect(admittedOf('192.0.2.1', 800)).toHaveLength(500);
    expect(enter(connectionFrom('::ffff:192.0.2.1')).isAdmitted).toBe(false);
  });

  it('answers probes of a network that has its share', () => {
    admittedOf('192.0.2.1', 2_000);
    expect(enter(connectionFrom('192.0.2.1'), '/readyz').isAdmitted).toBe(true);
  });

  it('lets a network have as many again as were answered, or whose connection ended', () => {
    const [first] = admittedOf('192.0.2.1', 2_000);
    first!.emit('close');
    const socket = connectionFrom('192.0.2.1');
    expect(enter(socket).isAdmitted).toBe(true);
    expect(enter(socket).isAdmitted).toBe(false);
    socket.emit('close');
    expect(admission.inFlight).toBe(999);
    expect(enter(connectionFrom('192.0.2.1')).isAdmitted).toBe(true);
  });

  it('has no share for a trusted proxy or for this machine: only the limit of all', async () => {
    expect(admittedOf('10.1.2.3', 1_200)).toHaveLength(1_200);
    expect(admittedOf('127.0.0.1', 1_200)).toHaveLength(800);
    expect(await refusals()).toEqual([['busy', 400]]);
  });

  it('works for nobody whose connection has ended', () => {
    const socket = connectionFrom('192.0.2.1');
    enter(socket);
    socket.destroy();
    socket.emit('close');
    expect(enter(socket).isAdmitted).toBe(false);
    expect(admission.inFlight).toBe(0);
  });
});
