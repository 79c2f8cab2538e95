import { type Command, Option } from 'commander';
import { type Role, ROLES } from '../platform/access/principal.js';
import { addCreateUser } from './create-user.js';
import { withApp } from './with-app.js';

async function promote(name: string, { role }: { readonly role: Role }): Promise<void> {
  const { UsersService } = await import('../users/users.service.js');
  await withApp((app) => app.get(UsersService).setRole(name, role));
  process.stdout.write(`${name} is ${role} now\n`);
}

async function resetPassword(name: string): Promise<void> {
  const { UsersService } = await import('../users/users.service.js');
  const password = await withApp((app) => app.get(UsersService).resetPassword(name));
  // Only the password goes to standard output, so that it can be piped. It is shown only once.
  process.stderr.write(`New password of ${name} (all sessions of the account have ended):\n`);
  process.stdout.write(`${password}\n`);
}

async function list(): Promise<void> {
  const { UsersService } = await import('../users/users.service.js');
  await withApp(async (app) => {
    for await (const { username, role, createdAt } of app.get(UsersService).all())
      process.stdout.write(`${username}\t${role}\t${createdAt.toISOString().slice(0, 10)}\n`);
  });
}

export function addUser(program: Command): void {
  const user = program.command('user').description('manage accounts: create, list, promote, reset-password');
  addCreateUser(user);
  user
    .command('list')
    .description('print name, role and registration date of every account, separated by tabs')
    .action(list);
  user
    .command('promote')
    .description('change the role of an account, with immediate effect')
    .argument('<name>', 'user name')
    .addOption(new Option('--role <role>', 'the new role').choices(ROLES).default('admin'))
    .action(promote);
  user
    .command('reset-password')
    .description('set a new random password, print it once, and end all sessions of the account')
    .argument('<name>', 'user name')
    .action(resetPassword);
}
