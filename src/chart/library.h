#ifndef DT_LIBRARY_H
#define DT_LIBRARY_H

#include "dt/chart_text.h"

/* The built-in charts, in the text form; each table ends with a NULL name. */
extern const dt_chart_entry dt__library_rock[];
extern const dt_chart_entry dt__library_funk[];
extern const dt_chart_entry dt__library_jazz[];
extern const dt_chart_entry dt__library_latin[];
extern const dt_chart_entry dt__library_odd[];
extern const dt_chart_entry dt__library_songs[];
extern const dt_chart_entry dt__library_rudiments[];

#endif
