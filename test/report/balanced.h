#ifndef DT_REPORT_BALANCED_H
#define DT_REPORT_BALANCED_H

/* Include after cmocka.h. */

#include <string.h>

/* Every element that is opened is closed, in order. */
static inline void assert_balanced(const char* html) {
  static const char* const VOID[] = {"meta", "br", "path", "circle", "rect", "!DOCTYPE"};
  char open[64][16];
  int depth = 0;
  for (const char* at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
    char name[16] = "";
    const bool closes = at[1] == '/';
    const char* from = at + 1 + closes;
    const size_t length = strcspn(from, " >/\n");
    assert_true(length > 0 && length < sizeof name);
    memcpy(name, from, length);
    bool is_void = false;
    for (size_t i = 0; i < sizeof VOID / sizeof VOID[0]; i++)
      is_void = is_void || strcmp(name, VOID[i]) == 0;
    const char* end = strchr(at, '>');
    assert_non_null(end);
    if (closes) {
      assert_true(depth > 0);
      depth--;
      if (strcmp(open[depth], name) != 0)
        fail_msg("</%s> closes <%s>", name, open[depth]);
    } else if (!is_void || (strcmp(name, "circle") == 0 && end[-1] != '/')) {
      assert_true(depth < 64);
      strcpy(open[depth++], name);
    }
  }
  assert_int_equal(depth, 0);
}

#endif
