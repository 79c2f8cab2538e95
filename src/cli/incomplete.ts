/** The command did only part of its work: exit code 1. */
export class Incomplete extends Error {}
