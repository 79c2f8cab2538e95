import openapiTS, { astToString } from 'openapi-typescript';

// A member with a default may be omitted in a request, but the default would make it required.
const OPTIONS = { defaultNonNullable: false };

/** client/schema.d.ts: the types of every operation. @param document the text of docs/openapi.json */
export const clientSchema = async (document) =>
  `/* eslint-disable -- Generated from docs/openapi.json by \`npm run generate\`. */\n${astToString(await openapiTS(JSON.parse(document), OPTIONS))}`;
