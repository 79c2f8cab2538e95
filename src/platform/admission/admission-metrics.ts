import { makeCounterProvider } from '../metrics/instruments.js';

export const REFUSED_REQUESTS = 'http_requests_refused_total';
export const CUT_CONNECTIONS = 'http_connections_cut_total';

export const serverInstruments = [
  makeCounterProvider({
    name: REFUSED_REQUESTS,
    help: 'Requests answered with 503 before the router, by reason: busy (too many in flight), address (too many from one address).',
    labelNames: ['reason'],
  }),
  makeCounterProvider({
    name: CUT_CONNECTIONS,
    help: 'Connections closed by the server, by reason: address or total (too many), unread (the client does not read), pipelined (too many requests at once).',
    labelNames: ['reason'],
  }),
];
