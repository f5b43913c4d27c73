#include "lanes.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fluid.h"

#define POLYPHONY 48 /* of a lane */
#define LATER     64
#define FADE_MOST 100 /* blocks */
#define GAIN      0.8 /* a bass note alone peaks at about 0.2, a click at 0.5 */

typedef struct message {
  int status;
  int data1;
  int data2;
} message;

typedef struct lane {
  fluid_settings_t* settings;
  fluid_synth_t* synth;
  bool is_active;
  int phase; /* where in our blocks its own begin */
  float block[DT__LANE_BLOCK];
  message later[LATER]; /* for its next border but one */
  int later_count;
} lane;

struct dt__lanes {
  const dt_allocator* allocator;
  const dt__fluid* fluid;
  lane lanes[DT__LANES];
  int8_t sounding[16][128]; /* the lane that has this note; -1 */
  long long inexact;
};

/* ---- making ---- */

/* All lanes share one SoundFont: it is the first one's, and lent to the others. */
static bool make_lane(dt__lanes* lanes, int number, int rate_hz, const char* soundfont) {
  const dt__fluid* fluid = lanes->fluid;
  lane* l = &lanes->lanes[number];
  l->settings = fluid->new_fluid_settings();
  if (!l->settings)
    return false;
  (void)fluid->fluid_settings_setnum(l->settings, "synth.sample-rate", rate_hz);
  (void)fluid->fluid_settings_setnum(l->settings, "synth.gain", GAIN);
  (void)fluid->fluid_settings_setint(l->settings, "synth.polyphony", POLYPHONY);
  (void)fluid->fluid_settings_setint(l->settings, "synth.reverb.active", 0);
  (void)fluid->fluid_settings_setint(l->settings, "synth.chorus.active", 0);
  (void)fluid->fluid_settings_setint(l->settings, "synth.threadsafe-api", 0);
  l->synth = fluid->new_fluid_synth(l->settings);
  if (!l->synth)
    return false;
  if (number == 0)
    return fluid->fluid_synth_sfload(l->synth, soundfont, 1) >= 0;
  (void)fluid->fluid_synth_add_sfont(l->synth,
                                     fluid->fluid_synth_get_sfont(lanes->lanes[0].synth, 0));
  (void)fluid->fluid_synth_system_reset(l->synth); /* chooses its programs anew */
  return true;
}

/* A voice of FluidSynth sounds a little different the first time it is used: all are, once. */
static void use_voices(dt__lanes* lanes) {
  float unheard[DT__LANE_BLOCK];
  for (int i = 0; i < DT__LANES; i++) {
    lane* l = &lanes->lanes[i];
    for (int key = 0; key < 128; key++)
      (void)lanes->fluid->fluid_synth_noteon(l->synth, 0, key, 1);
    l->is_active = true;
  }
  dt__lanes_render(lanes, unheard);
  dt__lanes_reset(lanes);
}

dt_status dt__lanes_new(dt__lanes** out, const dt_allocator* allocator, const char* soundfont,
                        int rate_hz, dt_error* err) {
  *out = NULL;
  const dt__fluid* fluid = dt__fluid_load(err);
  if (!fluid)
    return DT_UNSUPPORTED;
  if (!fluid->fluid_is_soundfont(soundfont))
    return dt_fail(err, DT_BAD_DATA, "This is no SoundFont");
  dt__lanes* lanes = dt_alloc_zero(allocator, sizeof *lanes);
  if (!lanes)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the band");
  lanes->allocator = allocator;
  lanes->fluid = fluid;
  memset(lanes->sounding, 0xFF, sizeof lanes->sounding);
  for (int i = 0; i < DT__LANES; i++) {
    if (make_lane(lanes, i, rate_hz, soundfont))
      continue;
    const bool has_synth = lanes->lanes[i].synth != NULL;
    dt__lanes_free(lanes);
    return has_synth ? dt_fail(err, DT_BAD_DATA, "FluidSynth cannot read this SoundFont")
                     : dt_fail(err, DT_NO_MEMORY, "No memory for the band");
  }
  use_voices(lanes);
  *out = lanes;
  return DT_OK;
}

void dt__lanes_free(dt__lanes* lanes) {
  if (!lanes)
    return;
  const dt__fluid* fluid = lanes->fluid;
  for (int i = DT__LANES; i-- > 0;) {
    lane* l = &lanes->lanes[i];
    fluid_sfont_t* lent = l->synth && i > 0 ? fluid->fluid_synth_get_sfont(l->synth, 0) : NULL;
    if (lent)
      (void)fluid->fluid_synth_remove_sfont(l->synth, lent);
    if (l->synth)
      fluid->delete_fluid_synth(l->synth);
    if (l->settings)
      fluid->delete_fluid_settings(l->settings);
  }
  dt_release(lanes->allocator, lanes, sizeof *lanes);
}

/* ---- messages ---- */

