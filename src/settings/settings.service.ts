import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { Config } from '../config.js';
import type { Principal } from '../platform/access/principal.js';
import { type CachedValue, ObjectCache } from '../platform/cache/object-cache.js';
import { IdempotentRequests, keyed } from '../platform/idempotency/idempotent-requests.js';
import { changeRepeated } from '../platform/outbox/define-event.js';
import type { Transaction } from '../platform/outbox/transaction-runner.js';
import {
  Answer,
  type AnswerParts,
  entityTag,
  matchesCurrent,
  type Outcome,
} from '../platform/responses/answer.js';
import { type FixedSettings, fixedSettingsOf, type SettingName, variableOf } from './fixed-settings.js';
import { SiteChanged } from './settings.events.js';
import { DEFAULTS, FIELD_NAMES, type FieldName, LANGUAGES, type SiteValues } from './settings.fields.js';
import { SettingFixed, SiteVersionMismatch } from './settings.problems.js';
import type { SiteChanges } from './settings.schemas.js';
import { SiteQueries, type SiteReading, type StoredSite, storedSiteSchema } from './site.queries.js';

export { variableOf } from './fixed-settings.js';
export type { SettingName } from './fixed-settings.js';
export { fields as settingsFields } from './settings.fields.js';
export type { Language } from './settings.fields.js';

/** Events evict the settings. The TTL only limits how long a change made outside of the outbox goes unnoticed. */
const TTL_SECONDS = 3_600;

/** The settings in force: those in the database, except where the environment fixes them. */
export interface SiteSettings extends SiteValues {
  readonly version: number;
  readonly registration: 'open' | 'closed';
  /** Names of files under `/blog/assets/`. */
  readonly icon: string | null;
  readonly logo: string | null;
}

/** The settings that the Studio can change: the public ones, and those that only the server needs. */
export interface SettingsChange extends SiteChanges {
  readonly registration?: 'open' | 'closed' | undefined;
  readonly icon?: string | null | undefined;
  readonly logo?: string | null | undefined;
}

/** The caller, and the version that the caller has read. */
export interface SettingsRequest {
  readonly principal: Principal;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The settings of the blog. */
@Injectable()
export class SettingsService {
  private readonly fixedValues: FixedSettings;
  private last: SiteSettings;
  private readonly inForce = new WeakMap<StoredSite, SiteSettings>();

  constructor(
    private readonly config: Config,
    private readonly queries: SiteQueries,
    private readonly cache: ObjectCache,
    private readonly requests: IdempotentRequests,
  ) {
    this.fixedValues = fixedSettingsOf(config);
    this.last = this.effective({ ...DEFAULTS, version: 0, registration: null, icon: null, logo: null });
  }

  /** The names of the settings that the environment fixes. */
  get fixed(): ReadonlySet<SettingName> {
    return new Set(Object.keys(this.fixedValues) as SettingName[]);
  }

  /** The settings in force. An answer that shows them must have their provenance among its inputs. */
  async find(): Promise<CachedValue<SiteSettings>> {
    const { value, provenance } = await this.cache.find<StoredSite>({
      cache: 'site',
      key: 'settings',
      ttlSeconds: TTL_SECONDS,
      schema: storedSiteSchema,
      lookUp: async () => {
        const { site, snapshot } = await this.queries.read();
        return { value: site, tags: ['site'], snapshot };
      },
    });
    this.last = this.effective(value);
    return { value: this.last, provenance };
  }

  /** @throws if PostgreSQL cannot be reached */
  async current(): Promise<SiteSettings> {
    return (await this.find()).value;
  }

  /** The settings that this process read last, for pages about failures. Nothing may be stored that shows them. */
  get lastKnown(): SiteSettings {
    return this.last;
  }

  /** The public settings, for an answer that may be cached. */
  async read(): Promise<AnswerParts> {
    return this.answerOf(await this.queries.read());
  }

