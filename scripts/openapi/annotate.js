import { ModulesContainer, Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiExcludeController, ApiExtension, ApiResponse } from '@nestjs/swagger';
import { DOCUMENTATION } from '../../dist/platform/openapi/documents.js';
import { rulesOf } from '../../dist/platform/server/route-rules.js';

/** Set on each operation until it is tidied: the rules of its route. */
export const RULES = 'x-rules';

/** The only answer that is not JSON. */
const METRICS = {
  type: 'string',
  maxLength: 2 ** 24,
  examples: [
    '# TYPE http_requests_total counter\nhttp_requests_total{method="GET",route="/blog/api/posts",status="200"} 12\n',
  ],
};

const answerOf = ({ status, schema, mediaType }) => ({
  status,
  ...(schema === undefined ? {} : { standardSchema: schema }),
  ...(mediaType === undefined ? {} : { content: { [mediaType]: { schema: METRICS } } }),
});

function annotate({ answers = [], isProtected, isHidden } = {}, ...target) {
  if (isProtected) ApiBearerAuth()(...target);
  if (isHidden) ApiExcludeController()(...target);
  for (const answer of answers) ApiResponse(answerOf(answer))(...target);
}

/** Passes the `Documents` of the handlers to @nestjs/swagger. The server itself does not use that package. */
export function annotateHandlers(app) {
  const modules = [...app.get(ModulesContainer).values()];
  for (const { metatype } of modules.flatMap(({ controllers }) => [...controllers.values()])) {
    annotate(Reflect.getMetadata(DOCUMENTATION, metatype), metatype);
    const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(metatype.prototype);
    for (const [key, descriptor] of Object.entries(members)) {
      const target = [metatype.prototype, key, descriptor];
      annotate(Reflect.getMetadata(DOCUMENTATION, descriptor.value), ...target);
      const { access, limits, isWrite = false } = rulesOf(metatype, descriptor.value, app.get(Reflector));
      const rules = {
        checksCredentials: access.credentials !== 'none',
        needsRole: access.role !== undefined && access.role !== 'reader',
        isLimited: limits.length > 0 || isWrite,
      };
      ApiExtension(RULES, rules)(...target);
    }
  }
}
