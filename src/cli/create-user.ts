import { type Command, Option } from 'commander';
import type { ZodType } from 'zod';
import { type Role, ROLES } from '../platform/access/principal.js';
import { ValidationFailed } from '../platform/errors/validation-failed.js';
import { readPassword } from './read-password.js';
import { withApp } from './with-app.js';

interface Options {
  readonly role: Role;
  readonly email?: string;
}

async function create(name: string, { role, email }: Options, command: Command): Promise<void> {
  const { createdAccountSchema: schema } = await import('../users/users.schemas.js');
  /** Validates by the rules of registration. */
  const check = <T>(what: string, rule: ZodType<T>, given: unknown, refuse: (why: string) => never): T => {
    const { data, error } = rule.safeParse(given);
    return error === undefined ? data : refuse(`${what} ${error.issues[0]!.message}`);
  };
  const wrongUse = (why: string): never => command.error(`error: ${why}`);
  const username = check(`the name ${JSON.stringify(name)}`, schema.shape.username, name, wrongUse);
  const address = check(`the e-mail ${JSON.stringify(email)}`, schema.shape.email, email, wrongUse);
  const typed = await readPassword(process.stdin, process.stderr);
  const password = check('The password', schema.shape.password, typed, (why) => {
    throw new Error(why);
  });
  const { RegistrationService } = await import('../users/registration.service.js');
  try {
    await withApp((app) => app.get(RegistrationService).create({ username, email: address, password, role }));
  } catch (error) {
    throw error instanceof ValidationFailed ? new Error(`The password ${error.errors![0]!.detail}`) : error;
  }
  process.stdout.write(`${username} can log in now, as ${role}\n`);
}

export function addCreateUser(user: Command): void {
  user
    .command('create')
    .description('create an account; its password is read from standard input, or prompted for at a terminal')
    .argument('<name>', 'user name')
    .addOption(new Option('--role <role>', 'its role').choices(ROLES).makeOptionMandatory())
    .option('--email <address>', 'its e-mail address')
    .addHelpText(
      'after',
      '\nNames and passwords follow the rules of registration. The command also works with REGISTRATION=closed.',
    )
    .action(create);
}
