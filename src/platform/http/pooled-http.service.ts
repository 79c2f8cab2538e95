import { HttpService } from '@nestjs/axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { Observable } from 'rxjs';

type Call = (...args: never[]) => Promise<AxiosResponse>;

/**
 * Like HttpService, but without its cancellation. Nest aborts each call when its subscriber leaves, even after the call
 * has ended, which creates an error with a stack for every answer (an eighth of the time of a call).
 */
export class PooledHttpService extends HttpService {
  protected override makeObservable<T>(call: Call, ...args: unknown[]): Observable<AxiosResponse<T>> {
    return new Observable((subscriber) => {
      const leaving = new AbortController();
      const config = (args.at(-1) ?? {}) as AxiosRequestConfig;
      const given = config.signal as AbortSignal | undefined;
      const signal = given === undefined ? leaving.signal : AbortSignal.any([given, leaving.signal]);
      let hasEnded = false;
      call(...([...args.slice(0, -1), { ...config, signal }] as never[])).then(
        (answer) => {
          hasEnded = true;
          subscriber.next(answer as AxiosResponse<T>);
          subscriber.complete();
        },
        (error: unknown) => {
          hasEnded = true;
          subscriber.error(error);
        },
      );
      return () => {
        if (!hasEnded) leaving.abort();
      };
    });
  }
}
