import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, sessions, posts, categories, and the outbox that records every change. */
export class InitialSchema1700000000000 implements MigrationInterface {
  readonly name = 'InitialSchema1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ACCOUNTS, ...BLOG, ...PLUMBING, ...OUTBOUND]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'cdn_purges',
      'webhook_deliveries',
      'webhooks',
      'outbox_cursors',
      'rate_limits',
      'cache_epoch',
      'replica',
      'outbox',
      'idempotency_keys',
      'imported_posts',
      'former_addresses',
    ];
    for (const table of [
      ...tables,
      'former_slugs',
      'posts',
      'categories',
      'refresh_tokens',
      'sessions',
      'users',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

const ACCOUNTS = [
  // password_hash and email are empty for authors created by an import. Nobody can log in to such an account.
  `CREATE TABLE users (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL CHECK (username ~ '^[a-z][a-z0-9_-]{2,29}$'),
    email text,
    password_hash text,
    role text NOT NULL CHECK (role IN ('reader', 'author', 'admin')),
    display_name text NOT NULL DEFAULT '',
    bio text NOT NULL DEFAULT '',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE UNIQUE INDEX idx_users_username ON users (username)`,
  `CREATE UNIQUE INDEX idx_users_email ON users (lower(email))`,

  `CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    refreshed_at timestamptz(3) NOT NULL DEFAULT now(),
    revoked_at timestamptz(3)
  )`,
  `CREATE INDEX idx_sessions_user ON sessions (user_id)`,

  // Only hashes are stored. A used token keeps its row, so that a second use is detected.
  `CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    used_at timestamptz(3)
  )`,
  `CREATE INDEX idx_refresh_tokens_session ON refresh_tokens (session_id)`,
];

const BLOG = [
  `CREATE TABLE categories (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL,
    color text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$')
  )`,
  `CREATE UNIQUE INDEX idx_categories_name ON categories (lower(name))`,
  `CREATE UNIQUE INDEX idx_categories_slug ON categories (slug)`,
  `INSERT INTO categories (name, slug, color) VALUES ('General', 'general', '#64748b')`,

  // tags and tag_slugs are parallel: tag_slugs[i] is the slug of tags[i]. search holds the tokens of title, tags and
  // text in any script (see blog/search-tokens.ts). created_at of a post that was ever published is the time of its
  // first publication.
  `CREATE TABLE posts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CHECK (slug !~ '^[0-9]+$'),
    title text NOT NULL,
    content text NOT NULL,
    content_format text NOT NULL DEFAULT 'markdown' CHECK (content_format IN ('markdown', 'html')),
    content_html text NOT NULL,
    excerpt text NOT NULL,
    author_id integer REFERENCES users ON DELETE SET NULL,
    category_id integer NOT NULL REFERENCES categories,
    tags text[] NOT NULL DEFAULT '{}',
    tag_slugs text[] NOT NULL DEFAULT '{}',
    status text NOT NULL CHECK (status IN ('draft', 'published')),
    was_published boolean NOT NULL,
    version integer NOT NULL DEFAULT 1,
    search tsvector NOT NULL DEFAULT '',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE UNIQUE INDEX idx_posts_slug ON posts (slug)`,
  `CREATE INDEX idx_posts_created ON posts (created_at DESC, id DESC) WHERE status = 'published'`,
  `CREATE INDEX idx_posts_drafts ON posts (created_at DESC, id DESC) WHERE status = 'draft'`,
  `CREATE INDEX idx_posts_published_category ON posts (category_id) WHERE status = 'published'`,
  `CREATE INDEX idx_posts_category_created ON posts (category_id, created_at DESC, id DESC)`,
  `CREATE INDEX idx_posts_author_created ON posts (author_id, created_at DESC, id DESC)`,
  `CREATE INDEX idx_posts_tag_slugs ON posts USING gin (tag_slugs)`,
  `CREATE INDEX idx_posts_search ON posts USING gin (search)`,

  // A former slug leads to its post, and so does the address that the post had in the system it was imported from.
  `CREATE TABLE former_slugs (
    slug text PRIMARY KEY,
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE
  )`,
  `CREATE INDEX idx_former_slugs_post ON former_slugs (post_id)`,
  `CREATE TABLE former_addresses (
    path text PRIMARY KEY,
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE
  )`,
  `CREATE INDEX idx_former_addresses_post ON former_addresses (post_id)`,

  // Posts created by an import, by their identity in the source. A post deleted since keeps its row, so that it does
  // not come back. The fingerprint tells whether the source has changed the post since.
  `CREATE TABLE imported_posts (
    source_key text PRIMARY KEY,
    fingerprint text,
    post_id integer REFERENCES posts ON DELETE SET NULL
  )`,
  `CREATE INDEX idx_imported_posts_post ON imported_posts (post_id)`,
];

const PLUMBING = [
  `CREATE TABLE idempotency_keys (
    user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
  )`,

  // xid decides which snapshots see the change, and tags which cached answers it touches. Never read in order of id.
  `CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    writer uuid NOT NULL,
    event text NOT NULL,
    payload jsonb NOT NULL,
    tags text[] NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`,
  // Unlogged, so a crash of PostgreSQL empties it, after which transaction ids may be used again.
  `CREATE UNLOGGED TABLE cache_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    began_at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`,
  // Processes that may use their caches. Each renews its row ten times a second, so every page has room for new
  // versions.
  `CREATE UNLOGGED TABLE replica (
    id uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
  ) WITH (fillfactor = 20)`,
  `CREATE INDEX idx_outbox_xid ON outbox (xid)`,
  `CREATE INDEX idx_outbox_created ON outbox (created_at)`,

  // The layout that rate-limiter-flexible expects. Counters of one minute need not survive a crash.
  `CREATE UNLOGGED TABLE rate_limits (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
  )`,
];

const OUTBOUND = [
  // The position of a work listener: it has taken everything that this snapshot sees. Updated in the same transaction
  // as the rows that the listener writes.
  `CREATE TABLE outbox_cursors (
    listener text PRIMARY KEY,
    snapshot pg_snapshot NOT NULL,
    moved_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  // secret is encrypted: see webhooks/webhook-secrets.ts.
  `CREATE TABLE webhooks (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL,
    events text[] NOT NULL,
    description text NOT NULL DEFAULT '',
    secret text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    disabled_at timestamptz(3),
    disabled_reason text
  )`,

  // One event for one webhook. Deliveries about one subject are sent in order of id. A lease marks a delivery that is
  // being sent.
  `CREATE TABLE webhook_deliveries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id integer NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    event_id text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz(3) NOT NULL DEFAULT now(),
    lease uuid,
    leased_until timestamptz(3),
    first_attempt_at timestamptz(3),
    last_attempt_at timestamptz(3),
    last_status integer,
    last_error text,
    finished_at timestamptz(3),
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX idx_webhook_deliveries_due ON webhook_deliveries (webhook_id, due_at) WHERE state = 'pending'`,
  `CREATE INDEX idx_webhook_deliveries_subject ON webhook_deliveries (webhook_id, subject, id) WHERE state = 'pending'`,
  `CREATE INDEX idx_webhook_deliveries_leased ON webhook_deliveries (webhook_id) WHERE lease IS NOT NULL`,
  `CREATE INDEX idx_webhook_deliveries_log ON webhook_deliveries (webhook_id, id DESC)`,
  `CREATE INDEX idx_webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE state <> 'pending'`,

  // Tags that the CDN must purge. A tag that is touched again while it is being purged gets a new generation.
  `CREATE TABLE cdn_purges (
    tag text PRIMARY KEY,
    generation bigint GENERATED BY DEFAULT AS IDENTITY,
    round integer NOT NULL DEFAULT 1,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz(3) NOT NULL DEFAULT now(),
    leased_until timestamptz(3),
    limited_until timestamptz(3),
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX idx_cdn_purges_limited ON cdn_purges (limited_until) WHERE limited_until IS NOT NULL`,
  `CREATE INDEX idx_cdn_purges_due ON cdn_purges (due_at)`,
];
