/** One photo as large as the window, by PhotoSwipe: with its name, its date and what dated it. */

import {
  addressOf,
  dateWords,
  kindOf,
  labelOf,
  marksWords,
  nameOf,
  seen,
  size,
  sourceWords,
  thumbnailOf,
} from "./rows.js";
import { make } from "./state.js";

/** A file is given to the browser only where it is what it is called by: no page and no drawing of a stranger is opened. */
const OPENED =
  /\.(?:jpe?g|png|gif|webp|avif|bmp|jfif|mp4|m4v|mov|webm|heic|heif|tiff?|dng|cr[23w]|nef|nrw|arw|orf|rw2|raf|pef|srw|psd|avi|mts|3gp)$/i;

/** Of what no browser shows. */
const card = (row, below, why) => {
  const made = make("div", "card");
  const thumbnail = thumbnailOf(below, row);
  if (thumbnail !== "") {
    const image = make("img");
    image.src = thumbnail;
    image.alt = labelOf(row);
    made.append(image);
  }
  made.append(make("p", "", nameOf(row)), make("p", "why", why));
  return made;
};

const film = (row) => {
  const made = make("video", "film");
  made.controls = true;
  made.preload = "metadata";
  made.src = addressOf(row[0]);
  made.setAttribute("aria-label", labelOf(row));
  return made;
};

/** What PhotoSwipe is to show. @param again called once more is known of the photo */
const itemOf = (row, { below, originals }, again) => {
  if (row === null) return { type: "own", own: make("p", "card", "…") };
  if (!originals) return { type: "own", own: card(row, below, "The photo itself does not lie beside this page.") };
  const kind = kindOf(row);
  if (kind === "film") return { type: "own", own: film(row) };
  if (kind === "other")
    return {
      type: "own",
      own: card(row, below, "Browsers do not show this kind of file. Open it with a program that does."),
    };
  const src = addressOf(row[0]);
  if (row[2] > 0)
    return { src, width: row[2], height: row[3], msrc: thumbnailOf(below, row) || undefined, alt: labelOf(row) };
  const image = new Image();
  image.addEventListener("load", () => {
    [row[2], row[3]] = [image.naturalWidth, image.naturalHeight];
    again();
  });
  image.src = src;
  return { type: "own", own: card(row, below, "…") };
};

const fill = (caption, row, { originals, target }) => {
  caption.replaceChildren();
  if (row === null) return;
  const date = dateWords(row[1]);
  const by = sourceWords(row);
  caption.append(make("b", "", nameOf(row)));
  caption.append(
    make("span", "", date === "" ? "Nobody knows when it was taken" : by === "" ? date : `${date} · says ${by}`),
  );
  for (const words of marksWords(row)) caption.append(make("span", "mark", words));
  if (row[8]) caption.append(make("span", "why", seen(row[8])));
  const place = make(
    "span",
    "why",
    `${seen(`${originals ? "" : `${target}/`}${row[0]}`)} · ${size(row[4])}${row[2] > 0 ? ` · ${row[2]} × ${row[3]}` : ""}`,
  );
  caption.append(place);
  if (!originals || !OPENED.test(row[0])) return;
  const link = make("a", "", "Open the file");
  link.href = addressOf(row[0]);
  link.target = "_blank";
  link.rel = "noopener";
  caption.append(link);
};

/**
 * @param list `count` of all photos, `row(at)` of one or null where it is being loaded, then `onLoaded` is called
 * @param about `below`, `originals` and `target` as the index says
 * @param onClose told which photo was shown last
 */
export const openLightbox = (list, at, about, onClose) => {
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
  const box = new PhotoSwipe({
    index: at,
    loop: false,
    bgOpacity: 1,
    showHideAnimationType: "none",
    zoomAnimationDuration: motion,
    wheelToZoom: true,
    padding: { top: 44, bottom: 92, left: 0, right: 0 },
    errorMsg: "This photo cannot be read: it is missing, or no browser shows it.",
  });
  // PhotoSwipe takes text for HTML, and there is none on this page: what is no picture is made of elements.
  box.on("contentLoad", (event) => {
    const { content } = event;
    if (content.data.own === undefined) return;
    event.preventDefault();
    content.element = make("div", "pswp__content");
    content.element.append(content.data.own);
  });
  const again = (which) => () => box.refreshSlideContent(which);
  box.addFilter("numItems", () => list.count);
  box.addFilter("itemData", (_, which) => itemOf(list.row(which, again(which)), about, again(which)));
  box.on("uiRegister", () => {
    box.ui.registerElement({
      name: "about",
      order: 9,
      isButton: false,
      appendTo: "root",
      onInit: (caption) => {
        caption.setAttribute("aria-live", "polite");
        const show = () => fill(caption, list.row(box.currIndex, show), about);
        box.on("change", show);
      },
    });
  });
  const quiet = () => {
    for (const video of document.querySelectorAll(".pswp video")) video.pause();
  };
  box.on("change", quiet);
  box.on("close", quiet);
  box.on("destroy", () => onClose(box.currIndex));
  box.init();
};
