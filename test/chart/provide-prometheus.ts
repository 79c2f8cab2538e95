import { isOnPath } from '../support/redis-server.js';

const HOW_TO_GET_IT =
  'The tests of alerts and dashboard need Prometheus: put prometheus and promtool on PATH (Debian: apt-get install prometheus)';

/** The command to run. @throws a one-line error if it is not available */
export function providePrometheus(command: 'prometheus' | 'promtool'): string {
  if (!isOnPath(command)) throw new Error(HOW_TO_GET_IT);
  return command;
}
