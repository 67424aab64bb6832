/** What README.txt in `.photohaul` of a folder behind SFTP says to whoever finds it there. @param target as people type it */
export function sftpReadme(target: string): string {
  return `This folder was filled by photohaul: photos that were brought from a photo service, byte for
byte, each with the time it was taken as its file time where the server takes one.

You need no program to use it. The photos lie in the folder above this one, under the names they
had at the service or under those that were asked for. Nothing here is compressed or split.

To check that all of them are still whole, in the folder above this one, on the server or in a copy:

    cat .photohaul/SHA256SUMS-* | sha256sum -c --quiet          (Linux)
    cat .photohaul/SHA256SUMS-* | shasum -a 256 -c              (macOS)

To bring photos back, copy them (sftp -r, rsync, sshfs), or all of them with their times:

    photohaul restore ${target} folder

What is in .photohaul:

    target.json            which target this is, and what its server and disk can do
    manifest-NNNNNN.ndjson parts of one list, in the order of their numbers: one line for each
                           photo, as JSON: where it lies, the key it had, its size, SHA-256 and
                           MD5, when it was taken and how that is known. The last line about a
                           path is the one that holds.
    SHA256SUMS-NNNNNN      the same digests, for sha256sum
    tmp                    files on their way; nothing in it matters after

photohaul never overwrites and never deletes a photo.
`;
}
