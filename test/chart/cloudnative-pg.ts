/** What the chart uses of CloudNativePG's Cluster (API postgresql.cnpg.io/v1), for which no package has types. */
export interface ICluster {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'Cluster';
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly instances: number;
    readonly imageName: string;
    readonly bootstrap: { readonly initdb: { readonly database: string; readonly owner: string } };
    /** PostgreSQL's own settings are strings, numbers too. */
    readonly postgresql: { readonly parameters: Readonly<Record<string, string>> };
    readonly storage: { readonly size: string; readonly storageClass?: string };
    readonly resources: {
      readonly requests: Readonly<Record<string, string>>;
      readonly limits: Readonly<Record<string, string>>;
    };
  };
}
