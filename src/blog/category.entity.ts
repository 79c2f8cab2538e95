import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The category that always exists, and that posts without another one are in. */
export const GENERAL_ID = 1;
export const GENERAL_NAME = 'General';

@Entity('categories')
export class Category {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** Unique without regard to case. */
  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly slug!: string;

  /** `#rrggbb`, readable on white. */
  @Column('text')
  readonly color!: string;
}
