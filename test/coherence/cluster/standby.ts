import { setTimeout as sleep } from 'node:timers/promises';
import { baseBackup } from './backup.js';
import { Link } from './link.js';
import type { PostgresProcess } from './postgres-process.js';
import type { PostgresServer } from './postgres-server.js';

const REPLICATION = 'replication';
const NAME = 'standby';

/** A server that replays the log of the current one, over a link of its own. */
export class Standby {
  private constructor(
    private readonly primary: PostgresProcess,
    private readonly link: Link,
    private readonly process: PostgresProcess,
  ) {}

  /** Resolves when it has everything committed. @param isSynchronous makes commits wait for it from then on */
  static async of(server: PostgresServer, isSynchronous = false): Promise<Standby> {
    const primary = server.process;
    const link = await Link.to(primary.port, () => REPLICATION);
    const folder = await baseBackup(primary);
    folder.write('standby.signal', '');
    const process = await server.startOn(folder, {
      primary_conninfo: `host=127.0.0.1 port=${link.port} user=inkwell password=${folder.password} application_name=${NAME}`,
      recovery_target_timeline: 'latest',
    });
    const standby = new Standby(primary, link, process);
    await standby.untilCaughtUp();
    if (isSynchronous) await standby.makeSynchronous();
    return standby;
  }

  /** From now on it receives nothing, so what is written meanwhile is lost with the primary. */
  hold(): void {
    this.link.impose(REPLICATION, { stalled: 'both ways' });
  }

  /** Resolves when it accepts writes. */
  async promote(): Promise<PostgresProcess> {
    // It has no standby yet. When it gets one, a command-line option would override ALTER SYSTEM.
    await this.process.query('ALTER SYSTEM RESET synchronous_standby_names');
    await this.process.query('SELECT pg_reload_conf()');
    await this.process.query('SELECT pg_promote(wait => true)');
    await this.link.close();
    return this.process;
  }

  async untilCaughtUp(): Promise<void> {
    const [row] = await this.primary.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
    const sql = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done';
    while ((await this.process.query<{ done: boolean }>(sql, [row!.lsn]))[0]?.done !== true) await sleep(15);
  }

  private async makeSynchronous(): Promise<void> {
    await this.primary.query(`ALTER SYSTEM SET synchronous_standby_names = '${NAME}'`);
    await this.primary.query('SELECT pg_reload_conf()');
    const sql = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`;
    while ((await this.primary.query(sql)).length === 0) await sleep(15);
  }
}
