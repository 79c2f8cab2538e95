/** Time series, and the moment of the evaluation. */
export interface Scene {
  /** By name and labels, in promtool's notation: `0+6x60` is 0, 6, 12 … with 60 more samples. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Between samples, and between evaluations. Default: a minute. */
  readonly every?: string;
}

export interface Firing extends Scene {
  /** In addition to the severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface AlertCases {
  readonly fires: Firing;
  /** Situations that must not raise an alert, by description. */
  readonly silent: Readonly<Record<string, Scene>>;
}

const OF = 'job="inkwell",namespace="blog",release="r"';
export const BLOG = { namespace: 'blog', release: 'r' };
export const ONE = { ...BLOG, job: 'inkwell', instance: 'a' };

export const requests = (status: string, route = '/blog/api/posts'): string =>
  `http_requests_total{${OF},instance="a",method="GET",route="${route}",status="${status}"}`;
export const fast = `http_request_duration_seconds_bucket{${OF},instance="a",route="/blog/api/posts",le="0.25"}`;
export const all = `http_request_duration_seconds_count{${OF},instance="a",route="/blog/api/posts"}`;
export const scaled = (name: string, autoscaler = 'r-inkwell'): string =>
  `kube_horizontalpodautoscaler_${name}{namespace="blog",horizontalpodautoscaler="${autoscaler}"}`;
export const of = (name: string, labels = 'instance="a"'): string => `${name}{${OF},${labels}}`;
export const hits = of('cache_hits_total', 'cache="post",tier="memory"');
export const misses = of('cache_misses_total', 'cache="post"');
export const logins = (result: string): string => of('auth_login_total', `result="${result}"`);
export const deliveries = (result: string): string =>
  of('webhook_deliveries_total', `instance="a",result="${result}"`);
export const purges = (result: string): string => of('cdn_purges_total', `instance="a",result="${result}"`);
