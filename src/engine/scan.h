#ifndef DT_SCAN_H
#define DT_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reading text piece by piece, with nothing taken that does not fit. Blanks (not line ends) before
 * a piece are passed over; *at goes behind it, and stays where it was on false.
 */
bool dt__scan_word(const char** at, const char* word); /* exactly this, up to a blank or an end */
bool dt__scan_whole(const char** at, int64_t low, int64_t high, int64_t* value);
bool dt__scan_seed(const char** at, uint64_t* value);
bool dt__scan_real(const char** at, double low, double high, double* value);
bool dt__scan_name(const char** at, char* name, int size); /* up to a blank or an end; not empty */
bool dt__scan_line(const char** at);                       /* the end of a line */
bool dt__scan_end(const char** at);                        /* the end of the text */

#endif