static void send(const dt__lanes* lanes, lane* l, const message* m) {
  const dt__fluid* fluid = lanes->fluid;
  const int channel = m->status & 15;
  switch (m->status & 0xF0) {
  case 0x80:
    (void)fluid->fluid_synth_noteoff(l->synth, channel, m->data1);
    break;
  case 0x90:
    (void)fluid->fluid_synth_noteon(l->synth, channel, m->data1, m->data2);
    break;
  case 0xA0:
    (void)fluid->fluid_synth_key_pressure(l->synth, channel, m->data1, m->data2);
    break;
  case 0xB0:
    (void)fluid->fluid_synth_cc(l->synth, channel, m->data1, m->data2);
    break;
  case 0xC0:
    (void)fluid->fluid_synth_program_change(l->synth, channel, m->data1);
    break;
  case 0xD0:
    (void)fluid->fluid_synth_channel_pressure(l->synth, channel, m->data1);
    break;
  case 0xE0:
    (void)fluid->fluid_synth_pitch_bend(l->synth, channel, m->data2 << 7 | m->data1);
    break;
  default:
    break;
  }
}

static void send_at(const dt__lanes* lanes, lane* l, int offset, const message* m) {
  if (l->is_active && offset > l->phase && l->later_count < LATER)
    l->later[l->later_count++] = *m;
  else
    send(lanes, l, m);
}

/* One with its border at this frame; else a silent one; else that whose border comes soonest. */
static lane* lane_for(dt__lanes* lanes, int offset) {
  lane* silent = NULL;
  lane* soonest = NULL;
  int wait = DT__LANE_BLOCK;
  for (int i = 0; i < DT__LANES; i++) {
    lane* l = &lanes->lanes[i];
    if (l->is_active && l->phase == offset)
      return l;
    if (!l->is_active && !silent)
      silent = l;
    const int border = (l->phase - offset + DT__LANE_BLOCK) % DT__LANE_BLOCK;
    if (border < wait) {
      wait = border;
      soonest = l;
    }
  }
  if (!silent) {
    lanes->inexact++;
    return soonest;
  }
  silent->is_active = true;
  silent->phase = offset;
  memset(silent->block, 0, sizeof silent->block);
  return silent;
}

void dt__lanes_message(dt__lanes* lanes, int offset, int status, int data1, int data2) {
  const message m = {status, data1, data2};
  int8_t* sounding = &lanes->sounding[status & 15][data1 & 127];
  switch (status & 0xF0) {
  case 0x90: {
    lane* l = lane_for(lanes, offset);
    send_at(lanes, l, offset, &m);
    *sounding = (int8_t)(l - lanes->lanes);
    break;
  }
  case 0x80:
  case 0xA0:
    if (*sounding >= 0)
      send_at(lanes, &lanes->lanes[*sounding], offset, &m);
    if ((status & 0xF0) == 0x80)
      *sounding = -1;
    break;
  default:
    for (int i = 0; i < DT__LANES; i++)
      send_at(lanes, &lanes->lanes[i], offset, &m);
    break;
  }
}

/* ---- sound ---- */

static bool is_silent(const float* block) {
  for (int i = 0; i < DT__LANE_BLOCK; i++)
    if (block[i] != 0)
      return false;
  return true;
}

static void render_block(const dt__lanes* lanes, lane* l) {
  float right[DT__LANE_BLOCK];
  (void)lanes->fluid->fluid_synth_write_float(l->synth, DT__LANE_BLOCK, l->block, 0, 1, right, 0,
                                              1);
  for (int i = 0; i < DT__LANE_BLOCK; i++)
    l->block[i] = 0.5F * (l->block[i] + right[i]);
}

static int count_voices(const dt__lanes* lanes, const lane* l) {
  return lanes->fluid->fluid_synth_get_active_voice_count(l->synth);
}

static void render_lane(const dt__lanes* lanes, lane* l, float* out) {
  const int phase = l->phase;
  for (int i = 0; i < phase; i++)
    out[i] += l->block[DT__LANE_BLOCK - phase + i];
  render_block(lanes, l);
  for (int i = phase; i < DT__LANE_BLOCK; i++)
    out[i] += l->block[i - phase];
  const bool is_over = count_voices(lanes, l) == 0 && l->later_count == 0 && is_silent(l->block);
  for (int i = 0; i < l->later_count; i++)
    send(lanes, l, &l->later[i]);
  l->later_count = 0;
  l->is_active = !is_over;
}

void dt__lanes_render(dt__lanes* lanes, float out[DT__LANE_BLOCK]) {
  memset(out, 0, DT__LANE_BLOCK * sizeof *out);
  for (int i = 0; i < DT__LANES; i++)
    if (lanes->lanes[i].is_active)
      render_lane(lanes, &lanes->lanes[i], out);
}

void dt__lanes_reset(dt__lanes* lanes) {
  for (int i = 0; i < DT__LANES; i++) {
    lane* l = &lanes->lanes[i];
    (void)lanes->fluid->fluid_synth_system_reset(l->synth);
    for (int n = 0; n < FADE_MOST && count_voices(lanes, l) > 0; n++)
      render_block(lanes, l); /* what is switched off fades first */
    memset(l->block, 0, sizeof l->block);
    l->is_active = false;
    l->later_count = 0;
  }
  memset(lanes->sounding, 0xFF, sizeof lanes->sounding);
}

long long dt__lanes_inexact(const dt__lanes* lanes) {
  return lanes->inexact;
}
