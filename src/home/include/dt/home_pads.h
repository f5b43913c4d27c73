#ifndef DT_HOME_PADS_H
#define DT_HOME_PADS_H

#include <stdbool.h>

#include "dt/drum.h"
#include "dt/pads.h"
#include "dt/port.h"

/* How an e-kit is learned (dt/pads.h), by whoever asks: which pads, in which order, and words. */

#define DT_HOME_PAD_STROKES  5   /* of each pad */
#define DT_HOME_PAD_TOGETHER 8   /* of each pair */
#define DT_HOME_PAD_QUIET_MS 150 /* what still comes after the last stroke is heard too */

typedef struct dt_home_pad {
  dt_drum drum;
  const char* words; /* "the snare" */
  bool together;     /* with the first one, for its delay */
} dt_home_pad;

int dt_home_pad_count(void);

/* number: 0..dt_home_pad_count() - 1; the first is the snare. */
const dt_home_pad* dt_home_pad_of(int number);

/* What was found, as sentences: "note 38; velocity 30 to typically 80; ...". */
#define DT_HOME_PAD_TEXT 1024
void dt_home_pad_text(char text[DT_HOME_PAD_TEXT], const dt_pads_pad* pad);

/*
 * A kit made of nothing, for trying: it strikes what is asked, when it is asked. The snare comes
 * through on the high tom, the kick triggers twice and is 2 ms late; cross-stick and bell it has
 * not.
 */
typedef struct dt_home_kit {
  int rate_hz;
  int drums[2];  /* dt_drum; -1 none */
  dt_frame from; /* the first stroke comes 0.4 s later */
  int wanted;    /* so many strokes and no more; 0: a dozen */
} dt_home_kit;

/* For dt_port_config.null.input; context: the dt_home_kit. */
void dt_home_kit_strike(void* context, dt_frame at, int frame_count, float* const* in,
                        dt_port_midi_list* midi);

#endif
