/** Codes of warnings, by which programs tell them apart: none is renamed. */

/** What the `code` of a warning means; a program may tell them apart by it. */
export const WARNINGS = {
  adopting: "what a target holds is read, to know again what was kept",
  behind: "a target lacks what was kept there, as an older image of a drive does",
  catalogue: "a damaged catalogue was set aside, and a new one begun",
  checks: "a damaged check log was set aside, and all photos of a target have their turn anew",
  "dates-file": "the file of `--dates` names photos that are not there",
  "exiftool-fault": "ExifTool crashed or hung on a file",
  "family-ended": "what is new in a family of renditions is not proven, and is kept as originals",
  "layout-changed": "originals are told from renditions in another way than in the run before",
  "layout-drift": "the layout that was found before fits the source no more",
  "layout-proven-anew": "what an earlier version decided without comparing pictures was decided anew",
  "left-out": "with `--renditions skip` nothing is kept of photos of which only a copy is there",
  "listing-entry": "an entry of the listing was of no use",
  lists: "the manifest and SHA256SUMS of a target do not agree",
  "lists-mended": "they were made to agree again",
  "max-duration": "the time of `--max-duration` and its grace are over: what still came is given up",
  "no-decoder": "pictures cannot be compared here: nothing is proven to be a rendition, and all is mirrored",
  "dated-later": "photos have their dates now that ExifTool can run; their names stay",
  "no-exiftool": "ExifTool cannot run: some files have no date for it",
  "not-there": "the manifest of a target names photos that do not lie there",
  "out-of-order": "the source lists its keys in an order of its own",
  "own-files": "keys are named as what photohaul itself keeps on a target, and are left out",
  packed: "a photo lies packed in the store, and was kept so",
  "passed-over": "files of a folder were not taken for objects",
  retry: "an object is fetched again",
  sidecar: "a sidecar cannot be read, or could be of more than one photo",
  target: "something about a target that a person should know",
  "target-lost": "a target is gone, and the run goes on without it",
  "date-rules": "kept photos that an earlier version dated, and what became of their dates",
  "upload-times": "the source's own times are none of uploads",
  "write-exif": "a date could not be written into a photo",
  zone: "the computer does not say in which zone it is",
} as const;

export type WarningCode = keyof typeof WARNINGS;
