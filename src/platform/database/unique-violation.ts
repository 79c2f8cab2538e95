const UNIQUE_VIOLATION = '23505';

/** Whether a statement failed because somebody else has the value already, by node-postgres or through TypeORM. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && (error as Error & { code?: unknown }).code === UNIQUE_VIOLATION;
