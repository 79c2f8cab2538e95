/** Taken away, to show that the exploration finds what each of them prevents. */
export type Protection =
  | 'wait for acknowledgements'
  | 'lease'
  | 'snapshot check when storing'
  | 'difference by snapshot'
  | 'registration before the poll'
  | 'age of the history'
  | 'epoch'
  | 'recording before the first reply';

/** How often each may happen. */
export interface Limits {
  readonly writes: number;
  readonly ticks: number;
  readonly polls: number;
  readonly loads: number;
  readonly crashes: number;
}

/** The actions that begin a world: the replica joins. */
export const JOINING: Limits = { writes: 0, ticks: 0, polls: 1, loads: 0, crashes: 0 };
