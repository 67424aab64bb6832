/** What README.txt in `.photohaul` says to whoever finds the drive. */
export const README = `This folder was filled by photohaul: photos that were brought home from a photo
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
    lock, tmp        used while photohaul runs; nothing in them matters after

photohaul never overwrites and never deletes a photo.
`;
