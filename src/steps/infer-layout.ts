/**
 * Decides how the originals of a listing are told from its renditions: a known layout that fits, or what names and sizes
 * suggest, is proposed, and the pictures prove it family by family. What they leave open is put to somebody who can be
 * asked, once. What is refused makes room for another proposal.
 */

import { stopIf } from "../cancel.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Emit } from "../events.ts";
import type { Layout } from "../layouts/layout.ts";
import { describeToken } from "../layouts/layout.ts";
import { classifier } from "../originals/classify.ts";
import { optionFor, patternOf, type Suspect } from "../originals/family-pattern.ts";
import { pairsWanted, unitOf } from "../originals/family-proof.ts";
import { newPairsWanted, provenFamily, withNewPairs } from "../originals/proven-family.ts";
import { type ProvenFamily, type SavedLayout, sameRules } from "../originals/saved-layout.ts";
import type { Proposal } from "../originals/survey.ts";
import { type Compared, type ComparedBefore, type ProvePorts, proveFamilies } from "./prove-families.ts";
import {
  everyKey,
  type Pass,
  type SampledFamily,
  STOPPED,
  sampleFamilies,
  surveyed,
  untilStopped,
} from "./sample-listing.ts";

export interface InferOptions {
  /** The layouts to choose from where the user named none. */
  readonly known: readonly Layout[];
  readonly signal: AbortSignal;
  /** What compares pictures; absent where no photo can be read, and then nothing is proven. */
  readonly prove?: ProvePorts | undefined;
  /** Asks somebody whether a family is one of renditions; absent where nobody can be asked. */
  readonly ask?: ((question: Question) => Promise<boolean>) | undefined;
}

export interface Question extends ProvenFamily {
  /** What names and sizes say of it; null where a known layout names it. */
  readonly reason: string | null;
}

interface Inferred {
  readonly saved: SavedLayout;
  /** Families that were not even proposed, and are worth a word. */
  readonly suspects: readonly Suspect[];
}

/** What is refused makes room for other proposals so often. */
const ROUNDS = 3;
/** The name under which the catalogue remembers the families that somebody said are none. */
const REFUSED = "layout-refused";

/**
 * @param before what was found in an earlier run, which is not fetched again
 * @throws HaulError `interrupted`, and as the catalogue and the source do
 */
export async function inferLayout(
  catalogue: Catalogue,
  options: InferOptions,
  before: readonly ProvenFamily[] = [],
): Promise<Inferred> {
  const survey = await surveyed(catalogue, options);
  const refused = { layouts: new Set<string>(), looks: new Set<string>() };
  const found: KnownBefore = {
    families: new Map(before.map((family) => [nameOf(family), family])),
    pairs: new Map(),
  };
  let decided = await decide(survey.propose(refused), catalogue, options, found);
  const gone: ProvenFamily[] = [];
  for (let round = 1; round < ROUNDS && refuse(decided, refused); round += 1) {
    const next = survey.propose(refused);
    if (sameRules(next.layout, without(decided.proposal.layout, refused.looks))) break;
    gone.push(...[...decided.families.values()].filter(({ state }) => state === "none"));
    decided = await decide(next, catalogue, options, found);
  }
  const { proposal, families, keys } = decided;
  const { layout } = proposal;
  const reason = reasonOf(proposal, families);
  return {
    saved: { layout, reason, chosen: false, families, refused: gone, keys },
    suspects: survey.suspects(proposal, refused.layouts),
  };
}

/** What was proposed and is proven, for people. */
function reasonOf({ reason }: Proposal, families: ReadonlyMap<string, ProvenFamily>): string {
  const proven = [...families].filter(([, { state }]) => state !== "none").map(([unit]) => unit);
  if (families.size === 0) return reason;
  if (proven.length === 0) return `${reason}, but no picture proves that any key is a rendition`;
  return `${reason}; pictures prove ${proven.join(", ")}`;
}

/** A layout without the families that were refused: what is left of it is no new proposal. */
function without(layout: Layout, looks: ReadonlySet<string>): Layout {
  return {
    ...layout,
    renditions: layout.renditions.filter((rule) => !looks.has(rule.looks ?? "")),
    tokens: layout.tokens.filter((rule) => !looks.has(describeToken(rule))),
  };
}

interface Decided {
  readonly proposal: Proposal;
  readonly families: Map<string, ProvenFamily>;
  readonly keys: number;
}

/** What is known already, of an earlier run or an earlier proposal. */
interface KnownBefore {
  readonly families: Map<string, ProvenFamily>;
  readonly pairs: ComparedBefore;
}

/** Proves the families of a proposal, those that were not compared before. */
async function decide(
  proposal: Proposal,
  catalogue: Catalogue,
  options: InferOptions,
  found: KnownBefore,
): Promise<Decided> {
  const { layout } = proposal;
  let keys = 0;
  const pass: Pass = async function* () {
    keys = 0;
    for await (const objects of everyKey(catalogue, options.signal)) {
      keys += objects.length;
      yield objects;
    }
  };
  const budget = options.prove?.budget ?? 0;
  const sampled = await sampleFamilies(pass, classifier(layout), async () => []);
  const facts = new Map([...sampled].map(([unit, family]) => [unit, factsOf(layout, unit, family)]));
  const open = new Map([...sampled].filter(([unit]) => !isSettled(facts.get(unit), found.families, budget)));
  const compared = await compare(open, options, found.pairs);
  const families = new Map<string, ProvenFamily>();
  for (const [unit, fact] of facts) {
    const known = compared.has(unit) ? undefined : found.families.get(nameOf(fact));
    const evidence = compared.get(unit) ?? NOT_COMPARED;
    const family = known ?? provenFamily(evidence, { ...fact, budget });
    const settled = await asked(family, proposal, catalogue, options);
    found.families.set(nameOf(fact), settled);
    families.set(unit, settled);
  }
  return { proposal, families, keys };
}

