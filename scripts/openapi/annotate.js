import { ModulesContainer } from '@nestjs/core';
import { ApiBearerAuth, ApiExcludeController, ApiResponse } from '@nestjs/swagger';
import { DOCUMENTATION } from '../../dist/platform/openapi/documents.js';

const answerOf = ({ status, schema, mediaType }) => ({
  status,
  ...(schema === undefined ? {} : { standardSchema: schema }),
  ...(mediaType === undefined ? {} : { content: { [mediaType]: { schema: { type: 'string' } } } }),
});

function annotate({ answers = [], isProtected, isHidden } = {}, ...target) {
  if (isProtected) ApiBearerAuth()(...target);
  if (isHidden) ApiExcludeController()(...target);
  for (const answer of answers) ApiResponse(answerOf(answer))(...target);
}

/** Says to @nestjs/swagger what the handlers say by `Documents`: the server itself goes without that package. */
export function annotateHandlers(app) {
  const modules = [...app.get(ModulesContainer).values()];
  for (const { metatype } of modules.flatMap(({ controllers }) => [...controllers.values()])) {
    annotate(Reflect.getMetadata(DOCUMENTATION, metatype), metatype);
    const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(metatype.prototype);
    for (const [key, descriptor] of Object.entries(members))
      annotate(Reflect.getMetadata(DOCUMENTATION, descriptor.value), metatype.prototype, key, descriptor);
  }
}
