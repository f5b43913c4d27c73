#ifndef DT_GROOVES_H
#define DT_GROOVES_H

#include "dt/groove.h"

/* The book of built-in grooves; ends with an entry without a name. */
extern const dt_groove dt__grooves[];

#endif
