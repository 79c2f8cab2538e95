const UNIQUE_VIOLATION = '23505';

/** True if a statement failed because the value already exists, whether through node-postgres or TypeORM. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && (error as Error & { code?: unknown }).code === UNIQUE_VIOLATION;
