/** A page of a listing as Amazon writes it. */

export const entry = (key: string, more = "") =>
  `<Contents><Key>${key}</Key><LastModified>2012-06-28T12:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>7</Size>${more}</Contents>`;
export const page = (inner: string, truncated = "false") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name><Prefix/><KeyCount>1</KeyCount><EncodingType>url</EncodingType><IsTruncated>${truncated}</IsTruncated>${inner}</ListBucketResult>`;
