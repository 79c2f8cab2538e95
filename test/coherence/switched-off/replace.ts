/** Anything with methods: the prototype of a class, a class for its static methods, an object. */
type Owner = object;

const nameOf = (owner: Owner): string => (typeof owner === 'function' ? owner : owner.constructor).name;

function found(owner: Owner, name: string, kind: 'value' | 'get'): PropertyDescriptor {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (typeof descriptor?.[kind] !== 'function')
    throw new Error(`${nameOf(owner)} has no ${kind === 'get' ? 'getter' : 'method'} "${name}" to replace`);
  return descriptor;
}

/** An override that goes by a name that is gone must not pass for a lost protection: the process ends. */
function endOnTypeError(error: unknown): never {
  if (error instanceof TypeError) {
    process.stderr.write(`An override no longer fits what it replaces: ${error.stack}\n`);
    process.exit(1);
  }
  throw error;
}

function guarded(method: (...given: never[]) => unknown) {
  return function (this: unknown, ...given: never[]): unknown {
    try {
      const result = method.apply(this, given);
      return result instanceof Promise ? result.catch(endOnTypeError) : result;
    } catch (error) {
      return endOnTypeError(error);
    }
  };
}

/**
 * Replaces a method. @param by makes the new one of the old one; `this` is the first argument of both
 * @throws when there is no such method
 */
export function replaceMethod<This extends object, Given extends unknown[], Result>(
  owner: Owner,
  name: string,
  by: (original: (self: This, ...given: Given) => Result) => (self: This, ...given: Given) => Result,
): void {
  const descriptor = found(owner, name, 'value');
  const method = descriptor.value as (...given: Given) => Result;
  const replacement = by((self, ...given) => method.apply(self, given));
  const value = guarded(function (this: This, ...given: Given) {
    return replacement(this, ...given);
  });
  Object.defineProperty(owner, name, { ...descriptor, value });
}

/** Replaces a getter. @throws when there is no such getter */
export function replaceGetter(owner: Owner, name: string, get: () => unknown): void {
  Object.defineProperty(owner, name, { ...found(owner, name, 'get'), get });
}
