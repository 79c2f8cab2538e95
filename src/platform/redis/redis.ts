/** The client's class is its injection token; the rest of the source knows it from here. */
export { Redis } from 'ioredis';
