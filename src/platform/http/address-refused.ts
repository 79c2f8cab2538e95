/** A host that only private addresses were found for, asked for by a call to public ones. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} is not an address of the public Internet`);
  }
}
