import { type Command, Option } from 'commander';
import { type Role, ROLES } from '../platform/access/principal.js';
import { withApp } from './with-app.js';

async function promote(name: string, { role }: { readonly role: Role }): Promise<void> {
  const { UsersService } = await import('../users/users.service.js');
  await withApp((app) => app.get(UsersService).setRole(name, role));
  process.stdout.write(`${name} is ${role} now\n`);
}

async function resetPassword(name: string): Promise<void> {
  const { UsersService } = await import('../users/users.service.js');
  const password = await withApp((app) => app.get(UsersService).resetPassword(name));
  // The password alone on standard output, so that it can be piped; it is shown this once.
  process.stderr.write(`New password of ${name}; all sessions of the account have ended:\n`);
  process.stdout.write(`${password}\n`);
}

export function addUser(program: Command): void {
  const user = program.command('user').description('change an account: promote, reset-password');
  user
    .command('promote')
    .description('give an account a role, at once')
    .argument('<name>', 'user name')
    .addOption(new Option('--role <role>', 'the new role').choices(ROLES).makeOptionMandatory())
    .action(promote);
  user
    .command('reset-password')
    .description('give an account a new password, print it once, and end all its sessions')
    .argument('<name>', 'user name')
    .action(resetPassword);
}
