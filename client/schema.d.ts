/* eslint-disable -- Generated from docs/openapi.json by `npm run generate`. */
export interface paths {
    "/api/cache/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Purges cached answers in every process, after data was changed outside of the application */
        post: operations["purgeCache"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cache/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows what the answering process and Redis hold for a path, and why its next GET would hit or miss */
        get: operations["explainCache"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens a session
         * @description Opens a session: an access token for ten minutes, and a refresh token for the next one.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchanges a refresh token
         * @description Exchanges a refresh token. Each is valid once; used again within ten seconds, it returns the same successor.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The owner of this access token, and when it expires */
        get: operations["verifyToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sessions of the caller */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one session of the caller */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session of this request */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends all sessions of the caller */
        post: operations["logoutEverywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates an account
         * @description Creates an account. Idempotency keys belong to the client's address.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public profiles of several users
         * @description Public profiles of several users. Unknown ids are left out.
         */
        get: operations["listUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's own account */
        get: operations["getOwnAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A public profile */
        get: operations["getUser"];
        /** Changes the given members and leaves the others, like PATCH */
        put: operations["replaceUser"];
        post?: never;
        /**
         * Deletes an account with its personal data and drafts
         * @description Deletes an account with its personal data and drafts. Published posts stay, by `[deleted]`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Changes the given members and leaves the others
         * @description Changes the given members and leaves the others. A new password ends all other sessions.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All webhooks, without their secrets */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Creates a webhook, which receives events from now on
         * @description Creates a webhook, which receives events from now on. The signing secret is shown only in this answer.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One webhook, without its secret */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Deletes a webhook and its deliveries
         * @description Deletes a webhook and its deliveries. Pending deliveries are not sent.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Changes the given members and leaves the others
         * @description Changes the given members and leaves the others. Can enable a webhook that was disabled.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Past and pending deliveries of a webhook, newest first */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Deliveries that were given up, newest first
         * @description Deliveries that were given up, newest first: the same as `deliveries?state=dead`.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a finished delivery again, with the same event id
         * @description Sends a finished delivery again, with the same event id. Attempts are counted from the start.
         */
        post: operations["replayWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blog/api/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Published posts, newest first
         * @description Published posts, newest first. With a login, your own posts and drafts, and their number in `Total-Count`. The `Link`
         *     header leads to the next page. A former slug of a category redirects.
         */
        get: operations["listPosts"];
        put?: never;
        /**
         * Creates a post or a draft
         * @description Creates a post or a draft. A request repeated with the same `Idempotency-Key` gets the same answer and creates
         *     nothing.
         */
        post: operations["createPost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blog/api/posts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A post by its id or slug
         * @description A post by its id or slug. A former slug redirects. Only their authors find drafts.
         */
        get: operations["getPost"];
        /**
         * Replaces what the author wrote
         * @description Replaces what the author wrote. With `If-Match`, it does not overwrite a change that the client has not seen.
         */
        put: operations["replacePost"];
        post?: never;
        /**
         * Deletes a post, and its category if it was the last post in it
         * @description Deletes a post, and its category if it was the last post in it. For 30 days it can be restored; meanwhile its slug is
         *     free for other posts.
         */
        delete: operations["deletePost"];
        options?: never;
        head?: never;
        /**
         * Changes the given members and leaves the others
         * @description Changes the given members and leaves the others. Setting `status` publishes a draft.
         */
        patch: operations["updatePost"];
        trace?: never;
    };
    "/blog/api/posts/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings a deleted post back, with its id, slug and dates, published if it was
         * @description Brings a deleted post back, with its id, slug and dates, published if it was. 409 if another post has its slug now:
         *     then give another one.
         */
        post: operations["restorePost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blog/api/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All categories with published posts, and General, by name */
        get: operations["listCategories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blog/api/categories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Renames or recolours a category
         * @description Renames or recolours a category. Every post and list shows the change at once.
         */
        patch: operations["updateCategory"];
        trace?: never;
    };
    "/blog/api/categories/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Moves all posts of the category into another one and deletes it
         * @description Moves all posts of the category into another one and deletes it. Its addresses redirect. Not for General.
         */
        post: operations["mergeCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/blog/api/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tags of published posts with the number of their posts, by slug
         * @description Tags of published posts with the number of their posts, by slug. A tag that is spelt in several ways is shown as the
         *     newest of its posts spells it. The `Link` header leads to the next page.
         */
        get: operations["listTags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/site": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings of the blog */
        get: operations["getSite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes the given settings and leaves the others
         * @description Changes the given settings and leaves the others. Those that the environment fixes cannot be changed.
         */
        patch: operations["updateSite"];
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The process is alive
         * @description The process is alive. This does not depend on other servers: restarting a process does not bring its database back.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as `/livez` */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startupz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The process has started
         * @description The process has started. Its port opens when everything else is done.
         */
        get: operations["getStartup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is ready for requests */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is running, and how much there is */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics in Prometheus' text format
         * @description Metrics in Prometheus' text format. With METRICS_PORT, that port serves them instead.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Exactly one of tag, path and all.
         * @example {
         *       "tag": "post:5"
         *     }
         */
        Purge: {
            /**
             * @description Every answer that shows the thing named by the tag carries it.
             * @example post:5
             */
            tag?: string;
            /**
             * @description The path of an answer, with any query.
             * @example /blog/api/posts
             */
            path?: string;
            /**
             * @description Everything.
             * @enum {boolean}
             */
            all?: true;
        };
        Purged: {
            /**
             * Format: int64
             * @description Entries that the answering process evicted.
             * @example 12
             */
            evicted: number;
        };
        CacheExplanation: {
            /** @example /blog/api/posts/on-tea */
            path: string;
            /**
             * @description Template of the route.
             * @example /blog/api/posts/:id
             */
            route: string;
            /** @example PostsController.get */
            handler: string;
            /** @example post */
            cache: string;
            /**
             * @description Null if such an answer is not cached.
             * @example PostsController.get?id=on-tea&
             */
            key: string | null;
            ttl: {
                /** @example 60 */
                seconds: number;
                /** @example 60 */
                declared_seconds: number;
                /** @description By the environment. */
                is_overridden: boolean;
            };
            /**
             * @description How the next GET without credentials would be answered.
             * @enum {string}
             */
            next: "hit" | "stale" | "miss" | "uncached";
            /**
             * @description The reason, in a sentence.
             * @example It would hit in memory, for 41.5 s more.
             */
            reason: string;
            memory: components["schemas"]["HeldEntry"] | null;
            redis: components["schemas"]["HeldEntry"] | null;
            /** @enum {string} */
            redis_state: "none" | "answers" | "away";
            /** @description The newest changes in the outbox that touch this answer, newest first. */
            changes: components["schemas"]["CacheChange"][];
        };
        HeldEntry: {
            /**
             * @description stale: past its TTL. outdated: a change came after it was read, so it would be discarded.
             * @enum {string}
             */
            state: "fresh" | "stale" | "outdated";
            /**
             * Format: int32
             * @description HTTP status of the answer; 404 for something that does not exist.
             * @example 200
             */
            status: number;
            /** @example 60 */
            age_seconds: number;
            /**
             * @description The TTL of this entry, with its jitter.
             * @example 60
             */
            ttl_seconds: number;
            /**
             * Format: int64
             * @description The memory that the entry takes, or would take.
             * @example 12
             */
            bytes: number;
            tags: string[];
            /** @description What the read saw: transactions below xmax, except those in xip. */
            snapshot: {
                /**
                 * Format: int64
                 * @description Transaction id of PostgreSQL.
                 * @example 1042
                 */
                xmax: number;
                xip: number[];
            };
            /**
             * @description The history of transaction ids that the snapshot belongs to.
             * @example 7512345678901234567
             */
            epoch: string;
            representations: {
                /** @enum {string} */
                encoding: "identity" | "br" | "gzip";
                /**
                 * Format: int64
                 * @example 12
                 */
                bytes: number;
                /** @example "2-A7OTnNCeAebXwdw7" */
                etag: string;
            }[];
        };
        CacheChange: {
            /**
             * Format: int64
             * @description Transaction id of PostgreSQL.
             * @example 1042
             */
            xid: number;
            /** @example post.revised */
            event: string;
            /** Format: date-time */
            at: string;
            /** @description Those of its tags that touch this answer. */
            tags: string[];
            seen_by_memory: boolean | null;
            seen_by_redis: boolean | null;
        };
        Login: {
            /** @example ada */
            username: string;
            /**
             * Format: password
             * @example a quiet green kettle
             */
            password: string;
        };
        Tokens: {
            /** @enum {string} */
            status: "success";
            /**
             * @description Access token, for `Authorization: Bearer`.
             * @example eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl
             */
            token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /**
             * Format: int32
             * @description How many seconds the access token is valid.
             * @example 600
             */
            expires_in: number;
            /**
             * @description Valid for one refresh.
             * @example c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN
             */
            refresh_token: string;
        };
        Refresh: {
            /** @example c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN */
            refresh_token: string;
        };
        Verification: {
            /** @enum {string} */
            status: "success";
            data: {
                /**
                 * Format: int32
                 * @example 7
                 */
                user_id: number;
                /** @example ada */
                username: string;
                /**
                 * Format: int64
                 * @description When the access token expires, in seconds since the epoch.
                 * @example 1769853000
                 */
                exp: number;
            };
        };
        Session: {
            /** Format: uuid */
            id: string;
            /**
             * @description The user agent of the client at the login.
             * @example curl/8.14.1
             */
            user_agent: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            refreshed_at: string;
            /**
             * Format: date-time
             * @description When the session ends unless it is refreshed before.
             * @example 2026-01-31T09:30:00.000Z
             */
            expires_at: string;
            /** @description Whether the session is that of this request. */
            current: boolean;
        };
        Registration: {
            /**
             * @description Never changes. Some names are reserved.
             * @example ada
             */
            username: string;
            /**
             * Format: email
             * @description Visible to the user and to administrators only.
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: password
             * @description 8–128 characters after NFKC, not easy to guess, and neither your name nor your e-mail address.
             * @example a quiet green kettle
             */
            password: string;
        };
        RegisteredUser: {
            /**
             * Format: int32
             * @description Id of the user.
             * @example 7
             */
            id: number;
            /** @example ada */
            username: string;
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
        };
        /** @description What everyone may see of a user. */
        Profile: {
            /**
             * Format: int32
             * @description Id of the user.
             * @example 7
             */
            id: number;
            /** @example ada */
            username: string;
            /** @example Ada L. */
            display_name: string;
            /** @example Writes about tea. */
            bio: string;
            /** @enum {string} */
            role: "reader" | "author" | "admin";
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
        };
        /** @description What the user and administrators may see. */
        Account: {
            /**
             * Format: int32
             * @description Id of the user.
             * @example 7
             */
            id: number;
            /** @example ada */
            username: string;
            /** @example Ada L. */
            display_name: string;
            /** @example Writes about tea. */
            bio: string;
            /** @enum {string} */
            role: "reader" | "author" | "admin";
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            updated_at: string;
        };
        /** @description Omitted members stay unchanged. */
        UserChanges: {
            /**
             * Format: email
             * @description Visible to the user and to administrators only.
             * @example ada@example.org
             */
            email?: string;
            /** @example Ada L. */
            display_name?: string;
            /** @example Writes about tea. */
            bio?: string;
            /**
             * Format: password
             * @description 8–128 characters after NFKC, not easy to guess, and neither your name nor your e-mail address.
             * @example a quiet green kettle
             */
            password?: string;
            /**
             * Format: password
             * @description Required to change your own password.
             * @example a quiet green kettle
             */
            current_password?: string;
        };
        AccountRemoval: {
            /**
             * Format: password
             * @description The password of the caller, even if the account is another user’s.
             * @example a quiet green kettle
             */
            current_password: string;
        };
        NewWebhook: {
            /**
             * Format: uri
             * @description An https URL (outside of production also http) on the public Internet.
             * @example https://example.org/hooks/inkwell
             */
            url: string;
            events: ("post.published" | "post.revised" | "post.removed" | "user.registered" | "user.removed")[];
            /**
             * @default
             * @example Search index
             */
            description?: string;
            /**
             * @description Default: a generated secret.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
        };
        CreatedWebhook: {
            /**
             * Format: int32
             * @example 3
             */
            id: number;
            /**
             * Format: uri
             * @example https://example.org/hooks/inkwell
             */
            url: string;
            events: ("post.published" | "post.revised" | "post.removed" | "user.registered" | "user.removed")[];
            /** @example Search index */
            description: string;
            enabled: boolean;
            /**
             * @description Why the webhook was disabled, if not on request.
             * @example null
             */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * @description Signs deliveries. Shown only once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        Webhook: {
            /**
             * Format: int32
             * @example 3
             */
            id: number;
            /**
             * Format: uri
             * @example https://example.org/hooks/inkwell
             */
            url: string;
            events: ("post.published" | "post.revised" | "post.removed" | "user.registered" | "user.removed")[];
            /** @example Search index */
            description: string;
            enabled: boolean;
            /**
             * @description Why the webhook was disabled, if not on request.
             * @example null
             */
            disabled_reason: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
        };
        /**
         * @description Omitted members stay unchanged.
         * @example {
         *       "events": [
         *         "post.published",
         *         "post.removed"
         *       ],
         *       "enabled": true
         *     }
         */
        WebhookChanges: {
            /**
             * Format: uri
             * @description An https URL (outside of production also http) on the public Internet.
             * @example https://example.org/hooks/inkwell
             */
            url?: string;
            events?: ("post.published" | "post.revised" | "post.removed" | "user.registered" | "user.removed")[];
            /** @example Search index */
            description?: string;
            /** @description While a webhook is disabled, its pending deliveries wait. */
            enabled?: boolean;
        };
        WebhookDelivery: {
            /**
             * Format: int64
             * @example 41
             */
            id: number;
            /**
             * @description Id of the event, which is the same in each attempt: webhook-id.
             * @example evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77
             */
            event_id: string;
            /** @enum {string} */
            type: "post.published" | "post.revised" | "post.removed" | "user.registered" | "user.removed";
            /**
             * @description `dead`: given up, a dead letter.
             * @enum {string}
             */
            state: "pending" | "delivered" | "dead";
            /**
             * Format: int32
             * @example 1
             */
            attempts: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            last_attempt_at: string | null;
            /**
             * Format: date-time
             * @description The time of the next attempt; `null` if the delivery has ended.
             * @example null
             */
            next_attempt_at: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            finished_at: string | null;
            /**
             * Format: int32
             * @description HTTP status of the answer to the last attempt.
             * @example 204
             */
            last_status: number | null;
            /**
             * @description Why the last attempt failed.
             * @example null
             */
            last_error: string | null;
            /**
             * @description The body that is sent.
             * @example {
             *       "id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
             *       "type": "user.registered",
             *       "created_at": "2026-01-31T09:30:00.000Z",
             *       "data": {
             *         "user": {
             *           "id": 7,
             *           "username": "ada"
             *         }
             *       }
             *     }
             */
            payload: {
                [key: string]: unknown;
            };
        };
        PostList: components["schemas"]["PostSummary"][];
        PostSummary: {
            /**
             * Format: int32
             * @example 5
             */
            id: number;
            /** @example on-tea */
            slug: string;
            /** @example On tea */
            title: string;
            /**
             * @description User name; `[deleted]` if the account was deleted.
             * @example ada
             */
            author: string;
            /**
             * @description The user name if the author has not set one.
             * @example Ada L.
             */
            author_display_name: string;
            category: components["schemas"]["PostCategory"];
            /**
             * @description Plain text: what the author wrote, else the beginning of the post. At most 200 characters.
             * @example Boil water.
             */
            excerpt: string;
            tags: string[];
            /**
             * Format: date-time
             * @description Time of the first publication, or of creation before that.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Time of the first publication; null before it.
             */
            published_at: string | null;
            /**
             * Format: date-time
             * @description UTC, to the millisecond.
             */
            updated_at: string;
            /**
             * @description Only in lists of your own posts.
             * @enum {string}
             */
            status?: "draft" | "published";
        };
        PostCategory: {
            /**
             * Format: int32
             * @example 2
             */
            id: number;
            /** @example Kitchen */
            name: string;
            /** @example kitchen */
            slug: string;
        };
        Post: {
            /**
             * Format: int32
             * @example 5
             */
            id: number;
            /** @example on-tea */
            slug: string;
            /** @example On tea */
            title: string;
            /**
             * @description User name; `[deleted]` if the account was deleted.
             * @example ada
             */
            author: string;
            /**
             * @description The user name if the author has not set one.
             * @example Ada L.
             */
            author_display_name: string;
            category: components["schemas"]["PostCategory"];
            /**
             * @description Plain text: what the author wrote, else the beginning of the post. At most 200 characters.
             * @example Boil water.
             */
            excerpt: string;
            tags: string[];
            /**
             * Format: date-time
             * @description Time of the first publication, or of creation before that.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Time of the first publication; null before it.
             */
            published_at: string | null;
            /**
             * Format: date-time
             * @description UTC, to the millisecond.
             */
            updated_at: string;
            /**
             * @description As the author wrote it.
             * @example Boil *water*.
             */
            content: string;
            /**
             * @description Rendered and sanitised.
             * @example <p>Boil <em>water</em>.</p>
             */
            content_html: string;
            /** @enum {string} */
            status: "published" | "draft";
        };
        /** @description Default: the category General. */
        NewPost: {
            /**
             * @description Shown as text.
             * @example On tea
             */
            title: string;
            /**
             * @description Markdown (CommonMark with tables). HTML in it is sanitised.
             * @example Boil *water*.
             */
            content: string;
            /**
             * @description Created if there is no category with this name, in any case. Not together with category_id.
             * @example Kitchen
             */
            category_name?: string;
            /** Format: int32 */
            category_id?: number;
            tags?: string[];
            /**
             * @description Plain text for lists. Null or empty: the beginning of the post.
             * @example How to boil water.
             */
            excerpt?: string | null;
            /** @description Default: made from the title. */
            slug?: string;
            /**
             * @default published
             * @enum {string}
             */
            status?: "draft" | "published";
        };
        /** @description Without a category it goes into General; without tags it has none, and without an excerpt the automatic one. */
        ReplacedPost: {
            /**
             * @description Shown as text.
             * @example On tea
             */
            title: string;
            /**
             * @description Markdown (CommonMark with tables). HTML in it is sanitised.
             * @example Boil *water*.
             */
            content: string;
            /**
             * @description Created if there is no category with this name, in any case. Not together with category_id.
             * @example Kitchen
             */
            category_name?: string;
            /** Format: int32 */
            category_id?: number;
            tags?: string[];
            /**
             * @description Plain text for lists. Null or empty: the beginning of the post.
             * @example How to boil water.
             */
            excerpt?: string | null;
            /** @description Default: unchanged, as it is the address of a post. The former slug redirects. */
            slug?: string;
            /**
             * @description Default: unchanged, so that nothing is published by accident.
             * @enum {string}
             */
            status?: "draft" | "published";
        };
        /**
         * @description Omitted members stay unchanged.
         * @example {
         *       "title": "On green tea",
         *       "status": "published"
         *     }
         */
        RevisedPost: {
            /**
             * @description Shown as text.
             * @example On tea
             */
            title?: string;
            /**
             * @description Markdown (CommonMark with tables). HTML in it is sanitised.
             * @example Boil *water*.
             */
            content?: string;
            /**
             * @description Created if there is no category with this name, in any case. Not together with category_id.
             * @example Kitchen
             */
            category_name?: string;
            /** Format: int32 */
            category_id?: number;
            tags?: string[];
            /**
             * @description Plain text for lists. Null or empty: the beginning of the post.
             * @example How to boil water.
             */
            excerpt?: string | null;
            /** @description The former slug redirects. */
            slug?: string;
            /** @enum {string} */
            status?: "draft" | "published";
        };
        /**
         * @default {}
         * @example {}
         */
        RestoredPost: {
            /** @description Default: the slug that the post had. */
            slug?: string;
        };
        CategoryList: components["schemas"]["Category"][];
        Category: {
            /**
             * Format: int32
             * @example 2
             */
            id: number;
            /** @example Kitchen */
            name: string;
            /** @example kitchen */
            slug: string;
            /** @example #2b6f9c */
            color: string;
            /**
             * Format: int32
             * @description Published posts.
             * @example 1
             */
            post_count: number;
        };
        /** @description Omitted members stay unchanged. */
        CategoryChanges: {
            /**
             * @description Unique regardless of case. The slug follows it, and the former slug redirects.
             * @example Kitchen
             */
            name?: string;
            /** @description Shown as a dot beside the name. */
            color?: string;
        };
        CategoryMerge: {
            /**
             * Format: int32
             * @description Id of the category that gets the posts.
             * @example 1
             */
            into: number;
        };
        TagList: components["schemas"]["Tag"][];
        Tag: {
            /** @example Green tea */
            name: string;
            /** @example green-tea */
            slug: string;
            /**
             * Format: int32
             * @description Published posts.
             * @example 1
             */
            post_count: number;
        };
        Site: {
            /**
             * @description The name of the blog.
             * @example Notes on tea
             */
            title: string;
            /**
             * @description One sentence about the blog, for search engines and previews. May be empty.
             * @example What I learn about tea.
             */
            description: string;
            /**
             * @description Language of the public pages.
             * @enum {string}
             */
            language: "en" | "ko";
            /**
             * @description IANA name of the time zone of the dates on the public pages.
             * @example Asia/Seoul
             */
            time_zone: string;
            /**
             * Format: int32
             * @description Posts on one page of a list.
             * @example 10
             */
            posts_per_page: number;
            /**
             * @description Colour of links, as `#rrggbb`. A page uses a darker or lighter shade where it would be hard to read.
             * @example #1f5fae
             */
            accent_color: string;
            /** @description Links on top of every page: to web addresses and to paths of this server. */
            navigation: components["schemas"]["NavigationLink"][];
            /**
             * @description Markdown at the end of every page. May be empty.
             * @example By *Ada*.
             */
            footer: string;
        };
        NavigationLink: {
            /** @example About */
            label: string;
            /** @example /blog/posts/about */
            url: string;
        };
        /**
         * @description Omitted members stay unchanged. `null` restores the value of a new blog.
         * @example {
         *       "title": "Notes on tea",
         *       "language": "ko"
         *     }
         */
        SiteChanges: {
            /**
             * @description The name of the blog.
             * @example Notes on tea
             */
            title?: string | null;
            /**
             * @description One sentence about the blog, for search engines and previews. May be empty.
             * @example What I learn about tea.
             */
            description?: string | null;
            /**
             * @description Language of the public pages.
             * @enum {string|null}
             */
            language?: "en" | "ko" | null;
            /**
             * @description IANA name of the time zone of the dates on the public pages.
             * @example Asia/Seoul
             */
            time_zone?: string | null;
            /**
             * Format: int32
             * @description Posts on one page of a list.
             * @example 10
             */
            posts_per_page?: number | null;
            /**
             * @description Colour of links, as `#rrggbb`. A page uses a darker or lighter shade where it would be hard to read.
             * @example #1f5fae
             */
            accent_color?: string | null;
            /** @description Links on top of every page: to web addresses and to paths of this server. */
            navigation?: components["schemas"]["NavigationLink"][] | null;
            /**
             * @description Markdown at the end of every page. May be empty.
             * @example By *Ada*.
             */
            footer?: string | null;
        };
        Alive: {
            /** @enum {string} */
            status: "ok";
        };
        Readiness: {
            /**
             * @description `degraded`: all requests are answered, but slower or with fewer features.
             * @enum {string}
             */
            status: "ok" | "degraded";
            /**
             * @description By dependency.
             * @example {
             *       "postgresql": "up",
             *       "redis": "up"
             *     }
             */
            checks: {
                [key: string]: "up" | "degraded" | "down";
            };
        };
        Stats: {
            /** @example inkwell */
            service: string;
            /** @example 0.1.0 */
            version: string;
            /**
             * @description Version of Node.js.
             * @example v24.21.0
             */
            node: string;
            /**
             * Format: int64
             * @example 12
             */
            uptime_seconds: number;
            database: {
                /** @example 18.4 */
                version: string;
                connections: {
                    /**
                     * Format: int64
                     * @example 12
                     */
                    idle: number;
                    /**
                     * Format: int64
                     * @example 12
                     */
                    in_use: number;
                    /**
                     * Format: int64
                     * @description Callers waiting for a connection.
                     * @example 12
                     */
                    pending: number;
                };
            };
            /** @description Reads from all caches since the start of this process. */
            cache: {
                /**
                 * Format: int64
                 * @example 12
                 */
                hits: number;
                /**
                 * Format: int64
                 * @example 12
                 */
                misses: number;
                /**
                 * @description `null` before the first read.
                 * @example 0.97
                 */
                hit_ratio: number | null;
            };
            /**
             * Format: int64
             * @description Published posts only. Absent where only accounts are served.
             * @example 12
             */
            posts?: number;
            /**
             * Format: int64
             * @example 12
             */
            categories?: number;
            /**
             * Format: int64
             * @description Absent where other processes serve the accounts.
             * @example 12
             */
            users?: number;
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /**
             * Format: uri-reference
             * @description Leads to an explanation of the code.
             * @example /problems#post.not_found
             */
            type: string;
            /** @description The same for every occurrence of the code. */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description What happened this time. */
            detail: string;
            /** @description The path of the request. */
            instance: string;
            /**
             * @description Stable, for programs. All are listed at `/problems`.
             * @example post.not_found
             */
            code: string;
            /** @description As in `X-Request-Id`; identifies the request in the log. */
            request_id: string;
            /** @description The members and parameters of the request that were refused. */
            errors?: {
                /**
                 * @description JSON pointer (RFC 6901).
                 * @example /title
                 */
                pointer: string;
                /** @description What is wrong with it. */
                detail: string;
            }[];
        };
    };
    responses: {
        /** @description The request is not valid. `errors` lists the reasons. */
        400: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Credentials are missing, wrong or no longer valid. */
        401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account may not do this. */
        403: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is hidden from the caller. */
        404: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The name, address or slug is taken, or the same request is still in progress. */
        409: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `If-Match` names another version or representation than the current one; `ETag` names that. */
        412: {
            headers: {
                ETag: components["headers"]["ETag"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than this route accepts. */
        413: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON in UTF-8. */
        415: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The idempotency key was used for another request, or the body asks for something impossible. */
        422: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A quota is used up, and nothing was done. */
        429: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed. */
        500: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`. */
        503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database has no space left. */
        507: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other problem. */
        default: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is not valid. `errors` lists the reasons. */
        "400b": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Credentials are missing, wrong or no longer valid. */
        "401b": {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account may not do this. */
        "403b": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed. */
        "500b": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`. */
        "503b": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other problem. */
        defaultb: {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`. */
        "503c": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database has no space left. */
        "507b": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is not valid. `errors` lists the reasons. */
        "400c": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is not valid. `errors` lists the reasons. */
        "400d": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Credentials are missing, wrong or no longer valid. */
        "401c": {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Credentials are missing, wrong or no longer valid. */
        "401d": {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account may not do this. */
        "403c": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is hidden from the caller. */
        "404b": {
            headers: {
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is hidden from the caller. */
        "404c": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The name, address or slug is taken, or the same request is still in progress. */
        "409b": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is not valid. `errors` lists the reasons. */
        "400e": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`. */
        "503d": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The name, address or slug is taken, or the same request is still in progress. */
        "409c": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The idempotency key was used for another request, or the body asks for something impossible. */
        "422b": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The account may not do this. */
        "403d": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is hidden from the caller. */
        "404d": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or it is hidden from the caller. */
        "404e": {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description `public, no-cache` for answers that caches may store; they must revalidate them with `If-None-Match` each time. Otherwise `no-store`. */
        "Cache-Control": string;
        /** @description Version and representation, for `If-None-Match` and `If-Match`. */
        ETag: string;
        /** @description Present if this is the stored answer to an earlier request with the same `Idempotency-Key`. */
        "Idempotency-Replayed": "true";
        /** @description The address of the next page, if there is one. */
        Link: string;
        /** @description The address of the resource. */
        Location: string;
        /** @description The remainder of each quota that counted this request: `r` requests, until the full quota is available again in `t` seconds. */
        RateLimit: string;
        /** @description Each quota: `q` requests in `w` seconds. */
        "RateLimit-Policy": string;
        /** @description Seconds to wait. */
        "Retry-After": number;
        /** @description The number of posts on all pages, in lists of your own posts. */
        "Total-Count": number;
        /** @description The request headers that the representation depends on. */
        Vary: string;
        /** @description How to authenticate. */
        "WWW-Authenticate": string;
        /** @description Identifies the request in the log. It is the one you sent, if that has 1–128 letters, digits and `_.-`. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    purgeCache: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tag": "post:5"
                 *     }
                 */
                "application/json": components["schemas"]["Purge"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "evicted": 12
                     *     }
                     */
                    "application/json": components["schemas"]["Purged"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    explainCache: {
        parameters: {
            query: {
                /** @description Path and query of a GET request. */
                path: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "path": "/blog/api/posts/on-tea",
                     *       "route": "/blog/api/posts/:id",
                     *       "handler": "PostsController.get",
                     *       "cache": "post",
                     *       "key": "PostsController.get?id=on-tea&",
                     *       "ttl": {
                     *         "seconds": 60,
                     *         "declared_seconds": 60,
                     *         "is_overridden": true
                     *       },
                     *       "next": "hit",
                     *       "reason": "It would hit in memory, for 41.5 s more.",
                     *       "memory": {
                     *         "state": "fresh",
                     *         "status": 200,
                     *         "age_seconds": 60,
                     *         "ttl_seconds": 60,
                     *         "bytes": 12,
                     *         "tags": [
                     *           "post:5"
                     *         ],
                     *         "snapshot": {
                     *           "xmax": 1042,
                     *           "xip": [
                     *             1042
                     *           ]
                     *         },
                     *         "epoch": "7512345678901234567",
                     *         "representations": [
                     *           {
                     *             "encoding": "identity",
                     *             "bytes": 12,
                     *             "etag": "\"2-A7OTnNCeAebXwdw7\""
                     *           }
                     *         ]
                     *       },
                     *       "redis": {
                     *         "state": "fresh",
                     *         "status": 200,
                     *         "age_seconds": 60,
                     *         "ttl_seconds": 60,
                     *         "bytes": 12,
                     *         "tags": [
                     *           "post:5"
                     *         ],
                     *         "snapshot": {
                     *           "xmax": 1042,
                     *           "xip": [
                     *             1042
                     *           ]
                     *         },
                     *         "epoch": "7512345678901234567",
                     *         "representations": [
                     *           {
                     *             "encoding": "identity",
                     *             "bytes": 12,
                     *             "etag": "\"2-A7OTnNCeAebXwdw7\""
                     *           }
                     *         ]
                     *       },
                     *       "redis_state": "none",
                     *       "changes": [
                     *         {
                     *           "xid": 1042,
                     *           "event": "post.revised",
                     *           "at": "2026-01-31T09:30:00.000Z",
                     *           "tags": [
                     *             "post:5"
                     *           ],
                     *           "seen_by_memory": true,
                     *           "seen_by_redis": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CacheExplanation"];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            403: components["responses"]["403b"];
            /** @description There is no such thing, or it is hidden from the caller. */
            404: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "ada",
                 *       "password": "a quiet green kettle"
                 *     }
                 */
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 600,
                     *       "refresh_token": "c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["400"];
            /** @description Credentials are missing, wrong or no longer valid. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN"
                 *     }
                 */
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
                     *       "token_type": "Bearer",
                     *       "expires_in": 600,
                     *       "refresh_token": "c2l4dHktZm91ciBieXRlcyBvZiBub3RoaW5nLCBiYXN"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description The request is not valid. `errors` lists the reasons. */
            400: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Credentials are missing, wrong or no longer valid. */
            401: {
                headers: {
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than this route accepts. */
            413: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON in UTF-8. */
            415: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503c"];
            507: components["responses"]["507b"];
            default: components["responses"]["defaultb"];
        };
    };
    verifyToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "success",
                     *       "data": {
                     *         "user_id": 7,
                     *         "username": "ada",
                     *         "exp": 1769853000
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Verification"];
                };
            };
            400: components["responses"]["400c"];
            401: components["responses"]["401"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            /** @description A service that this request needs cannot be reached. Nothing was changed, except perhaps with `write.outcome_unknown`. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["default"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *         "user_agent": "curl/8.14.1",
                     *         "created_at": "2026-01-31T09:30:00.000Z",
                     *         "refreshed_at": "2026-01-31T09:30:00.000Z",
                     *         "expires_at": "2026-01-31T09:30:00.000Z",
                     *         "current": true
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Session"][];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            /** @description There is no such thing, or it is hidden from the caller. */
            404: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503c"];
            507: components["responses"]["507b"];
            default: components["responses"]["defaultb"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503c"];
            507: components["responses"]["507b"];
            default: components["responses"]["defaultb"];
        };
    };
    logoutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503c"];
            507: components["responses"]["507b"];
            default: components["responses"]["defaultb"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "ada",
                 *       "email": "ada@example.org",
                 *       "password": "a quiet green kettle"
                 *     }
                 */
                "application/json": components["schemas"]["Registration"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 7,
                     *       "username": "ada",
                     *       "email": "ada@example.org",
                     *       "created_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RegisteredUser"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401c"];
            /** @description The account may not do this. */
            403: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listUsers: {
        parameters: {
            query: {
                /** @description Up to 100 ids, separated by commas. */
                ids: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 7,
                     *         "username": "ada",
                     *         "display_name": "Ada L.",
                     *         "bio": "Writes about tea.",
                     *         "role": "reader",
                     *         "created_at": "2026-01-31T09:30:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Profile"][];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401d"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    getOwnAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 7,
                     *       "username": "ada",
                     *       "display_name": "Ada L.",
                     *       "bio": "Writes about tea.",
                     *       "role": "reader",
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "email": "ada@example.org",
                     *       "updated_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of a user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 7,
                     *       "username": "ada",
                     *       "display_name": "Ada L.",
                     *       "bio": "Writes about tea.",
                     *       "role": "reader",
                     *       "created_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401d"];
            /** @description There is no such thing, or it is hidden from the caller. */
            404: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    replaceUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or name of a user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "display_name": "Ada L.",
                 *       "bio": "Writes about tea.",
                 *       "password": "a quiet green kettle",
                 *       "current_password": "a quiet green kettle"
                 *     }
                 */
                "application/json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 7,
                     *       "username": "ada",
                     *       "display_name": "Ada L.",
                     *       "bio": "Writes about tea.",
                     *       "role": "reader",
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "email": "ada@example.org",
                     *       "updated_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403c"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or name of a user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "current_password": "a quiet green kettle"
                 *     }
                 */
                "application/json": components["schemas"]["AccountRemoval"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403c"];
            404: components["responses"]["404"];
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or name of a user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "display_name": "Ada L.",
                 *       "bio": "Writes about tea.",
                 *       "password": "a quiet green kettle",
                 *       "current_password": "a quiet green kettle"
                 *     }
                 */
                "application/json": components["schemas"]["UserChanges"];
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "display_name": "Ada L.",
                 *       "bio": "Writes about tea.",
                 *       "password": "a quiet green kettle",
                 *       "current_password": "a quiet green kettle"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["UserChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 7,
                     *       "username": "ada",
                     *       "display_name": "Ada L.",
                     *       "bio": "Writes about tea.",
                     *       "role": "reader",
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "email": "ada@example.org",
                     *       "updated_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403c"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 3,
                     *         "url": "https://example.org/hooks/inkwell",
                     *         "events": [
                     *           "post.published"
                     *         ],
                     *         "description": "Search index",
                     *         "enabled": true,
                     *         "disabled_reason": null,
                     *         "created_at": "2026-01-31T09:30:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Webhook"][];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            403: components["responses"]["403b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.org/hooks/inkwell",
                 *       "events": [
                 *         "post.published"
                 *       ],
                 *       "description": "Search index",
                 *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                 *     }
                 */
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 3,
                     *       "url": "https://example.org/hooks/inkwell",
                     *       "events": [
                     *         "post.published"
                     *       ],
                     *       "description": "Search index",
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 3,
                     *       "url": "https://example.org/hooks/inkwell",
                     *       "events": [
                     *         "post.published"
                     *       ],
                     *       "description": "Search index",
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "created_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            403: components["responses"]["403b"];
            404: components["responses"]["404b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the webhook. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400e"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404c"];
            409: components["responses"]["409b"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the webhook. */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": [
                 *         "post.published",
                 *         "post.removed"
                 *       ],
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["WebhookChanges"];
                /**
                 * @example {
                 *       "events": [
                 *         "post.published",
                 *         "post.removed"
                 *       ],
                 *       "enabled": true
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["WebhookChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 3,
                     *       "url": "https://example.org/hooks/inkwell",
                     *       "events": [
                     *         "post.published"
                     *       ],
                     *       "description": "Search index",
                     *       "enabled": true,
                     *       "disabled_reason": null,
                     *       "created_at": "2026-01-31T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404c"];
            409: components["responses"]["409b"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Deliveries per page. Default: 20. */
                limit?: number;
                /** @description Id of a delivery. Lists only older ones. */
                before?: number;
                /** @description Lists only deliveries in this state. */
                state?: "pending" | "delivered" | "dead";
            };
            header?: never;
            path: {
                /** @description Id of the webhook. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 41,
                     *         "event_id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *         "type": "post.published",
                     *         "state": "pending",
                     *         "attempts": 1,
                     *         "created_at": "2026-01-31T09:30:00.000Z",
                     *         "last_attempt_at": "2026-01-31T09:30:00.000Z",
                     *         "next_attempt_at": null,
                     *         "finished_at": "2026-01-31T09:30:00.000Z",
                     *         "last_status": 204,
                     *         "last_error": null,
                     *         "payload": {
                     *           "id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *           "type": "user.registered",
                     *           "created_at": "2026-01-31T09:30:00.000Z",
                     *           "data": {
                     *             "user": {
                     *               "id": 7,
                     *               "username": "ada"
                     *             }
                     *           }
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WebhookDelivery"][];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            403: components["responses"]["403b"];
            404: components["responses"]["404b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description Deliveries per page. Default: 20. */
                limit?: number;
                /** @description Id of a delivery. Lists only older ones. */
                before?: number;
            };
            header?: never;
            path: {
                /** @description Id of the webhook. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 41,
                     *         "event_id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *         "type": "post.published",
                     *         "state": "pending",
                     *         "attempts": 1,
                     *         "created_at": "2026-01-31T09:30:00.000Z",
                     *         "last_attempt_at": "2026-01-31T09:30:00.000Z",
                     *         "next_attempt_at": null,
                     *         "finished_at": "2026-01-31T09:30:00.000Z",
                     *         "last_status": 204,
                     *         "last_error": null,
                     *         "payload": {
                     *           "id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *           "type": "user.registered",
                     *           "created_at": "2026-01-31T09:30:00.000Z",
                     *           "data": {
                     *             "user": {
                     *               "id": 7,
                     *               "username": "ada"
                     *             }
                     *           }
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["WebhookDelivery"][];
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401b"];
            403: components["responses"]["403b"];
            404: components["responses"]["404b"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    replayWebhookDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the webhook. */
                id: number;
                /** @description Id of the delivery. */
                delivery: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 41,
                     *       "event_id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *       "type": "post.published",
                     *       "state": "pending",
                     *       "attempts": 1,
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "last_attempt_at": "2026-01-31T09:30:00.000Z",
                     *       "next_attempt_at": null,
                     *       "finished_at": "2026-01-31T09:30:00.000Z",
                     *       "last_status": 204,
                     *       "last_error": null,
                     *       "payload": {
                     *         "id": "evt_3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77",
                     *         "type": "user.registered",
                     *         "created_at": "2026-01-31T09:30:00.000Z",
                     *         "data": {
                     *           "user": {
                     *             "id": 7,
                     *             "username": "ada"
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["400e"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            /** @description There is no such thing, or it is hidden from the caller. */
            404: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listPosts: {
        parameters: {
            query?: {
                /** @description Posts per page. Default: 20. */
                limit?: number;
                /** @description From the `next` link of the previous page. Valid for the same filters only. */
                cursor?: string;
                /** @description Posts to skip. Not together with cursor. */
                offset?: number;
                /** @description Slug of a category. */
                category?: string;
                /** @description Slug or name of a tag. */
                tag?: string;
                /** @description User name; `me`: your own posts, drafts too. */
                author?: string;
                /** @description Words to search for in title, tags and text, in any script. */
                q?: string;
                /** @description `draft`: your own drafts; for administrators, all drafts. With `author=me`, only your own. */
                status?: "draft" | "published";
                /** @description With `author=me` or `status=draft`. By publication, last change or title. Default: newest. */
                sort?: "newest" | "oldest" | "updated" | "title";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    Link: components["headers"]["Link"];
                    "Total-Count": components["headers"]["Total-Count"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 5,
                     *         "slug": "on-tea",
                     *         "title": "On tea",
                     *         "author": "ada",
                     *         "author_display_name": "Ada L.",
                     *         "category": {
                     *           "id": 2,
                     *           "name": "Kitchen",
                     *           "slug": "kitchen"
                     *         },
                     *         "excerpt": "Boil water.",
                     *         "tags": [
                     *           "tea"
                     *         ],
                     *         "created_at": "2026-01-31T09:30:00.000Z",
                     *         "published_at": "2026-01-31T09:30:00.000Z",
                     *         "updated_at": "2026-01-31T09:30:00.000Z"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["PostList"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The category has another slug now. */
            308: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "location": "/blog/api/posts?category=kitchen"
                     *     }
                     */
                    "application/json": {
                        /** @example /blog/api/posts?category=kitchen */
                        location: string;
                    };
                };
            };
            400: components["responses"]["400c"];
            401: components["responses"]["401"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503d"];
            default: components["responses"]["default"];
        };
    };
    createPost: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "On tea",
                 *       "content": "Boil *water*.",
                 *       "category_name": "Kitchen",
                 *       "excerpt": "How to boil water."
                 *     }
                 */
                "application/json": components["schemas"]["NewPost"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 5,
                     *       "slug": "on-tea",
                     *       "title": "On tea",
                     *       "author": "ada",
                     *       "author_display_name": "Ada L.",
                     *       "category": {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen"
                     *       },
                     *       "excerpt": "Boil water.",
                     *       "tags": [
                     *         "tea"
                     *       ],
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "published_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "content": "Boil *water*.",
                     *       "content_html": "<p>Boil <em>water</em>.</p>\n",
                     *       "status": "published"
                     *     }
                     */
                    "application/json": components["schemas"]["Post"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409c"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422b"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    getPost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or slug of a post. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 5,
                     *       "slug": "on-tea",
                     *       "title": "On tea",
                     *       "author": "ada",
                     *       "author_display_name": "Ada L.",
                     *       "category": {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen"
                     *       },
                     *       "excerpt": "Boil water.",
                     *       "tags": [
                     *         "tea"
                     *       ],
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "published_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "content": "Boil *water*.",
                     *       "content_html": "<p>Boil <em>water</em>.</p>\n",
                     *       "status": "published"
                     *     }
                     */
                    "application/json": components["schemas"]["Post"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The slug is a former one of the post. */
            308: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "location": "/blog/api/posts/on-tea"
                     *     }
                     */
                    "application/json": {
                        /** @example /blog/api/posts/on-tea */
                        location: string;
                    };
                };
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401d"];
            /** @description There is no such thing, or it is hidden from the caller. */
            404: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    replacePost: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that is to be changed. */
                "If-Match"?: string;
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or slug of a post. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "On tea",
                 *       "content": "Boil *water*.",
                 *       "category_name": "Kitchen",
                 *       "excerpt": "How to boil water."
                 *     }
                 */
                "application/json": components["schemas"]["ReplacedPost"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 5,
                     *       "slug": "on-tea",
                     *       "title": "On tea",
                     *       "author": "ada",
                     *       "author_display_name": "Ada L.",
                     *       "category": {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen"
                     *       },
                     *       "excerpt": "Boil water.",
                     *       "tags": [
                     *         "tea"
                     *       ],
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "published_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "content": "Boil *water*.",
                     *       "content_html": "<p>Boil <em>water</em>.</p>\n",
                     *       "status": "published"
                     *     }
                     */
                    "application/json": components["schemas"]["Post"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403d"];
            404: components["responses"]["404d"];
            409: components["responses"]["409c"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422b"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    deletePost: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that is to be changed. */
                "If-Match"?: string;
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or slug of a post. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400e"];
            401: components["responses"]["401"];
            403: components["responses"]["403d"];
            404: components["responses"]["404d"];
            409: components["responses"]["409b"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    updatePost: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that is to be changed. */
                "If-Match"?: string;
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id or slug of a post. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "On green tea",
                 *       "status": "published"
                 *     }
                 */
                "application/json": components["schemas"]["RevisedPost"];
                /**
                 * @example {
                 *       "title": "On green tea",
                 *       "status": "published"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["RevisedPost"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 5,
                     *       "slug": "on-tea",
                     *       "title": "On tea",
                     *       "author": "ada",
                     *       "author_display_name": "Ada L.",
                     *       "category": {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen"
                     *       },
                     *       "excerpt": "Boil water.",
                     *       "tags": [
                     *         "tea"
                     *       ],
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "published_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "content": "Boil *water*.",
                     *       "content_html": "<p>Boil <em>water</em>.</p>\n",
                     *       "status": "published"
                     *     }
                     */
                    "application/json": components["schemas"]["Post"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403d"];
            404: components["responses"]["404d"];
            409: components["responses"]["409c"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422b"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    restorePost: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a post. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["RestoredPost"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 5,
                     *       "slug": "on-tea",
                     *       "title": "On tea",
                     *       "author": "ada",
                     *       "author_display_name": "Ada L.",
                     *       "category": {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen"
                     *       },
                     *       "excerpt": "Boil water.",
                     *       "tags": [
                     *         "tea"
                     *       ],
                     *       "created_at": "2026-01-31T09:30:00.000Z",
                     *       "published_at": "2026-01-31T09:30:00.000Z",
                     *       "updated_at": "2026-01-31T09:30:00.000Z",
                     *       "content": "Boil *water*.",
                     *       "content_html": "<p>Boil <em>water</em>.</p>\n",
                     *       "status": "published"
                     *     }
                     */
                    "application/json": components["schemas"]["Post"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403d"];
            404: components["responses"]["404d"];
            409: components["responses"]["409c"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listCategories: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": 2,
                     *         "name": "Kitchen",
                     *         "slug": "kitchen",
                     *         "color": "#2b6f9c",
                     *         "post_count": 1
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["CategoryList"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401d"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    updateCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the category. */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Kitchen"
                 *     }
                 */
                "application/json": components["schemas"]["CategoryChanges"];
                /**
                 * @example {
                 *       "name": "Kitchen"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["CategoryChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 2,
                     *       "name": "Kitchen",
                     *       "slug": "kitchen",
                     *       "color": "#2b6f9c",
                     *       "post_count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Category"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404e"];
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    mergeCategory: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the category. */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "into": 1
                 *     }
                 */
                "application/json": components["schemas"]["CategoryMerge"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": 2,
                     *       "name": "Kitchen",
                     *       "slug": "kitchen",
                     *       "color": "#2b6f9c",
                     *       "post_count": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Category"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404e"];
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            /** @description The idempotency key was used for another request, or the body asks for something impossible. */
            422: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    listTags: {
        parameters: {
            query?: {
                /** @description The beginning of a tag, in any script. */
                q?: string;
                /** @description Tags per page. Default: 100. */
                limit?: number;
                /** @description From the `next` link of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    Link: components["headers"]["Link"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "name": "Green tea",
                     *         "slug": "green-tea",
                     *         "post_count": 1
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["TagList"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400c"];
            401: components["responses"]["401c"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503d"];
            default: components["responses"]["default"];
        };
    };
    getSite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "title": "Notes on tea",
                     *       "description": "What I learn about tea.",
                     *       "language": "en",
                     *       "time_zone": "Asia/Seoul",
                     *       "posts_per_page": 10,
                     *       "accent_color": "#1f5fae",
                     *       "navigation": [
                     *         {
                     *           "label": "About",
                     *           "url": "/blog/posts/about"
                     *         }
                     *       ],
                     *       "footer": "By *Ada*."
                     *     }
                     */
                    "application/json": components["schemas"]["Site"];
                };
            };
            /** @description `If-None-Match` names what is there now. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400b"];
            401: components["responses"]["401d"];
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    updateSite: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the version that is to be changed. */
                "If-Match"?: string;
                /** @description Any text; the same request with the same key, within a day, is carried out once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Notes on tea",
                 *       "language": "ko"
                 *     }
                 */
                "application/json": components["schemas"]["SiteChanges"];
                /**
                 * @example {
                 *       "title": "Notes on tea",
                 *       "language": "ko"
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["SiteChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Vary: components["headers"]["Vary"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "title": "Notes on tea",
                     *       "description": "What I learn about tea.",
                     *       "language": "en",
                     *       "time_zone": "Asia/Seoul",
                     *       "posts_per_page": 10,
                     *       "accent_color": "#1f5fae",
                     *       "navigation": [
                     *         {
                     *           "label": "About",
                     *           "url": "/blog/posts/about"
                     *         }
                     *       ],
                     *       "footer": "By *Ada*."
                     *     }
                     */
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["400d"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            /** @description The name, address or slug is taken, or the same request is still in progress. */
            409: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` names another version or representation than the current one; `ETag` names that. */
            412: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
            507: components["responses"]["507"];
            default: components["responses"]["default"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Alive"];
                };
            };
            500: components["responses"]["500b"];
            default: components["responses"]["defaultb"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Alive"];
                };
            };
            500: components["responses"]["500b"];
            default: components["responses"]["defaultb"];
        };
    };
    getStartup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Alive"];
                };
            };
            500: components["responses"]["500b"];
            default: components["responses"]["defaultb"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "postgresql": "up",
                     *         "redis": "up"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "service": "inkwell",
                     *       "version": "0.1.0",
                     *       "node": "v24.21.0",
                     *       "uptime_seconds": 12,
                     *       "database": {
                     *         "version": "18.4",
                     *         "connections": {
                     *           "idle": 12,
                     *           "in_use": 12,
                     *           "pending": 12
                     *         }
                     *       },
                     *       "cache": {
                     *         "hits": 12,
                     *         "misses": 12,
                     *         "hit_ratio": 0.97
                     *       },
                     *       "posts": 12,
                     *       "categories": 12,
                     *       "users": 12
                     *     }
                     */
                    "application/json": components["schemas"]["Stats"];
                };
            };
            500: components["responses"]["500b"];
            503: components["responses"]["503b"];
            default: components["responses"]["defaultb"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # TYPE http_requests_total counter
                     *     http_requests_total{method="GET",route="/blog/api/posts",status="200"} 12
                     */
                    "text/plain": string;
                };
            };
            500: components["responses"]["500b"];
            default: components["responses"]["defaultb"];
        };
    };
}
