/** The host has private addresses only, and the call is for public ones. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} is not an address of the public Internet`);
  }
}