type FamilyFacts = Omit<Parameters<typeof provenFamily>[1], "budget">;

function factsOf(layout: Layout, unit: string, { keys = 0, bytes = 0 }: Partial<SampledFamily> = {}): FamilyFacts {
  const looks = patternOf(layout, unit, "rendition");
  return { unit, looks, option: optionFor(layout, unit), keys, bytes };
}

/** `thumb` of one layout is not `thumb` of another. */
function nameOf({ unit, looks }: Pick<ProvenFamily, "unit" | "looks">): string {
  return `${unit} ${looks}`;
}

/** Nothing is fetched again for what is decided, until the family is twice as large. */
function isSettled(facts: FamilyFacts | undefined, found: ReadonlyMap<string, ProvenFamily>, budget: number): boolean {
  const known = facts === undefined ? undefined : found.get(nameOf(facts));
  if (facts === undefined || known === undefined) return false;
  return !mayBeProven(known, budget) && facts.keys < 2 * known.keys;
}

/** What could not be read may be readable now; what was beyond the bytes allowed is tried again with half as many more. */
export function mayBeProven({ state, final, allowed }: ProvenFamily, budget: number): boolean {
  return state === "none" && (!final || (allowed > 0 && budget >= 1.5 * allowed));
}

const NOT_COMPARED = { proof: null, pairs: [], controls: [] };

function compare(
  open: ReadonlyMap<string, SampledFamily>,
  { prove }: InferOptions,
  before: ComparedBefore,
): Promise<Map<string, Compared>> {
  return prove === undefined || open.size === 0
    ? Promise.resolve(new Map())
    : proveFamilies(open, prove, undefined, before);
}

/** Puts to somebody what the pictures leave open; a family that shows something else is not asked about. */
async function asked(
  family: ProvenFamily,
  proposal: Proposal,
  catalogue: Catalogue,
  { ask, signal }: InferOptions,
): Promise<ProvenFamily> {
  if (ask === undefined || family.state !== "none" || family.other > 0) return family;
  const refused = new Set((await catalogue.settings.get(REFUSED))?.split("\n"));
  if (refused.has(family.looks)) return family;
  stopIf(signal, STOPPED);
  const reason = proposal.families.find(({ looks }) => looks === family.looks)?.reason ?? null;
  if (await ask({ ...family, reason })) {
    return { ...family, state: "accepted", evidence: `${family.evidence}; you said that they are` };
  }
  refused.add(family.looks);
  await catalogue.settings.set(REFUSED, [...refused].join("\n"));
  return family;
}

/** Notes what was refused. @returns true where something else may be proposed instead */
function refuse(
  { proposal, families }: Decided,
  refused: { readonly layouts: Set<string>; readonly looks: Set<string> },
): boolean {
  const before = refused.layouts.size + refused.looks.size;
  const none = [...families].filter(([, { state }]) => state === "none");
  const { layout } = proposal;
  if (!proposal.families.some(({ proposed }) => proposed)) {
    if (none.length > 0 && none.length === families.size) refused.layouts.add(layout.id);
  } else {
    for (const [unit] of none) {
      for (const { looks, rule } of proposal.families) {
        if (unitOf(rule.family) === unit || unitOf(looks) === unit) refused.looks.add(looks);
      }
    }
  }
  return refused.layouts.size + refused.looks.size > before;
}

/**
 * What is new in a family that was proven before is proven as well, by a few pairs, before any of it is skipped. In a
 * family that is told key by key each new key is compared.
 * @returns the decision with what the new pairs prove
 * @throws HaulError `interrupted`, and as the catalogue and the source do
 */
export async function proveNewKeys(
  catalogue: Catalogue,
  saved: SavedLayout,
  options: InferOptions & { readonly emit: Emit },
): Promise<SavedLayout> {
  const sampled = await sampleFamilies(
    () => untilStopped(catalogue.listing.unclassified(), options.signal),
    classifier(saved.layout),
    (stem) => catalogue.listing.siblings(stem),
  );
  const open = new Map([...sampled].filter(([unit]) => needsProof(saved, unit)));
  if (open.size === 0 || options.prove === undefined) return saved;
  const { budget } = options.prove;
  const compared = await proveFamilies(open, options.prove, (keys, unit) =>
    saved.families.get(unit)?.state === "proven" ? newPairsWanted(keys) : pairsWanted(keys),
  );
  const families = new Map(saved.families);
  for (const [unit, evidence] of compared) {
    const before = families.get(unit);
    const sample = open.get(unit);
    const family =
      before === undefined
        ? provenFamily(evidence, { ...factsOf(saved.layout, unit, sample), budget })
        : withNewPairs(before, evidence);
    families.set(unit, family);
    if (before !== undefined && before.ended === null && family.ended !== null) {
      const message = `${family.looks}: ${family.ended}. What is new there is kept as originals`;
      options.emit({ type: "warning", code: "family-ended", message });
    }
  }
  return { ...saved, families };
}

/** Families that are none stay none, and what somebody said stands. */
function needsProof({ families }: SavedLayout, unit: string): boolean {
  const family = families.get(unit);
  return (
    family === undefined ||
    family.state === "each" ||
    (family.state === "proven" && (family.ended === null || !family.final))
  );
}
