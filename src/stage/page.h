#ifndef DT_STAGE_PAGE_H
#define DT_STAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* A file of the built page, as scripts/embed_page.py put it into the program. */
typedef struct dt__page_file {
  const char* path; /* "/assets/index-3f2a.js" */
  const char* type;
  const char* tag; /* ETag, with its quotes */
  const unsigned char* bytes;
  size_t size;
  bool is_packed; /* gzip */
  bool is_fixed;  /* its name has a hash of what it holds: may be kept for ever */
} dt__page_file;

extern const dt__page_file dt__page_files[]; /* ends with path NULL; empty without a built page */

/* The file of a path: "/" and "/pair" are the page itself. NULL: none. Without a built page those
 * two are a plain one that says so. */
const dt__page_file* dt__page_find(const char* path);

/* What a browser gets that has not been let in, on this machine and in the network. */
const dt__page_file* dt__page_stranger(void);

#endif
