/** The message that a thread's script posts once it is loaded. */
export const READY = 'ready';
