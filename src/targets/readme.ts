/** What README.txt in `.photohaul` says to whoever finds the target. */

import type { Store } from "../stores/store.ts";

export const FOLDER_README = `This folder was filled by photohaul: photos that were brought home from a photo
service, byte for byte, each with the time it was taken as its file time.

You need no program to use it. The photos lie in the folder above this one,
under the names they had at the service or under those that were asked for.

To check that all of them are still whole, in the folder above this one:

    sha256sum -c --quiet .photohaul/SHA256SUMS        (Linux)
    shasum -a 256 -c .photohaul/SHA256SUMS            (macOS)

To bring photos back, copy them. Nothing here is compressed or split.

What is in this folder:

    target.json      which target this is, and what its drive can do
    manifest.ndjson  one line for each photo, as JSON: where it lies, the key it
                     had, its size, SHA-256 and MD5, when it was taken and how
                     that is known. The last line about a path is the one that
                     holds. Names that the drive could not hold are written with
                     %XX in the place of a character; "key" has the true name.
    SHA256SUMS       the same digests, for sha256sum
    gallery          what gallery.html beside the photos shows, where it was asked for:
                     thumbnails and lists. It is made anew as photos come, and may
                     be deleted
    lock, tmp        used while photohaul runs; nothing in them matters after, but
                     that the next run goes on with a large photo that it has in tmp

photohaul never overwrites and never deletes a photo.
`;

/** @param target as people would type it */
export function storeReadme(store: Pick<Store, "traits" | "readme">, target: string): string {
  if (store.readme !== undefined) return store.readme(target);
  const { metadataPrefix, segments, writesOnce } = store.traits;
  const isRemote = target.startsWith("rclone:");
  // Without metadata they are files.
  const says = metadataPrefix === "" ? DATED_FILES : saysOf(metadataPrefix);
  return `This place was filled by photohaul: photos that were brought from a photo service,
byte for byte${says}

You need no program to use it. The photos lie beside the folder .photohaul, under
the names they had at the service or under those that were asked for.

To bring all of them back, with their times, by rclone or by photohaul:

    rclone copy ${isRemote ? target.replace(/^rclone:/, "") : "remote:bucket/prefix"} folder${segments === null ? "" : ` --exclude "${segments}**"`}
    photohaul restore ${target} folder

To check that all of them are whole, in the folder that they were copied to:

    cat .photohaul/SHA256SUMS-* | sha256sum -c --quiet          (Linux)
    cat .photohaul/SHA256SUMS-* | shasum -a 256 -c              (macOS)

What is in .photohaul:

    target.json            which target this is, and what its store can do
    manifest-NNNNNN.ndjson parts of one list, in the order of their numbers: one
                           line for each photo, as JSON: where it lies, the key it
                           had, its size, SHA-256 and MD5, when it was taken and
                           how that is known. The last line about a path is the
                           one that holds, also where its date is another one
                           than the object says.
    SHA256SUMS-NNNNNN      the same digests, for sha256sum
    probe-é                says nothing: by it was seen how the store takes names
${segments === null ? "" : SEGMENTS}${writesOnce === true ? EDITIONS : ""}
photohaul never overwrites and never deletes a photo.
`;
}

const EDITIONS = `    name~2, name~3, …      later editions of one of these files, of which the last one
                           holds: nothing here is ever written over
`;

const DATED_FILES = `, each with the time it was taken as its file time where the
place keeps one.
`;

function saysOf(prefix: string): string {
  return `. Each object says when its photo was taken (${prefix}captured, and
${prefix}mtime in seconds since 1970, as rclone reads it) and what its
SHA-256 is (${prefix}sha256).
`;
}

const SEGMENTS = `    segments/              the bytes of photos that are larger than the store takes in one
                           piece: those photos are made of them. Delete none.
`;

/** Of a target whose photos are sealed, whatever it lies on. @param recipients public; to whom it was ever sealed */
export function sealedReadme(target: string, recipients: readonly string[]): string {
  return `This place was filled by photohaul: photos that were brought from a photo service,
each sealed with age (https://age-encryption.org) to those who hold a key of

${recipients.map((recipient) => `    ${recipient}`).join("\n")}

Each file NAME.age holds one photo, and age or rage opens it; photohaul is not needed.
To open all of them, in the folder above .photohaul, with the key in key.txt:

    find . -name '*.age' -not -path './.photohaul/*' | while IFS= read -r f; do
      age -d -i key.txt "$f" > "\${f%.age}" || { rm -f "\${f%.age}"; echo "NOT OPENED: $f"; }
    done

In a bucket, bring them to this computer first:  rclone copy remote:bucket/prefix folder

To bring them back with their names and times:  photohaul restore ${target} folder --identity key.txt

To check without a key that all are as they were sealed:

    sha256sum -c --quiet .photohaul/SHA256SUMS      (in a bucket: cat .photohaul/SHA256SUMS-* | sha256sum -c --quiet)

What is in .photohaul:

    target.json              which target this is, and to whom it is sealed
    manifest-NNNNNN-….ndjson.age
                             sealed as well, parts of one list in the order of their numbers: one
                             line for each photo, as JSON: where it lies, the key it had, its size,
                             SHA-256 and MD5, when it was taken and how that is known. A line whose
                             "sealed" is not what lies there counts for nothing; of others about a
                             path the last one holds
    manifest.ndjson          or parts of it: one line for each sealed file, of what it is as it lies here
    SHA256SUMS               or parts of it: their digests, for sha256sum
    lock, tmp                used while photohaul runs; nothing in them matters after

photohaul never overwrites and never deletes a photo.
`;
}
