import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Role } from '../platform/access/principal.js';
import { UserNotFound } from './users.problems.js';

/** An account as administrators see it. */
export interface Person {
  readonly id: number;
  readonly username: string;
  readonly display_name: string;
  /** Null for an author created by an import. */
  readonly email: string | null;
  readonly role: Role;
  /** False if nobody can sign in. */
  readonly has_password: boolean;
  readonly created_at: Date;
}

export interface PeopleRequest {
  /** Part of a user name, display name or e-mail address, in any case. Empty: everybody. */
  readonly q: string;
  /** Starts after this user name. Empty: at the start. */
  readonly after: string;
}

const PAGE = 50;
const COLUMNS = `
  id, username, display_name, email, role, password_hash IS NOT NULL AS has_password, created_at`;
const LIST = `
  SELECT ${COLUMNS} FROM users
  WHERE username > $2 AND ($1 = '' OR strpos(lower(username || ' ' || display_name || ' ' || coalesce(email, '')), lower($1)) > 0)
  ORDER BY username LIMIT ${PAGE + 1}`;
const GET = `SELECT ${COLUMNS} FROM users WHERE id = $1`;

/** Lists accounts with their e-mail addresses. For administrators only, and never cached. */
@Injectable()
export class PeopleService {
  constructor(private readonly pool: Pool) {}

  /** @returns fifty by user name, and the name after which the next page starts */
  async list({ q, after }: PeopleRequest): Promise<{ people: Person[]; next: string | null }> {
    const { rows } = await this.pool.query<Person>(LIST, [q, after]);
    const people = rows.slice(0, PAGE);
    return { people, next: rows.length > PAGE ? people.at(-1)!.username : null };
  }

  /** @throws UserNotFound */
  async get(id: number): Promise<Person> {
    const { rows } = await this.pool.query<Person>(GET, [id]);
    if (rows[0] === undefined) throw new UserNotFound();
    return rows[0];
  }
}
