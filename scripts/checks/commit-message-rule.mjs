const TYPES = ["feat", "fix", "perf", "refactor", "test", "docs", "build", "ci", "chore", "revert"];
/** Folders, so that a log can be read by place. */
const SCOPES = [
  "activity",
  "auth",
  "azure",
  "clusters",
  "config",
  "docs",
  "e2e",
  "emulator",
  "events",
  "graphql",
  "jobs",
  "observability",
  "registry",
  "repo",
  "shared",
  "simulator",
  "storage",
  "web",
];
const LONGEST_SUBJECT = 100;

/** What is wrong with a commit message, a sentence each; empty when nothing is. Merges and fixups pass. */
export function commitMessageProblems(message) {
  const [subject = "", second = ""] = message.split("\n").filter((line) => !line.startsWith("#"));
  if (/^(Merge |Revert "|fixup! |squash! )/.test(subject)) return [];
  const match = /^([a-z]+)\(([a-z0-9-]+)\)!?: (\S.*)$/.exec(subject);
  if (!match) return [`Write the first line as "type(scope): what it does", not ${JSON.stringify(subject)}.`];
  const [, type, scope, text] = match;
  return [
    !TYPES.includes(type) && `The type is one of ${TYPES.join(", ")}, not "${type}".`,
    !SCOPES.includes(scope) && `The scope is one of ${SCOPES.join(", ")}, not "${scope}".`,
    text.endsWith(".") && "The first line ends without a full stop.",
    /^[A-Z][a-z]/.test(text) && "The text after the colon starts in lower case.",
    /^\w+(ed|ing) /.test(text) && `Say what the commit does, as an order: not "${text.split(" ")[0]}".`,
    subject.length > LONGEST_SUBJECT &&
      `The first line has ${subject.length} characters; ${LONGEST_SUBJECT} is the most.`,
    second.trim() !== "" && "Leave the second line empty.",
  ].filter(Boolean);
}
