#include <math.h>

#include "dt/kitmap.h"
#include "pads_internal.h"

static dt_status put_ghost(dt_sink sink, const dt_pads_ghost* ghost) {
  const bool is_double = ghost->note == ghost->of;
  dt_status status = dt_sink_printf(
      sink, "#   %s %d: %d times in %d strokes on %d, at most %.0f %% of their velocity\n",
      is_double ? "double trigger, note" : "crosstalk, note", ghost->note, ghost->times,
      ghost->strokes, ghost->of, 100 * ghost->loudest);
  /* A little farther than was seen: a scan of the pads takes a millisecond or two. */
  const double within_ms = is_double ? fmin(50, ceil(ghost->within_ms) + 2) : DT_PADS_CROSSTALK_MS;
  if (status == DT_OK)
    status = dt_sink_printf(sink, "#: ghost %d of %d within %.0f ms below %.2f\n", ghost->note,
                            ghost->of, within_ms, ghost->threshold);
  return status;
}

/* Whether both hi-hats came on this note: it is then the pedal that tells them apart. */
static bool is_any_hihat(const dt_pads* pads, int note) {
  bool closed = false;
  bool open = false;
  for (int i = 0; i < pads->pad_count; i++) {
    dt_pads_pad pad;
    (void)dt_pads_pad_of(pads, i, &pad);
    for (int k = 0; k < pad.note_count; k++) {
      closed |= pad.notes[k] == note && pad.drum == DT_HIHAT_CLOSED;
      open |= pad.notes[k] == note && pad.drum == DT_HIHAT_OPEN;
    }
  }
  return closed && open;
}

static bool is_taken(const dt_pads* pads, int before, int note) {
  for (int i = 0; i < before; i++) {
    dt_pads_pad pad;
    (void)dt_pads_pad_of(pads, i, &pad);
    for (int k = 0; k < pad.note_count; k++)
      if (pad.notes[k] == note)
        return true;
  }
  return false;
}

static dt_status put_pad(const dt_pads* pads, int number, dt_sink sink) {
  dt_pads_pad pad;
  (void)dt_pads_pad_of(pads, number, &pad);
  if (pad.strokes == 0)
    return dt_sink_printf(sink, "\n# %s: not measured\n", dt_drum_name(pad.drum));
  dt_status status = dt_sink_printf(sink, "\n# %s: %d strokes, velocity %d to typically %.0f%s\n",
                                    dt_drum_name(pad.drum), pad.strokes, pad.lowest, pad.typical,
                                    pad.strays > 0 ? "; other pads were struck too" : "");
  for (int i = 0; status == DT_OK && i < pad.note_count; i++) {
    const dt_drum drum = is_any_hihat(pads, pad.notes[i]) ? DT_HIHAT : pad.drum;
    if (is_taken(pads, number, pad.notes[i]))
      status = dt_sink_printf(sink, "#   note %d stands above already\n", pad.notes[i]);
    else
      status = dt_sink_printf(sink, "%d %s\n", pad.notes[i], dt_drum_name(drum));
  }
  for (int i = 0; status == DT_OK && i < pad.ghost_count; i++)
    status = put_ghost(sink, &pad.ghosts[i]);
  return status;
}

static dt_status put_pair(const dt_pads* pads, int number, dt_sink sink) {
  dt_pads_pair pair;
  (void)dt_pads_pair_of(pads, number, &pair);
  if (isnan(pair.delay_ms))
    return dt_sink_printf(sink, "# %s after %s, struck together: not measured\n",
                          dt_drum_name(pair.second), dt_drum_name(pair.first));
  return dt_sink_printf(
      sink, "# %s after %s, struck together: %+.2f ms (95 %% interval %+.2f to %+.2f, %d times)\n",
      dt_drum_name(pair.second), dt_drum_name(pair.first), pair.delay_ms, pair.low_ms, pair.high_ms,
      pair.times);
}

dt_status dt_pads_write(const dt_pads* pads, dt_sink sink) {
  dt_status status = dt_sink_printf(
      sink, "# An e-kit as 'doubletime calibrate --pads' learned it: NOTE DRUM. Lines with #: say\n"
            "# which notes nobody struck; 'practice --kit-map' leaves those out.\n");
  for (int i = 0; status == DT_OK && i < pads->pad_count; i++)
    status = put_pad(pads, i, sink);
  if (status == DT_OK && pads->pair_count > 0)
    status = dt_sink_printf(sink, "\n# Delays hold the lead of your own hands too, and are not "
                                  "subtracted.\n");
  for (int i = 0; status == DT_OK && i < pads->pair_count; i++)
    status = put_pair(pads, i, sink);
  return status;
}
