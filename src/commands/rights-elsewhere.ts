/** What places that know no IAM have in its stead, in words. */

/** sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; sftp-server(8). */
export function sshLines(user: string, path: string): string {
  return `SFTP has no policies; a server says for each key what it may do. Make photohaul a key of its own
(ssh-keygen -t ed25519 -f photohaul_key), and put one line before the rest of its public key in
~${user}/.ssh/authorized_keys on the server.

Where ${path} is only read, as a source, or by verify and restore:

    restrict,command="internal-sftp -R" ssh-ed25519 AAAA… photohaul

Where it is a target. SFTP cannot let somebody write and not delete: photohaul takes away nothing but its own
files in .photohaul/tmp, and never renames over anything:

    restrict,command="internal-sftp" ssh-ed25519 AAAA… photohaul

Give that user no other folder to write to than this one. Then: photohaul mirror … --ssh-identity photohaul_key
`;
}

export const GRID = `A grid of Tahoe-LAFS has no policies and no accounts: what a cap opens, whoever has it may do. photohaul
keeps photos below a directory, so give it one of its own:

    tahoe create-alias photos                  mirror needs this cap, which reads and writes
    tahoe list-aliases --readonly-uri          verify and restore need no more than this one, which reads

The cap that writes can unlink what lies there, too, which photohaul never does. Write it down on paper as well:
nobody can find it out again.
`;

/** OpenStack Swift, "Access Control Lists": who is named in a container's read ACL may list it and read it. */
export function readAcl(container: string): string {
  return `Swift has no policies; a container says who may read it. Give photohaul a user of its own, and, as the
owner of the container, let that user list and read it, and nothing else:

    swift post --read-acl 'PROJECT:USER' '${container.replaceAll("'", "'\\''")}'

PROJECT and USER are ids with Keystone (OS_*), account and user with auth v1 (ST_*). A prefix cannot be
singled out. Where that user belongs to another project, set OS_STORAGE_URL to the address of the
container's account as well.

For a container that photohaul writes to, the same user needs --write-acl too. In Swift that includes
overwriting and deleting, which photohaul never does to a photo.
`;
}

/** Scopes as rclone's own pages name them (rclone.org/drive, /dropbox, /onedrive, /box). */
export function rcloneRights(remote: string): string {
  return `rclone reaches ${remote}: with the account that \`rclone config\` was given, and photohaul asks it for this alone:

    to read from it     list folders, look at files, read files
    to keep photos there    the same, and make folders and new files

It never asks rclone to delete, move or overwrite anything. Give rclone no more than that where the service lets you:

    Google Drive   scope drive.readonly for a source; for a target drive.file, with which rclone sees only what it
                   wrote itself (from a client_id of your own), or drive
    Dropbox        an app of your own with access to its own folder, and files.content.read (and .write for a target)
    OneDrive       Files.Read for a source, Files.ReadWrite for a target
    others         an account of their own, or an application key for one bucket or folder (B2, S3, Storj)

The configuration of rclone holds these rights: keep it readable for your user alone, or encrypt it (\`rclone config\`,
"Set configuration password") and give photohaul RCLONE_CONFIG_PASS or RCLONE_PASSWORD_COMMAND.
`;
}
