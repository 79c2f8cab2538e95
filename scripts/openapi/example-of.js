const OF_FORMAT = { 'date-time': '2026-01-31T09:30:00.000Z', uuid: '3f0e2a52-6f0c-4e8e-9d0b-0f3c8d1e2a77' };

const typeOf = ({ type }) => (Array.isArray(type) ? type[0] : type);

/** Optional members are shown only if the schema has an example of them. */
const isShown = (name, { required = [], properties }) =>
  required.includes(name) || properties[name].examples !== undefined;

/**
 * Builds an example for a schema from the examples of its parts.
 * @param schemas of the document, by name
 * @param at the location, for the error if there is no example
 */
export function exampleOf(schema, schemas, at) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    return exampleOf(schemas[name], schemas, name);
  }
  if (schema.examples !== undefined) return schema.examples[0];
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0], schemas, at);
  if (schema.format in OF_FORMAT) return OF_FORMAT[schema.format];
  switch (typeOf(schema)) {
    case 'object': {
      const shown = Object.entries(schema.properties).filter(([name]) => isShown(name, schema));
      return Object.fromEntries(
        shown.map(([name, member]) => [name, exampleOf(member, schemas, `${at}.${name}`)]),
      );
    }
    case 'array':
      return [exampleOf(schema.items, schemas, `${at}[]`)];
    case 'boolean':
      return true;
    default:
      throw new Error(`${at} has no example: give its schema one by meta({ examples })`);
  }
}
