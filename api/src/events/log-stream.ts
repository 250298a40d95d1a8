/** A stream of a log topic: every entry once, in order. Readers at the same position are given the same object. */
export interface LogStream<T> extends AsyncGenerator<T, void, undefined> {
  readonly isLog: true;
}

export function toLogStream<T>(stream: AsyncGenerator<T, void, undefined>): LogStream<T> {
  return Object.assign(stream, { isLog: true as const });
}

export function isLogStream(value: unknown): value is LogStream<object> {
  return (value as Partial<LogStream<object>> | undefined)?.isLog === true;
}
