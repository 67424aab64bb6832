/** What a camera that knows its zone and its place writes into a photo. */
export const CAMERA_TAGS = {
  make: "NIKON CORPORATION",
  model: "NIKON D70",
  dateTimeOriginal: "2012:06:28 14:03:22",
  createDate: "2012:06:28 14:03:22",
  offsetTimeOriginal: "+02:00",
  gps: { latitude: 48.85, longitude: -2.29, dateStamp: "2012:06:28", timeStamp: "12:03:22" },
};
