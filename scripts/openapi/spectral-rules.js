import functions from '@stoplight/spectral-functions';
import owasp from '@stoplight/spectral-owasp-ruleset';
import { oas } from '@stoplight/spectral-rulesets';

const { truthy } = functions;

const operations = (...pointers) => pointers.map((pointer) => `docs/openapi.json#/paths/${pointer}`);

/** All rules of Spectral for OpenAPI and for OWASP's top ten. Each disabled rule has a reason. */
export const spectralRules = {
  extends: [
    [oas, 'all'],
    [owasp, 'all'],
  ],
  rules: {
    // The operator of an installation is responsible for it, and is not known here.
    'info-contact': 'off',
    // They are in reading order.
    'openapi-tags-alphabetical': 'off',
    // A summary that is complete needs no description.
    'operation-description': 'off',
    // The ids of posts, users and webhooks are sequential. Access to hidden things is checked, whatever their id.
    'owasp:api1:2023-no-numeric-ids': 'off',
    // Everyone may read a blog. Another test checks that writing requires credentials.
    'owasp:api2:2023-read-restricted': 'off',
    // Titles, names and texts may be in any script. Values with a fixed format declare it.
    'owasp:api4:2023-string-restricted': 'off',
    // Cached reads have no limit. The two rules below check the operations that have one.
    'owasp:api4:2023-rate-limit': 'off',
    'owasp:api4:2023-rate-limit-responses-429': 'off',
    // A setting decides which origins may read (ALLOWED_ORIGINS). By default there are none.
    'owasp:api8:2023-define-cors-origin': 'off',
    // The document names the server that it comes from, whatever its address.
    'owasp:api9:2023-inventory-environment': 'off',
    'says-what-is-left-of-a-quota': {
      message: 'An answer 429 must carry RateLimit and RateLimit-Policy.',
      severity: 'error',
      given: "$.paths[*][*].responses['429'].headers",
      then: [
        { field: 'RateLimit', function: truthy },
        { field: 'RateLimit-Policy', function: truthy },
      ],
    },
    'leads-to-the-next-try': {
      message: 'An answer 503 or 507 must carry Retry-After.',
      severity: 'error',
      given: ["$.paths[*][*].responses['503'].headers", "$.paths[*][*].responses['507'].headers"],
      then: { field: 'Retry-After', function: truthy },
    },
  },
  overrides: [
    {
      // A client that requests credentials has none yet.
      files: operations('~1api~1register/post', '~1api~1login/post', '~1api~1refresh/post'),
      rules: { 'owasp:api2:2023-write-restricted': 'off' },
    },
    {
      // They ignore credentials, and have no parameters that could be wrong.
      files: operations('~1livez', '~1health', '~1startupz', '~1readyz', '~1stats', '~1metrics'),
      rules: {
        'owasp:api8:2023-define-error-responses-401': 'off',
        'owasp:api8:2023-define-error-validation': 'off',
      },
    },
  ],
};
