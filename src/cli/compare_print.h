#ifndef DT_COMPARE_PRINT_H
#define DT_COMPARE_PRINT_H

#include "dt/report.h"

dt_status dt__compare_text(const dt_comparison* comparison, const dt_compared* a,
                           const dt_compared* b, bool utf8, dt_sink sink);

#endif
