const { MAX_SAFE_INTEGER: MAX_SAFE, MIN_SAFE_INTEGER: MIN_SAFE } = Number;
const MAX_INT32 = 2 ** 31 - 1;

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Formats are clearer than the patterns that zod derives from them. */
const LENGTH_OF_FORMAT = { 'date-time': 24, uuid: 36, email: 254 };

const isOf = (type, schema) => [schema.type].flat().includes(type);

function integer({ minimum = MIN_SAFE, maximum = MAX_SAFE, exclusiveMinimum, ...rest }) {
  // OpenAPI 3.0 had a boolean next to the number.
  const least =
    exclusiveMinimum === undefined ? minimum : 1 + (exclusiveMinimum === true ? minimum : exclusiveMinimum);
  const format = least >= -MAX_INT32 && maximum <= MAX_INT32 ? 'int32' : 'int64';
  return { ...rest, format, minimum: least, maximum };
}

function string({ pattern, ...rest }) {
  const maxLength = LENGTH_OF_FORMAT[rest.format];
  if (maxLength === undefined) return { ...rest, ...(pattern === undefined ? {} : { pattern }) };
  return { maxLength, ...rest };
}

function tidied({ example, ...rest }) {
  const schema = { ...rest, ...(example === undefined ? {} : { examples: [example] }) };
  if (isOf('integer', schema)) return integer(schema);
  if (isOf('string', schema)) return string(schema);
  return schema;
}

/** Removes redundant parts of a schema at every level, and converts the rest to OpenAPI 3.1. */
export function tidySchema(value, isSchema = true) {
  if (Array.isArray(value)) return value.map((item) => tidySchema(item));
  if (!isRecord(value)) return value;
  const own = isSchema ? tidied(value) : value;
  return Object.fromEntries(
    // The members of `properties` are schemas, but `properties` itself is not.
    Object.entries(own).map(([key, member]) => [
      key,
      ['examples', 'enum', 'default'].includes(key) ? member : tidySchema(member, key !== 'properties'),
    ]),
  );
}
