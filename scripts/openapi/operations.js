// The parts that a handler does not declare: the name of its operation in clients, its group, and its specific problems.

const WRITE_LIMITS = ['request.rate_limited'];
const POST_WRITE = ['post.slug_taken', 'post.too_complex', 'category.not_found', ...WRITE_LIMITS];
const OWN_ACCOUNT = ['user.not_found', 'user.not_yours', 'user.wrong_password', ...WRITE_LIMITS];

/** `Controller.method` → operation. */
const OPERATIONS = {
  Registration: { register: ['register', 'user.taken', 'registration.closed'] },
  Auth: {
    login: ['login', 'auth.invalid_credentials'],
    refresh: ['refresh', 'auth.invalid_refresh_token'],
    verify: ['verifyToken'],
  },
  Sessions: {
    list: ['listSessions'],
    revoke: ['revokeSession', 'session.not_found'],
    logout: ['logout'],
    logoutEverywhere: ['logoutEverywhere'],
  },
  Users: {
    list: ['listUsers'],
    me: ['getOwnAccount'],
    profile: ['getUser', 'user.not_found'],
    replace: ['replaceUser', 'user.taken', ...OWN_ACCOUNT],
    change: ['updateUser', 'user.taken', ...OWN_ACCOUNT],
    remove: ['deleteUser', 'user.last_administrator', ...OWN_ACCOUNT],
  },
  Posts: {
    list: ['listPosts', 'auth.required', 'request.rate_limited', 'read.busy', 'read.too_slow'],
    get: ['getPost', 'post.not_found'],
  },
  PostsWriting: {
    create: ['createPost', ...POST_WRITE],
    replace: ['replacePost', 'post.not_found', 'post.not_yours', ...POST_WRITE],
    revise: ['updatePost', 'post.not_found', 'post.not_yours', ...POST_WRITE],
    remove: ['deletePost', 'post.not_found', 'post.not_yours'],
    restore: ['restorePost', 'post.not_found', 'post.not_yours', 'post.slug_taken', ...WRITE_LIMITS],
  },
  Categories: { list: ['listCategories'] },
  Tags: { list: ['listTags', 'request.rate_limited', 'read.busy', 'read.too_slow'] },
  Settings: { show: ['getSite'], change: ['updateSite', 'site.fixed', ...WRITE_LIMITS] },
  CategoriesWriting: {
    revise: ['updateCategory', 'category.unknown', 'category.name_taken'],
    merge: ['mergeCategory', 'category.unknown', 'category.not_found', 'category.always_exists'],
  },
  Health: {
    live: ['getLiveness'],
    health: ['getHealth'],
    started: ['getStartup'],
    ready: ['getReadiness', 'service.unavailable'],
  },
  Cache: { purge: ['purgeCache'], explain: ['explainCache', 'cache.no_cached_route'] },
  Webhooks: {
    create: ['createWebhook', 'webhook.too_many'],
    list: ['listWebhooks'],
    get: ['getWebhook', 'webhook.not_found'],
    change: ['updateWebhook', 'webhook.not_found'],
    remove: ['deleteWebhook', 'webhook.not_found'],
  },
  Deliveries: {
    list: ['listWebhookDeliveries', 'webhook.not_found'],
    listDead: ['listDeadLetters', 'webhook.not_found'],
    replay: [
      'replayWebhookDelivery',
      'webhook.not_found',
      'webhook.delivery_not_found',
      'webhook.delivery_pending',
    ],
  },
  Stats: { show: ['getStats', 'service.unavailable'] },
  Metrics: { show: ['getMetrics'] },
};

const TAG_OF = {
  Registration: 'Users',
  Auth: 'Sessions',
  PostsWriting: 'Posts',
  Settings: 'Site',
  CategoriesWriting: 'Categories',
  Health: 'Operations',
  Cache: 'Operations',
  Deliveries: 'Webhooks',
  Stats: 'Operations',
  Metrics: 'Operations',
};

export const TAGS = [
  { name: 'Users', description: 'Accounts and public profiles.' },
  { name: 'Sessions', description: 'Logging in and out, and staying logged in.' },
  { name: 'Posts', description: 'Reading and writing.' },
  { name: 'Categories', description: 'Created with their first post and deleted with their last.' },
  { name: 'Tags', description: 'Of published posts.' },
  { name: 'Site', description: 'Settings of the blog.' },
  { name: 'Webhooks', description: 'Receivers of events.' },
  { name: 'Operations', description: 'For probes, dashboards and operators.' },
];

/** @param handler `PostsController.list` */
export function operationOf(handler) {
  const [controller, method] = handler.replace('Controller.', '.').split('.');
  const entry = OPERATIONS[controller]?.[method];
  if (entry === undefined) throw new Error(`${handler} has no name: add it to scripts/openapi/operations.js`);
  const [operationId, ...codes] = entry;
  return { operationId, codes, tag: TAG_OF[controller] ?? controller };
}
