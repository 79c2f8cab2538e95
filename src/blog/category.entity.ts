import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The category that always exists. Posts without another category belong to it. */
export const GENERAL_ID = 1;
export const GENERAL_NAME = 'General';

@Entity('categories')
export class Category {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  readonly id!: number;

  /** Unique regardless of case. */
  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly slug!: string;

  /** `#rrggbb`, readable on white. */
  @Column('text')
  readonly color!: string;
}
