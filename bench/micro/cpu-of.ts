const ROUNDS = 7;
const WARM_UP_CALLS = 5_000;

/** CPU of one call in µs: the minimum over several rounds, which other load on the machine affects least. */
export function cpuMicrosecondsOf(call: () => unknown, calls = 20_000): number {
  for (let i = 0; i < WARM_UP_CALLS; i += 1) call();
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i += 1) call();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / calls);
  }
  return least;
}
