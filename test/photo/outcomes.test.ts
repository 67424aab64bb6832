import { expect, test } from "vitest";
import type { PhotoEvent, RunEvent } from "../../src/events.ts";
import type { Outcome } from "../../src/model.ts";
import { createOutcomes } from "../../src/photo/outcomes.ts";

function photo(outcome: Outcome, more: Partial<PhotoEvent> = {}): PhotoEvent {
  const path = outcome === "failed" ? null : "a.jpg";
  return { type: "photo", key: "a.jpg", path, outcome, bytes: 5, ...more };
}

function told(several = true) {
  const events: RunEvent[] = [];
  return { events, fates: createOutcomes((event) => events.push(event), several) };
}

test("with one target an event is what it was", () => {
  const { events, fates } = told(false);
  fates.expect("a.jpg", ["/usb"]);
  fates.of("/usb")(photo("stored"));
  expect(events).toEqual([photo("stored")]);
});

test.each<[Outcome, Outcome, Outcome]>([
  ["stored", "stored", "stored"],
  ["stored", "already", "stored"],
  ["already", "already", "already"],
  ["failed", "stored", "failed"],
  ["already", "failed", "failed"],
])("%s and %s is %s, told once, when both are known", (one, other, worst) => {
  const { events, fates } = told();
  fates.expect("a.jpg", ["/usb", "s3://b"]);
  fates.of("s3://b")(photo(other, other === "failed" ? { reason: "full" } : {}));
  expect(events).toEqual([]);
  fates.of("/usb")(photo(one, one === "failed" ? { reason: "full" } : {}));
  expect(events).toMatchObject([{ type: "photo", key: "a.jpg", path: "a.jpg", outcome: worst }]);
  const [event] = events;
  expect(event).toMatchObject({
    copies: [
      { target: "s3://b", outcome: other },
      { target: "/usb", outcome: one },
    ],
  });
  if (worst === "failed") expect(Object(event).reason).toMatch(/^(\/usb|s3:\/\/b): full$/);
});

test("a target that is forgotten is not waited for, and not heard any more", () => {
  const { events, fates } = told();
  fates.expect("a.jpg", ["/usb", "s3://b"]);
  fates.expect("b.jpg", ["/usb", "s3://b"]);
  fates.of("/usb")(photo("stored"));
  fates.forget("s3://b");
  expect(events).toMatchObject([{ key: "a.jpg", copies: [{ target: "/usb" }] }]);
  fates.of("s3://b")(photo("stored"));
  fates.of("s3://b")(photo("stored", { key: "b.jpg" }));
  fates.of("/usb")(photo("failed", { key: "b.jpg", reason: "gone" }));
  expect(events).toHaveLength(2);
  expect(events[1]).toMatchObject({ key: "b.jpg", outcome: "failed", reason: "/usb: gone" });
});

test("a photo that nobody took has no outcome", () => {
  const { events, fates } = told();
  fates.expect("a.jpg", ["/usb", "s3://b"]);
  fates.forget("s3://b");
  fates.forget("/usb");
  expect(events).toEqual([]);
});
