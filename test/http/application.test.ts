import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { HttpService } from '../../src/platform/http/http.module.js';
import { type Inkwell, startInkwell } from '../support/start-inkwell.js';
import { closeAll, serve } from './local-servers.js';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

@Controller('asks')
class AskingController {
  constructor(private readonly http: HttpService) {}

  @Post()
  async ask(@Body() { url }: { url: string }): Promise<unknown> {
    return (await firstValueFrom(this.http.get<unknown>(url))).data;
  }
}

@Module({ controllers: [AskingController] })
class AskingModule {}

describe('a request that makes a call', () => {
  let inkwell: Inkwell;
  let port: number;

  beforeAll(async () => {
    inkwell = await startInkwell({}, { modules: [AskingModule] });
    port = await serve((request, response) => response.end(JSON.stringify(request.headers)));
  });
  afterAll(async () => {
    await inkwell.close();
    await closeAll();
  });

  async function headersSent(headers: Record<string, string>): Promise<Record<string, string>> {
    const answer = await fetch(`${inkwell.url}/asks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ url: `http://localhost:${port}/` }),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Record<string, string>;
  }

  it('passes on its request id and its trace', async () => {
    const sent = await headersSent({ 'x-request-id': 'the-request', traceparent: TRACE });
    expect(sent).toMatchObject({
      'x-request-id': 'the-request',
      traceparent: TRACE,
      'user-agent': 'Inkwell',
    });
  });

  it('passes on an id of its own where none came, and no trace that is none', async () => {
    const sent = await headersSent({ traceparent: 'nonsense' });
    expect(sent['x-request-id']).toMatch(/^[\w.-]+$/);
    expect(sent).not.toHaveProperty('traceparent');
  });

  it('does not mix up requests at one moment', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);
    const sent = await Promise.all(ids.map((id) => headersSent({ 'x-request-id': id })));
    expect(sent.map((headers) => headers['x-request-id'])).toEqual(ids);
  });

  it('is counted', async () => {
    const metrics = await (await fetch(`${inkwell.url}/metrics`)).text();
    const value = (line: string): number =>
      Number(
        metrics
          .split('\n')
          .find((other) => other.startsWith(`${line} `))
          ?.slice(line.length),
      );
    expect(value(`http_client_requests_total{host="localhost:${port}"}`)).toBe(52);
    expect(value('http_client_connections_created_total')).toBeLessThanOrEqual(30);
    expect(value('http_client_sockets{state="active"}')).toBe(0);
    expect(value('http_client_sockets{state="idle"}')).toBeGreaterThan(0);
  });

  it('passes on a trace of a later version as it came, and none of the forbidden version', async () => {
    const later = TRACE.replace('00-', 'cc-') + '-what-a-later-version-adds';
    expect(await headersSent({ traceparent: later })).toMatchObject({ traceparent: later });
    expect(await headersSent({ traceparent: TRACE.replace('00-', 'ff-') })).not.toHaveProperty('traceparent');
  });
});
