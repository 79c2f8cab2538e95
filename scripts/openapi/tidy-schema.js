const MAX_SAFE = Number.MAX_SAFE_INTEGER;

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Formats say it better than the patterns that zod derives from them. */
const hasTellingFormat = ({ format }) => ['date-time', 'uuid', 'email'].includes(format);

function tidied(schema) {
  const { pattern, minimum, maximum, exclusiveMinimum, example, ...rest } = schema;
  const isNumber = rest.type === 'integer' || rest.type === 'number';
  return {
    ...rest,
    ...(pattern !== undefined && !isNumber && !hasTellingFormat(rest) ? { pattern } : {}),
    // OpenAPI 3.0 had a boolean beside the number.
    ...(exclusiveMinimum === true ? { exclusiveMinimum: minimum } : {}),
    ...(typeof exclusiveMinimum === 'number' ? { exclusiveMinimum } : {}),
    ...(minimum !== undefined && minimum !== -MAX_SAFE && exclusiveMinimum !== true ? { minimum } : {}),
    ...(maximum !== undefined && maximum !== MAX_SAFE ? { maximum } : {}),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

/** Takes out of a schema, all the way down, what only repeats itself, and says the rest as OpenAPI 3.1 does. */
export function tidySchema(value, isSchema = true) {
  if (Array.isArray(value)) return value.map((item) => tidySchema(item));
  if (!isRecord(value)) return value;
  const own = isSchema ? tidied(value) : value;
  return Object.fromEntries(
    // The members of `properties` are schemas; it is none itself.
    Object.entries(own).map(([key, member]) => [
      key,
      ['examples', 'enum', 'default'].includes(key) ? member : tidySchema(member, key !== 'properties'),
    ]),
  );
}
