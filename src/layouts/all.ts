/** The layouts that photohaul knows, in the order in which `layouts` prints them. */

import { activestorage } from "./activestorage.ts";
import { amplify } from "./amplify.ts";
import { applePhotosLibrary } from "./apple-photos-library.ts";
import { awsServerlessImageResizing } from "./aws-serverless-image-resizing.ts";
import { buffalo } from "./buffalo.ts";
import { carrierwave } from "./carrierwave.ts";
import { chevereto } from "./chevereto.ts";
import { cloudinaryBackup } from "./cloudinary-backup.ts";
import { damselfly } from "./damselfly.ts";
import { digikam } from "./digikam.ts";
import { discourse } from "./discourse.ts";
import { easyThumbnails } from "./easy-thumbnails.ts";
import { ente } from "./ente.ts";
import { firebaseResize } from "./firebase-resize.ts";
import { flickr } from "./flickr.ts";
import { ghost } from "./ghost.ts";
import { googleTakeout } from "./google-takeout.ts";
import { httpimagestore } from "./httpimagestore.ts";
import { icloud } from "./icloud.ts";
import { immich } from "./immich.ts";
import { koken } from "./koken.ts";

import type { Layout } from "./layout.ts";
import { librephotos } from "./librephotos.ts";
import { lychee } from "./lychee.ts";
import { mastodon } from "./mastodon.ts";
import { misskey } from "./misskey.ts";
import { nextcloud } from "./nextcloud.ts";
import { owncloud } from "./owncloud.ts";
import { paperclip } from "./paperclip.ts";
import { peertube } from "./peertube.ts";
import { photoprism } from "./photoprism.ts";
import { photoview } from "./photoview.ts";
import { pictRs } from "./pict-rs.ts";
import { piwigo } from "./piwigo.ts";
import { pixelfed } from "./pixelfed.ts";
import { qnap } from "./qnap.ts";
import { shrine } from "./shrine.ts";
import { smugmug } from "./smugmug.ts";
import { spatieMedialibrary } from "./spatie-medialibrary.ts";
import { synapse } from "./synapse.ts";
import { thumbor } from "./thumbor.ts";
import { tiles } from "./tiles.ts";
import { trovebox } from "./trovebox.ts";
import { wordpress } from "./wordpress.ts";
import { zenphoto } from "./zenphoto.ts";

const LAYOUTS: readonly Layout[] = [
  activestorage,
  amplify,
  applePhotosLibrary,
  awsServerlessImageResizing,
  buffalo,
  carrierwave,
  chevereto,
  cloudinaryBackup,
  damselfly,
  digikam,
  discourse,
  easyThumbnails,
  ente,
  firebaseResize,
  flickr,
  ghost,
  googleTakeout,
  httpimagestore,
  icloud,
  immich,
  koken,
  librephotos,
  lychee,
  mastodon,
  misskey,
  nextcloud,
  owncloud,
  paperclip,
  peertube,
  photoprism,
  photoview,
  pictRs,
  piwigo,
  pixelfed,
  qnap,
  shrine,
  smugmug,
  spatieMedialibrary,
  synapse,
  thumbor,
  tiles,
  trovebox,
  wordpress,
  zenphoto,
];

export function allLayouts(): readonly Layout[] {
  return LAYOUTS;
}

/** The layout of that name, in any case; null where there is none. */
export function findLayout(name: string): Layout | null {
  const wanted = name.toLowerCase();
  return LAYOUTS.find(({ id }) => id === wanted) ?? null;
}
