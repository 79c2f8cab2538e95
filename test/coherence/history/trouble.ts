import type { Node } from '../cluster/cluster.js';

/** How long after the recovery of a link or server a replica may still report that it was away. */
const GRACE_MS = 2_500;

interface Window {
  readonly node: Node;
  readonly fromMs: number;
  toMs: number;
  isOver: boolean;
}

/** When which replica could not reach PostgreSQL. Only then may it answer 503, or with a copy marked as stale. */
export class Trouble {
  private readonly windows: Window[] = [];

  /** @returns a function that ends it */
  begin(nodes: readonly Node[], fromMs = performance.now()): () => void {
    const begun = nodes.map((node) => ({ node, fromMs, toMs: Infinity, isOver: false }));
    this.windows.push(...begun);
    return () => {
      const toMs = performance.now() + GRACE_MS;
      for (const window of begun) Object.assign(window, { toMs, isOver: true });
    };
  }

  wasWithin(node: Node, fromMs: number, toMs: number): boolean {
    return this.windows.some(
      (window) => window.node === node && window.fromMs <= toMs && window.toMs >= fromMs,
    );
  }

  /** Is it cut off at this moment? */
  isNow(node: Node): boolean {
    return this.windows.some((window) => window.node === node && !window.isOver);
  }
}
