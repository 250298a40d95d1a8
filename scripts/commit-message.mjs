/** `node scripts/commit-message.mjs <file>`: holds a commit message against the rule of CONTRIBUTING.md. */
import { readFileSync } from "node:fs";
import { commitMessageProblems } from "./checks/commit-message-rule.mjs";

const problems = commitMessageProblems(readFileSync(process.argv[2], "utf8"));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);
