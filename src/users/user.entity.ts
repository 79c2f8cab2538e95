import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { Role } from '../platform/access/principal.js';

@Entity('users')
export class User {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** Never changes: it is part of URLs, and shown as the author of posts. */
  @Column({ type: 'text', update: false })
  readonly username!: string;

  /** Null for an author created by an import. */
  @Column('text', { nullable: true })
  email!: string | null;

  /** Null if nobody can log in. Only selected explicitly, so that it cannot leak into an answer or a cache. */
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
