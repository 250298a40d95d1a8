import { describe, expect, test } from "vitest";
import {
  checkBuildArg,
  checkGitUrl,
  checkPath,
  checkPlatform,
  checkRef,
  checkRepositoryName,
  checkTag,
  checkTimeout,
} from "./build-rules.ts";

const HOSTS = ["github.com", "dev.azure.com"];

describe("repository names follow the OCI rules", () => {
  test.each(["app", "team/app", "a.b_c__d-e--f/g", "a/b/c/d", "0"])("%s is fine", (name) => {
    expect(checkRepositoryName(name)).toBeUndefined();
  });
  test.each([
    "",
    "App",
    "/app",
    "app/",
    "a//b",
    "../x",
    "a..b",
    "evil.azurecr.io:443/x",
    "a b",
    "-a",
    "a-",
    "x".repeat(256),
    "app:v1",
  ])("%j is refused with a sentence", (name) => {
    expect(checkRepositoryName(name)).toMatch(/^A repository name /);
  });
});

describe("tags follow the OCI rules", () => {
  test.each(["latest", "v1.2.3", "_x", "1", "A-b.c_d", "x".repeat(128)])("%s is fine", (tag) =>
    expect(checkTag(tag)).toBeUndefined(),
  );
  test.each(["", ".a", "-a", "a b", "a/b", "a:b", "x".repeat(129), "ä"])("%j is refused", (tag) =>
    expect(checkTag(tag)).toMatch(/^A tag /),
  );
});

describe("a git URL can only name an allowed https host, without credentials", () => {
  test.each([
    "https://github.com/owner/repo.git",
    "https://GITHUB.com/owner/repo",
    "https://dev.azure.com/o/p/_git/r",
    "https://dev.azure.com/o/My%20Project/_git/caf%C3%A9",
  ])("%s is fine", (url) => {
    expect(checkGitUrl(url, HOSTS)).toBeUndefined();
  });
  test.each([
    "http://github.com/o/r",
    "ssh://git@github.com/o/r",
    "git://github.com/o/r",
    "file:///etc/passwd",
    "ext::sh -c id",
    "data:text/plain,x",
    "https://user:token@github.com/o/r",
    "https://ok@evil.example/o/r",
    "https://169.254.169.254/latest",
    "https://2130706433/x",
    "https://[::1]/x",
    "https://github.com.evil.example/o/r",
    "https://github.com:8443/o/r",
    "https://github.com/o/r#main:dir",
    "https://github.com/o/r?x=1",
    "https://github.com/",
    "https://github.com/o/r\r\nHost: x",
    "--upload-pack=touch /tmp/x",
    "github.com/o/r",
    "https://gıthub.com/o/r",
    "https://github.com/./o/r",
    "https://github.com/o/../r",
    "https://github.com/o/%2e%2e/r",
    "https://github.com/o/%2E./r",
    "https://github.com/o/.%2e",
    "https://github.com/%2e/o/r",
    "https://github.com/o/%252e%252e/r",
    "https://github.com/o/r%2f..%2fx",
    "https://github.com/o/r%5c..%5cx",
    "https://github.com/o/r%00",
    "https://github.com/o/r%0d%0aHost:x",
    "https://github.com/o/r%23main",
    "https://github.com/o/user%40evil",
    "https://github.com/o/r%",
    "https://github.com/o/r%zz",
    "https://github.com/o/r%c3",
  ])("%j is refused", (url) => {
    expect(checkGitUrl(url, HOSTS)).toEqual(expect.any(String));
  });
});

test.each([
  ["main", true],
  ["refs/heads/main", true],
  ["v1.2.0", true],
  ["a..b", false],
  ["-x", false],
  ["a:b", false],
  ["", false],
  ["a b", false],
])("the ref %j is taken: %s", (ref, isFine) => expect(checkRef(ref) === undefined).toBe(isFine));

test.each([
  ["Dockerfile", true],
  ["docker/Dockerfile.prod", true],
  ["./x", true],
  ["../x", false],
  ["a/../../etc", false],
  ["a/%2e%2e/x", false],
  ["%2e%2e/x", false],
  ["a%2f..%2fx", false],
  ["/etc/passwd", false],
  ["a:b", false],
])("the path %j is taken: %s", (path, isFine) => expect(checkPath(path) === undefined).toBe(isFine));

test.each([
  ["linux/amd64", true],
  ["Linux/ARM64", true],
  ["plan9/mips", false],
])("the platform %s is taken: %s", (platform, isFine) => expect(checkPlatform(platform) === undefined).toBe(isFine));

test.each([
  ["VERSION", "1; rm -rf /", true],
  ["_x", "$(id)`id`\n", true],
  ["1X", "x", false],
  ["A-B", "x", false],
  ["A", "a\u0000b", false],
])("the build argument %s=%j is taken: %s", (name, value, isFine) =>
  expect(checkBuildArg({ name, value }) === undefined).toBe(isFine),
);

test.each([
  [299, false],
  [300, true],
  [28_800, true],
  [28_801, false],
  [-1, false],
])("a time-out of %i s is taken: %s", (seconds, isFine) => expect(checkTimeout(seconds) === undefined).toBe(isFine));
