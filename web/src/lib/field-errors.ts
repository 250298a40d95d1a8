/** What is wrong with the fields of a form, by path (`nodePools.0.name`), as the API names them too. */
export type FieldErrors = Readonly<Record<string, string>>;
