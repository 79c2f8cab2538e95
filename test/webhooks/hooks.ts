import { api } from '../support/api.js';
import { promote, registerAndLogin, type Account } from '../support/accounts.js';
import { query } from '../support/test-database.js';
import type { Inkwell } from '../support/start-inkwell.js';

export const WEBHOOKS = '/api/webhooks';

export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly events: string[];
  readonly description: string;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly secret: string;
}

export interface Delivery {
  readonly id: number;
  readonly event_id: string;
  readonly type: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly next_attempt_at: string | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly payload: Record<string, unknown>;
}

export async function administrator(inkwell: Inkwell): Promise<Account> {
  const admin = await registerAndLogin(inkwell, 'admin-of-hooks');
  await promote(inkwell, 'admin-of-hooks', 'admin');
  return admin;
}

export async function made(
  inkwell: Pick<Inkwell, 'url'>,
  admin: Account,
  url: string,
  events: string[] = ['post.published', 'post.revised', 'post.removed', 'user.registered', 'user.removed'],
): Promise<Webhook> {
  const { status, body } = await api(inkwell).post<Webhook>(WEBHOOKS, { url, events }, admin.token);
  if (status !== 201) throw new Error(`No webhook: ${JSON.stringify(body)}`);
  return body;
}

export async function deliveriesOf(
  inkwell: Pick<Inkwell, 'url'>,
  admin: Account,
  webhook: Webhook,
  search = '?limit=100',
): Promise<Delivery[]> {
  const path = `${WEBHOOKS}/${webhook.id}/deliveries${search}`;
  return (await api(inkwell).get<Delivery[]>(path, admin.token)).body;
}

/** As if this much time had passed since everything that happened to the deliveries. */
export async function letPass(databaseUrl: string, seconds: number): Promise<void> {
  const columns = [
    'due_at',
    'leased_until',
    'first_attempt_at',
    'last_attempt_at',
    'finished_at',
    'created_at',
  ];
  const earlier = columns.map((column) => `${column} = ${column} - make_interval(secs => $1)`);
  await query(databaseUrl, `UPDATE webhook_deliveries SET ${earlier.join(', ')}`, [seconds]);
}
