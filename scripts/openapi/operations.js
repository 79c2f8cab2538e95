// What a handler cannot say of itself: the name of its operation in clients, its group, and the problems of its own.

/** `Controller.method` → operation. */
const OPERATIONS = {
  Registration: { register: ['register', 409] },
  Auth: { login: ['login', 503], refresh: ['refresh', 401], verify: ['verifyToken'] },
  Sessions: {
    list: ['listSessions'],
    revoke: ['revokeSession'],
    logout: ['logout'],
    logoutEverywhere: ['logoutEverywhere'],
  },
  Users: {
    list: ['listUsers'],
    me: ['getOwnAccount'],
    profile: ['getUser'],
    replace: ['replaceUser', 403, 409],
    change: ['updateUser', 403, 409],
    remove: ['deleteUser', 403],
  },
  Posts: { list: ['listPosts', 401], get: ['getPost'] },
  PostsWriting: {
    create: ['createPost', 409, 422],
    replace: ['replacePost', 403, 409, 422],
    revise: ['updatePost', 403, 409, 422],
    remove: ['deletePost', 403],
  },
  Categories: { list: ['listCategories'] },
  Health: {
    live: ['getLiveness'],
    health: ['getHealth'],
    started: ['getStartup'],
    ready: ['getReadiness', 503],
  },
  Cache: { purge: ['purgeCache'], explain: ['explainCache', 404] },
  Webhooks: {
    create: ['createWebhook', 409],
    list: ['listWebhooks'],
    get: ['getWebhook', 404],
    change: ['updateWebhook', 404],
    remove: ['deleteWebhook', 404],
  },
  Deliveries: {
    list: ['listWebhookDeliveries', 404],
    listDead: ['listDeadLetters', 404],
    replay: ['replayWebhookDelivery', 404, 409],
  },
  Stats: { show: ['getStats', 503] },
  Metrics: { show: ['getMetrics'] },
};

const TAG_OF = {
  Registration: 'Users',
  Auth: 'Sessions',
  PostsWriting: 'Posts',
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
  { name: 'Categories', description: 'Made with their first post, gone with their last.' },
  { name: 'Webhooks', description: 'Who is told of what happens.' },
  { name: 'Operations', description: 'For probes, dashboards and operators.' },
];

/** @param handler `PostsController.list` */
export function operationOf(handler) {
  const [controller, method] = handler.replace('Controller.', '.').split('.');
  const entry = OPERATIONS[controller]?.[method];
  if (entry === undefined) throw new Error(`${handler} has no name: add it to scripts/openapi/operations.js`);
  const [operationId, ...problems] = entry;
  return { operationId, problems, tag: TAG_OF[controller] ?? controller };
}
