import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { Role } from '../platform/access/principal.js';

@Entity('users')
export class User {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** Never changed: it is part of addresses and shown as the author of posts. */
  @Column({ type: 'text', update: false })
  readonly username!: string;

  /** Null of an author that an import made. */
  @Column('text', { nullable: true })
  email!: string | null;

  /** Null where nobody can log in. Not selected unless asked for, so that it cannot slip into an answer or a cache. */
  @Column('text', { name: 'password_hash', nullable: true, select: false })
  passwordHash?: string | null;

  @Column('text')
  role!: Role;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  bio!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  readonly createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  readonly updatedAt!: Date;
}
