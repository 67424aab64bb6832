import { expect, test } from "vitest";
import { configOf } from "../../../src/stores/sftp/ssh-config.ts";

const TEXT = `
# photos
Host nas nas.*
  HostName 192.0.2.7
  User me
  IdentityFile ~/.ssh/nas
Host !office *.example
  Port=23
  IdentityFile "%d/keys/a key"
Match user root
  Port 1
Host *
  User everybody
  Port 2222
  ForwardAgent yes
  hostname %h.lan
`;

test.each([
  ["nas", { hostName: "192.0.2.7", user: "me", port: 2222, identityFiles: ["/h/.ssh/nas"] }],
  ["nas.example", { hostName: "192.0.2.7", user: "me", port: 23, identityFiles: ["/h/.ssh/nas", "/h/keys/a key"] }],
  ["other", { hostName: "other.lan", user: "everybody", port: 2222, identityFiles: [] }],
])("of %s the first value of each holds", (host, config) => {
  expect(configOf(TEXT, host, "/h")).toEqual(config);
});

test("an empty file says nothing, and a port that is none is none", () => {
  expect(configOf("", "nas", "/h")).toEqual({ identityFiles: [] });
  expect(configOf("Port ssh\r\nUser me\r\n", "nas", "/h")).toEqual({ identityFiles: [], user: "me" });
});
