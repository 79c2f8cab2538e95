import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Problem } from '../platform/errors/problem.js';
import type { FormBody } from '../platform/server/form-body.js';
import { validationFailed } from '../platform/server/validation-failed.js';
import { commonTexts } from './texts/common.js';
import { fieldErrorInKorean } from './texts/field-errors.js';
import { PROBLEMS_IN_KOREAN } from './texts/problems.js';
import { textsOf, type Visit } from './visit.js';

/** Why a form was refused. */
export interface FormErrors {
  /** For the top of the page. */
  readonly summary: string;
  /** By the name of the field. */
  readonly fields: Readonly<Record<string, string | undefined>>;
}

export const NO_ERRORS: FormErrors = { summary: '', fields: {} };

/** A problem in the visitor's language. */
export const explain = (
  { language }: Pick<Visit, 'language'>,
  { code, title, detail }: Pick<Problem, 'code' | 'title' | 'detail'>,
): string =>
  (language === 'ko' ? PROBLEMS_IN_KOREAN[code] : undefined) ?? (code === 'request.invalid' ? title : detail);

/** The value of a field; of a repeated one, the last. Empty if it is missing. */
export const valueOf = (form: FormBody, name: string): string => {
  const value = form[name];
  return (typeof value === 'string' ? value : value?.at(-1)) ?? '';
};

/** @throws ValidationFailed 400 with a JSON pointer to each invalid field */
export function parseForm<Output>(schema: z.ZodType<Output>, form: FormBody): Output {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  throw validationFailed(parsed.error.issues);
}

function errorsOf(problem: Problem, visit: Visit): FormErrors {
  const errors = problem.errors ?? [];
  const fields = Object.fromEntries(
    errors.map(({ pointer, detail }) => [
      pointer.split('/')[1] ?? '',
      visit.language === 'ko' ? fieldErrorInKorean(detail) : detail,
    ]),
  );
  const summary = errors.length > 0 ? textsOf(visit, commonTexts).somethingIsWrong : explain(visit, problem);
  return { summary, fields };
}

/** Answers a form with a redirect to the next page (RFC 9110 §15.4.4). @returns the empty body */
export function goOn(reply: FastifyReply, path: string): string {
  void reply.status(303).header('location', path);
  return '';
}

/** The answer to a form, and the visit that it belongs to. */
interface Answering {
  readonly reply: FastifyReply;
  readonly visit: Visit;
}

type Render = (errors: FormErrors) => string | Promise<string>;

/**
 * Runs the action of a form. If it fails because of the input, shows the form again, with the input and the reasons,
 * under the status of the problem.
 * @param act returns the body of the answer
 * @param render shows the form again
 * @throws every error that is not about the input
 */
export async function orShowAgain(
  { reply, visit }: Answering,
  act: () => Promise<string>,
  render: Render,
): Promise<string> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    void reply.headers({ ...error.headers }).status(error.status);
    return render(errorsOf(error, visit));
  }
}

/** Like `orShowAgain`, and goes on with another page (303). @param act returns its path */
export const answerForm = (
  answering: Answering,
  act: () => Promise<string>,
  render: Render,
): Promise<string> => orShowAgain(answering, async () => goOn(answering.reply, await act()), render);
