import axe from 'axe-core';
import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];

/** @throws an error that says what to install */
function pathOfChromium(): string {
  const path = process.env['CHROMIUM_PATH'] ?? PLACES.find((place) => existsSync(place));
  if (path === undefined) throw new Error('There is no Chromium: install it, or set CHROMIUM_PATH');
  return path;
}

export const launchChromium = (): Promise<Browser> =>
  // Without a sandbox of its own, because tests run as root in containers. It only loads our own pages.
  chromium.launch({ executablePath: pathOfChromium(), args: ['--no-sandbox', '--disable-dev-shm-usage'] });

export const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
} as const;

/** A person at a browser. Collects everything that the browser complains of. */
export class Visitor {
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async at(url: string, browser: Browser, options: BrowserContextOptions = DESKTOP): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: url, locale: 'en-GB', ...options });
    const visitor = new Visitor(context, await context.newPage());
    visitor.watch(visitor.page);
    context.on('page', (page) => visitor.watch(page));
    return visitor;
  }

  /** The rules of WCAG that axe finds broken on the page, each with the elements. */
  async inaccessibilities(): Promise<string[]> {
    // Evaluated by the protocol, which the page's Content-Security-Policy does not concern.
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<axe.AxeResults>('axe.run()');
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
  }

  close(): Promise<void> {
    return this.context.close();
  }

  /** Violations of the Content-Security-Policy are errors of the console, too. */
  private watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }
}
