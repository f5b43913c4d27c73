#ifndef DT_ALSA_LIST_H
#define DT_ALSA_LIST_H

#include "alsa_internal.h"

/* The first MIDI port that any card has; false: there is none. */
bool dt__alsa_first_midi(bool is_out, char name[DT_PORT_NAME_MAX]);

#endif
