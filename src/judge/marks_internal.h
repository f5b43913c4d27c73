#ifndef DT_MARKS_INTERNAL_H
#define DT_MARKS_INTERNAL_H

#include "dt/marks.h"

/* marks_place.c: where each stroke stands and what it is. The marks know their stroke already. */
void dt__mark_from_chart(dt_marks* marks, const dt_alignment* alignment, const dt_chart* chart);
void dt__mark_from_verdict(dt_marks* marks, const dt_verdict* verdict);

#endif
