/** The part of CloudNativePG that the chart uses (API postgresql.cnpg.io/v1). No package has types for it. */
interface Metadata {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Plugin {
  readonly name: string;
  readonly isWALArchiver?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface IScheduledBackup {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'ScheduledBackup';
  readonly metadata: Metadata;
  readonly spec: {
    readonly cluster: { readonly name: string };
    readonly schedule: string;
    readonly method: 'barmanObjectStore' | 'volumeSnapshot' | 'plugin';
    readonly pluginConfiguration?: Pick<Plugin, 'name' | 'parameters'>;
  };
}

export interface ICluster {
  readonly apiVersion: 'postgresql.cnpg.io/v1';
  readonly kind: 'Cluster';
  readonly metadata: Metadata;
  readonly spec: {
    readonly instances: number;
    readonly imageName: string;
    readonly bootstrap: { readonly initdb: { readonly database: string; readonly owner: string } };
    readonly plugins?: readonly Plugin[];
    /** PostgreSQL's own settings are strings, including numbers. */
    readonly postgresql: { readonly parameters: Readonly<Record<string, string>> };
    readonly storage: { readonly size: string; readonly storageClass?: string };
    readonly resources: {
      readonly requests: Readonly<Record<string, string>>;
      readonly limits: Readonly<Record<string, string>>;
    };
  };
}
