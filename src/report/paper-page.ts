/** The page for the drawer: a key as text and as a QR code, and how it is used when nobody remembers. */

import { encodeQR } from "qr";
import { forHtml } from "./escape.ts";

export function paperPage(identity: string, recipient: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Key of sealed photos</title>
<style>
body { font: 12pt/1.5 serif; margin: 2cm; max-width: 17cm; }
code { font: 13pt/1.6 monospace; overflow-wrap: anywhere; display: block; border: 1px solid; padding: 0.5em; }
small code { font-size: 8pt; }
svg { width: 6cm; height: 6cm; display: block; margin: 1em 0; }
</style>
</head>
<body>
<h1>Key of sealed photos</h1>
<p>Made on ${new Date().toISOString().slice(0, 10)}. Whoever has this page can open the photos; who has lost all such keys cannot.</p>
<code>${forHtml(identity)}</code>
${encodeQR(identity, "svg", { ecc: "high" })}
<p>To open photos: write the line in the box into a file key.txt, then
<b>photohaul restore TARGET FOLDER --identity key.txt</b>, or for one photo, with the program age
(age-encryption.org): <b>age -d -i key.txt photo.jpg.age &gt; photo.jpg</b></p>
<p>Each sealed place has a file .photohaul/README.txt that says the rest.</p>
<p><small>Its recipient, which is public: <code>${forHtml(recipient)}</code></small></p>
</body>
</html>
`;
}
