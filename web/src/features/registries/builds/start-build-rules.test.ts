import { describe, expect, test } from "vitest";
import { buildFixture } from "./build.fixture.ts";
import {
  checkGitUrl,
  checkImageName,
  checkImages,
  checkPath,
  checkRef,
  checkTag,
  checkTimeout,
} from "./start-build-rules.ts";
import { initialImage, nextImage, toStartBuildsInput } from "./start-build-values.ts";

const good = () => ({
  ...initialImage("team/service"),
  tag: "1.4.1",
  source: { gitUrl: "https://github.com/owner/repository.git", ref: "", contextPath: "" },
});

describe("rules", () => {
  test.each([
    ["team/service", true],
    ["a__b/c-d.e", true],
    ["Team/service", false],
    ["team//service", false],
    ["team/", false],
    ["team:1", false],
    ["", false],
    ["a".repeat(256), false],
  ])("image name %s: %s", (name, isGood) => expect(checkImageName(name) === undefined).toBe(isGood));

  test.each([
    ["1.4.1", true],
    ["_x", true],
    [".x", false],
    ["-x", false],
    ["a b", false],
    ["", false],
    ["a".repeat(129), false],
  ])("tag %s: %s", (tag, isGood) => expect(checkTag(tag) === undefined).toBe(isGood));

  test.each([
    ["https://github.com/owner/repository.git", true],
    ["http://github.com/owner/repository.git", false],
    ["git@github.com:owner/repository.git", false],
    ["https://user:secret@github.com/owner/repository.git", false],
    ["https://github.com/owner/repository.git#main", false],
    ["https://github.com", false],
    ["https://", false],
    ["", false],
  ])("git address %s: %s", (url, isGood) => expect(checkGitUrl(url) === undefined).toBe(isGood));

  test.each([
    [checkRef, "main", true],
    [checkRef, "a..b", false],
    [checkRef, "", true],
    [checkPath, "services/api", true],
    [checkPath, "../x", false],
    [checkPath, "/x", false],
  ] as const)("%o of %s: %s", (check, value, isGood) => expect(check(value) === undefined).toBe(isGood));

  test.each([
    [300, true],
    [28_800, true],
    [299, false],
    [28_801, false],
    [null, false],
  ])("a timeout of %s seconds: %s", (seconds, isGood) => expect(checkTimeout(seconds) === undefined).toBe(isGood));

  test("errors stand at the paths that the server uses", () => {
    const bad = { ...good(), image: "", buildArgs: [{ key: 0, name: "1x", value: "", secret: true }] };
    expect(Object.keys(checkImages([good(), { ...bad, key: 1 }]))).toEqual([
      "images.1.image",
      "images.1.buildArgs.0.name",
      "images.1.buildArgs.0.value",
    ]);
  });

  test("the same image and tag twice is told at the second", () => {
    expect(Object.keys(checkImages([good(), { ...good(), key: 1 }]))).toEqual(["images.1.tag"]);
  });
});

describe("values", () => {
  test("building again begins with the same inputs, but secret values", () => {
    const build = buildFixture({
      input: {
        gitUrl: "https://github.com/contoso/elb.git",
        ref: null,
        contextPath: "services/elb",
        dockerfile: "docker/Dockerfile",
        platform: "linux/arm64",
        timeoutSeconds: 1200,
        buildArgs: [
          { name: "MODE", value: "prod", secret: false },
          { name: "TOKEN", value: null, secret: true },
        ],
      },
    });
    const image = initialImage("", build);
    expect(image).toMatchObject({
      image: "ncbi/elb",
      tag: "1.4.1",
      dockerfile: "docker/Dockerfile",
      platform: "linux/arm64",
      timeoutSeconds: 1200,
    });
    expect(image.source).toEqual({
      gitUrl: "https://github.com/contoso/elb.git",
      ref: "",
      contextPath: "services/elb",
    });
    expect(image.buildArgs.map(({ name, value, secret }) => [name, value, secret])).toEqual([
      ["MODE", "prod", false],
      ["TOKEN", "", true],
    ]);
    expect(checkImages([image])).toEqual({
      "images.0.buildArgs.1.value": "Give the secret value: it is kept nowhere.",
    });
  });

  test("another image comes from the same source", () => {
    const next = nextImage([good()]);
    expect(next).toMatchObject({ key: 1, image: "", tag: "1.4.1", source: { gitUrl: good().source.gitUrl } });
  });

  test("what is left empty is sent as nothing, and blanks around are cut", () => {
    expect(toStartBuildsInput("r1", [{ ...good(), image: " team/service " }]).images[0]).toEqual({
      image: "team/service",
      tag: "1.4.1",
      source: { gitUrl: "https://github.com/owner/repository.git", ref: null, contextPath: null },
      dockerfile: null,
      platform: "linux/amd64",
      timeoutSeconds: 3600,
      buildArgs: null,
    });
  });
});