  /**
   * @throws SettingFixed 409, SiteVersionMismatch 412, what IdempotentRequests throws
   */
  async change(changes: SettingsChange, request: SettingsRequest): Promise<Outcome<Answer>> {
    const { principal, ifMatch, idempotencyKey } = request;
    const identity = keyed<Answer>(idempotencyKey, { holder: principal, content: ['PATCH site', changes] });
    return this.requests.once(identity, async (tx) => {
      const reading = await this.changeIn(tx, changes, ifMatch);
      return new Answer({ ...this.answerOf(reading), tags: [], isPrivate: true });
    });
  }

  /**
   * Like `change`, in a transaction of the caller.
   * @throws SettingFixed 409, SiteVersionMismatch 412
   */
  async changeIn(tx: Transaction, changes: SettingsChange, ifMatch?: string): Promise<SiteReading> {
    const { site: before, snapshot } = await this.queries.lock(tx);
    const etag = this.etagOf(this.effective(before));
    if (ifMatch !== undefined && !matchesCurrent(ifMatch, etag)) throw new SiteVersionMismatch(etag);
    const wanted = valuesOf(changes);
    this.assertFree(wanted);
    const site: StoredSite = { ...before, ...this.withoutFixed(wanted), version: before.version + 1 };
    const changed = namesOf(wanted).filter((name) => !isDeepStrictEqual(before[name], site[name]));
    if (changed.length === 0) {
      tx.record(changeRepeated(['site']));
      return { site: before, snapshot };
    }
    await this.queries.write(tx, site);
    tx.record(SiteChanged({ version: site.version, changed }));
    return { site, snapshot };
  }

  /** The ETag of the public settings. */
  etagOf(settings: SiteSettings): string {
    return entityTag(bodyOf(settings), settings.version);
  }

  private answerOf({ site, snapshot }: SiteReading): AnswerParts {
    const settings = this.effective(site);
    return { body: bodyOf(settings), version: settings.version, tags: ['site'], snapshot };
  }

  /** A client may send back what it has read. @throws SettingFixed for another value */
  private assertFree(wanted: WantedValues): void {
    const fixed: Partial<Record<string, unknown>> = this.fixedValues;
    const names = namesOf(wanted).filter(
      (name) => name in fixed && !isDeepStrictEqual(fixed[name], wanted[name]),
    ) as SettingName[];
    if (names.length > 0) throw new SettingFixed(names, names.map(variableOf));
  }

  /** The database keeps what administrators chose, for the time when the environment no longer fixes it. */
  private withoutFixed(wanted: WantedValues): WantedValues {
    return Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in this.fixedValues)));
  }

  private effective(stored: StoredSite): SiteSettings {
    const known = this.inForce.get(stored);
    if (known !== undefined) return known;
    const byDefault = this.config.isProduction ? 'closed' : 'open';
    const settings = { ...stored, registration: stored.registration ?? byDefault, ...this.fixedValues };
    // A later release may know more languages.
    const language = LANGUAGES.find((name) => name === settings.language) ?? DEFAULTS.language;
    const inForce = { ...settings, language };
    this.inForce.set(stored, inForce);
    return inForce;
  }
}

type WantedValues = Partial<Omit<StoredSite, 'version'>>;

const namesOf = (wanted: WantedValues) => Object.keys(wanted) as (keyof WantedValues)[];

const isField = (name: string): name is FieldName => (FIELD_NAMES as readonly string[]).includes(name);

/** The given members. Null restores the default. */
const valuesOf = (changes: SettingsChange): WantedValues =>
  Object.fromEntries(
    Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]: [string, unknown]) => [
        name,
        value === null && isField(name) ? DEFAULTS[name] : value,
      ]),
  );

const bodyOf = (settings: SiteSettings): string =>
  JSON.stringify(Object.fromEntries(FIELD_NAMES.map((name) => [name, settings[name]])));
