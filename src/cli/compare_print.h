#ifndef DT_COMPARE_PRINT_H
#define DT_COMPARE_PRINT_H

#include "dt/compare.h"
#include "dt/sink.h"

/* One of the two takes, as the person called it: "take 12", "monday.mid". */
typedef struct dt__compared {
  const char* name;
  const dt_verdict* verdict;
} dt__compared;

dt_status dt__compare_text(const dt_comparison* comparison, const dt__compared* a,
                           const dt__compared* b, bool utf8, dt_sink sink);

/* "schema": "doubletime.compare/1" (docs/store.md). */
dt_status dt__compare_json(const dt_comparison* comparison, const dt__compared* a,
                           const dt__compared* b, dt_sink sink);

#endif
