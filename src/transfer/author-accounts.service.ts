import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../platform/outbox/transaction-runner.js';
import { UsersService } from '../users/users.service.js';
import { deriveUsername, usernameChoice } from './derive-username.js';
import { fitDisplayName } from './fit-display-name.js';
import type { ImportReport } from './import-report.js';
import type { SourceAuthor } from './source.js';

export interface Account {
  /** Undefined in a dry run, in which no account is created. */
  readonly id: number | undefined;
  readonly username: string;
}

/** Finds the accounts of authors, and creates missing ones. */
@Injectable()
export class AuthorAccounts {
  constructor(
    private readonly users: UsersService,
    private readonly transactions: TransactionRunner,
  ) {}

  /** For one import, which treats an author the same way until its end. */
  forImport(
    report: ImportReport,
    { isDryRun, quiet }: { isDryRun: boolean; quiet: boolean },
  ): AuthorsOfImport {
    return new AuthorsOfImport(
      (username) => this.find(username),
      isDryRun ? undefined : (username, { displayName }) => this.make(username, displayName, quiet),
      report,
    );
  }

  private async find(username: string): Promise<number | undefined> {
    return (await this.users.findByIdOrName({ username }))?.id;
  }

  private make(username: string, displayName: string, quiet: boolean): Promise<number> {
    const name = fitDisplayName(displayName);
    return this.transactions.run((tx) => this.users.createWithoutPassword(tx, username, name, quiet));
  }
}

type Find = (username: string) => Promise<number | undefined>;
type Make = (username: string, author: SourceAuthor) => Promise<number>;

export class AuthorsOfImport {
  private readonly accounts = new Map<string, Account>();
  private readonly usernames = new Set<string>();
  private readonly reported = new Set<string>();

  constructor(
    private readonly find: Find,
    private readonly make: Make | undefined,
    private readonly report: ImportReport,
  ) {}

  /** The account with this username, or else a new one without a password. Two authors never share an account. */
  async accountOf(author: SourceAuthor): Promise<Account> {
    const { id, username } = await this.recall(author);
    if (id !== undefined || this.make === undefined) return this.listed(author, { id, username });
    return this.listed(author, { id: await this.make(username, author), username });
  }

  /** Like `accountOf`, for a post that exists already: its author keeps the username, but no account is created. */
  async recall({ name }: SourceAuthor): Promise<Account> {
    const known = this.accounts.get(name);
    if (known !== undefined) return known;
    const username = this.freeUsername(deriveUsername(name));
    const account = { id: await this.find(username), username };
    this.accounts.set(name, account);
    return account;
  }

  private listed({ name, displayName }: SourceAuthor, account: Account): Account {
    if (!this.reported.has(name)) {
      const isNew = this.accounts.get(name)?.id === undefined;
      this.report.authors.push({ name: displayName, username: account.username, isNew });
    }
    this.reported.add(name);
    this.accounts.set(name, account);
    return account;
  }

  private freeUsername(preferred: string): string {
    for (let choice = 1; ; choice += 1) {
      const username = usernameChoice(preferred, choice);
      if (this.usernames.has(username)) continue;
      this.usernames.add(username);
      return username;
    }
  }
}
