/** The command has done what it could, and that was not everything: exit code 1. */
export class Incomplete extends Error {}
