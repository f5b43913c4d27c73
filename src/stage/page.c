#include "page.h"

#include <string.h>

#define HEAD                                                                                       \
  "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"                                \
  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"                       \
  "<title>doubletime</title></head><body><h1>doubletime</h1>"
#define TAIL "</body></html>\n"

static const char plain_page[] =
    HEAD "<p>This doubletime was built without its page, which needs Node.js: "
         "<code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build again.</p>"
         "<p>Everything it can do is there for programs: see docs/api.md. For instance "
         "<a href=\"/api/v1/status\">/api/v1/status</a>, <a href=\"/api/v1/takes\">"
         "/api/v1/takes</a> and <a href=\"/api/v1/charts\">/api/v1/charts</a>.</p>" TAIL;

static const char stranger_page[] =
    HEAD "<p>Open the address that <code>doubletime serve</code> printed in the terminal, with the "
         "token in it; or <a href=\"/pair\">pair this device</a>.</p>" TAIL;

/* Without a script, so that it works without the built page too. */
static const char pair_page[] =
    HEAD "<form method=\"post\" action=\"/api/v1/pair\"><p><label>The six digits that the first "
         "screen shows: <input name=\"code\" inputmode=\"numeric\" autocomplete=\"off\" "
         "maxlength=\"6\" autofocus></label> <button>Pair</button></p></form>" TAIL;

static const dt__page_file plain_files[] = {
    {"/", "text/html; charset=utf-8", "\"plain-1\"", (const unsigned char*)plain_page,
     sizeof plain_page - 1, false, false},
    {"/pair", "text/html; charset=utf-8", "\"pair-1\"", (const unsigned char*)pair_page,
     sizeof pair_page - 1, false, false},
};
static const dt__page_file stranger = {NULL,
                                       "text/html; charset=utf-8",
                                       NULL,
                                       (const unsigned char*)stranger_page,
                                       sizeof stranger_page - 1,
                                       false,
                                       false};

const dt__page_file* dt__page_find(const char* path) {
  const bool is_door = strcmp(path, "/") == 0 || strcmp(path, "/pair") == 0;
  const char* name = is_door ? "/index.html" : path;
  for (const dt__page_file* file = dt__page_files; file->path; file++)
    if (strcmp(file->path, name) == 0)
      return file;
  for (size_t i = 0; is_door && i < sizeof plain_files / sizeof *plain_files; i++)
    if (strcmp(plain_files[i].path, path) == 0)
      return &plain_files[i];
  return NULL;
}

const dt__page_file* dt__page_stranger(void) {
  return &stranger;
}
