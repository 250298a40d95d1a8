import { a } from "./bad.ts"; export const other = (): unknown => a;
