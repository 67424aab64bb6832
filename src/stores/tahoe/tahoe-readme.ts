/** What README.txt says to whoever finds a target on a grid. */

/** @param target as people type it */
export function gridReadme(target: string): string {
  return `This directory was filled by photohaul: photos that were brought from a photo service,
byte for byte. Each is an immutable file; beside the link to it stands when it was
taken ("mtime", in seconds since 1970) and what its SHA-256 is ("photohaul").

You need no photohaul to use it, but a Tahoe-LAFS node of this grid and the cap of
this directory. KEEP THAT CAP ON PAPER: nobody can find it out again, and without it
every photo here is lost. \`tahoe list-aliases\` shows it, and with --readonly-uri the
one that only reads.

To bring all of them back:

    tahoe cp -r ALIAS:path folder
    photohaul restore ${target} folder

To check that all of them are whole, in the folder that they were copied to:

    cat .photohaul/SHA256SUMS-* | sha256sum -c --quiet          (Linux)
    cat .photohaul/SHA256SUMS-* | shasum -a 256 -c              (macOS)

Where a directory here is lost, and .photohaul is not, each photo is still to be had
by its own cap, which the manifest has:

    cat manifest-*.ndjson | jq -r '.cap + " " + .path' | while read -r cap path
    do mkdir -p "$(dirname "$path")" && tahoe get "$cap" "$path"; done

What is in .photohaul:

    target.json            which target this is
    manifest-NNNNNN.ndjson parts of one list, in the order of their numbers: one
                           line for each photo, as JSON: where it lies, its cap, the
                           key it had, its size, SHA-256 and MD5, when it was taken
                           and how that is known. The last line about a path is the
                           one that holds. CAPS ARE KEYS: who has this list has the
                           photos.
    SHA256SUMS-NNNNNN      the same digests, for sha256sum
    probe-é                says nothing: by it was seen how names are taken

A grid that collects garbage forgets what nobody renews (31 days is usual):
\`photohaul verify\` renews all that it looks at, \`tahoe deep-check --add-lease\` too.

photohaul never overwrites and never deletes a photo.
`;
}
