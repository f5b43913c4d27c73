#ifndef DT_FLUID_H
#define DT_FLUID_H

#include <fluidsynth.h>

#include "dt/error.h"

/*
 * FluidSynth (LGPL 2.1), loaded the first time it is wanted: it brings some fifty libraries along,
 * which who only wants a take judged should not wait for.
 */
#define DT__FLUID_FUNCTIONS(X)                                                                     \
  X(delete_fluid_settings)                                                                         \
  X(delete_fluid_synth)                                                                            \
  X(fluid_is_soundfont)                                                                            \
  X(fluid_set_log_function)                                                                        \
  X(fluid_settings_setint)                                                                         \
  X(fluid_settings_setnum)                                                                         \
  X(fluid_synth_add_sfont)                                                                         \
  X(fluid_synth_cc)                                                                                \
  X(fluid_synth_channel_pressure)                                                                  \
  X(fluid_synth_get_active_voice_count)                                                            \
  X(fluid_synth_get_sfont)                                                                         \
  X(fluid_synth_key_pressure)                                                                      \
  X(fluid_synth_noteoff)                                                                           \
  X(fluid_synth_noteon)                                                                            \
  X(fluid_synth_pitch_bend)                                                                        \
  X(fluid_synth_program_change)                                                                    \
  X(fluid_synth_remove_sfont)                                                                      \
  X(fluid_synth_sfload)                                                                            \
  X(fluid_synth_system_reset)                                                                      \
  X(fluid_synth_write_float)                                                                       \
  X(new_fluid_settings)                                                                            \
  X(new_fluid_synth)

#define DT__FLUID_FIELD(name) __typeof__(name)* name;
typedef struct dt__fluid {
  DT__FLUID_FUNCTIONS(DT__FLUID_FIELD)
} dt__fluid;
#undef DT__FLUID_FIELD

/* Any thread, one at a time. NULL with DT_UNSUPPORTED and a sentence where it is not installed. */
const dt__fluid* dt__fluid_load(dt_error* err);

#endif
