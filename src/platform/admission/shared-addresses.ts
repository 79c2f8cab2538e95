import { Injectable } from '@nestjs/common';
import { BlockList, isIP } from 'node:net';
import { Config } from '../../config.js';

const THIS_MACHINE = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/**
 * Addresses that many clients share: trusted proxies, and the addresses of this machine, where an undeclared proxy may
 * run.
 */
@Injectable()
export class SharedAddresses {
  private readonly addresses = new BlockList();

  constructor(config: Config) {
    for (const range of [...THIS_MACHINE, ...config.trustedProxies]) addRange(this.addresses, range);
  }

  has(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.addresses.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}
