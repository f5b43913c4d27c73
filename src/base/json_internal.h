#ifndef DT_JSON_INTERNAL_H
#define DT_JSON_INTERNAL_H

#include <stddef.h>

/* Makes printf's %.*f the same everywhere, in place: whatever stands for the decimal point in the
 * user's locale (one byte or more) becomes a point, and -0.00 becomes 0.00. printf itself rounds
 * the exact binary value, ties to even. Returns the length. */
size_t dt__json_tidy_number(char* text);

#endif
