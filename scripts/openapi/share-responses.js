/** `400`, `400b`, `400c` … in the order of their first use. */
const nameOf = (status, count) => (count === 0 ? status : `${status}${String.fromCharCode(97 + count)}`);

/**
 * Moves responses that several operations share into one place.
 * @param paths in which references replace them
 * @returns the shared responses
 */
export function shareResponses(paths) {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const refusals = operations.flatMap(({ responses }) =>
    Object.entries(responses).filter(([status]) => status === 'default' || Number(status) >= 400),
  );
  const uses = Map.groupBy(refusals, (refusal) => JSON.stringify(refusal));
  const counts = {};
  const names = new Map();
  const shared = {};
  for (const [text, [[status, response], ...others]] of uses) {
    if (others.length === 0) continue;
    const name = nameOf(status, counts[status] ?? 0);
    counts[status] = (counts[status] ?? 0) + 1;
    names.set(text, name);
    shared[name] = response;
  }
  for (const operation of operations) {
    for (const refusal of Object.entries(operation.responses)) {
      const name = names.get(JSON.stringify(refusal));
      if (name !== undefined) operation.responses[refusal[0]] = { $ref: `#/components/responses/${name}` };
    }
  }
  return shared;
}
