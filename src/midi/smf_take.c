#include <math.h>
#include <string.h>

#include "dt/kitmap.h"
#include "smf_internal.h"

#define NOTE_ON          0x99 /* channel 10, as people count */
#define NOTE_OFF         0x89
#define NOTE_LENGTH_S    0.05
#define UNKNOWN_VELOCITY 64
#define NOT_SOUNDING     (-1)

/* Ticks a quarter of dt_smf_from_take_fine, by the longest quarter that they cut finely enough. */
#define FINE_TICKS         9600
#define FINE_QUARTER_US    1.92e6 /* 0.2 ms a tick */
#define FINER_TICKS        28800
#define FINER_QUARTER_US   5.76e6 /* 0.2 ms a tick */
#define FINEST_TICKS       32767  /* what a file can hold */
#define DEFAULT_QUARTER_US 500000.0

typedef struct scribe {
  dt_smf* smf;
  dt_tick off_tick[128]; /* where each note ends; NOT_SOUNDING */
} scribe;

/* The click in whole microseconds a quarter, as a file can hold it, and in our own ticks. Notes are
 * then placed through this map, so that their times stay right whatever was rounded here. */
static dt_status round_map(dt_tempo_map* to, const dt_allocator* allocator,
                           const dt_tempo_map* from) {
  const double scale = (double)to->ticks_per_quarter / from->ticks_per_quarter;
  dt_status status = DT_OK;
  for (size_t i = 0; i < from->tempo_count && status == DT_OK; ++i)
    status =
        dt_tempo_map_set_tempo(to, allocator, (dt_tick)round((double)from->tempi[i].tick * scale),
                               fmax(1.0, round(from->tempi[i].us_per_quarter)));
  for (size_t i = 0; i < from->meter_count && status == DT_OK; ++i)
    status = dt_tempo_map_set_meter(
        to, allocator, (dt_tick)round((double)from->meters[i].tick * scale), from->meters[i].meter);
  return status;
}

static void add(dt_smf* smf, dt_tick tick, int status_byte, int note, int velocity) {
  smf->events[smf->event_count++] = (dt_midi_event){
      .tick = tick,
      .time_s = dt_tempo_map_seconds(&smf->map, (double)tick),
      .status = (uint8_t)status_byte,
      .data1 = (uint8_t)note,
      .data2 = (uint8_t)velocity,
  };
}

static void end_note(scribe* out, int note, dt_tick tick) {
  if (out->off_tick[note] == NOT_SOUNDING)
    return;
  add(out->smf, out->off_tick[note] < tick ? out->off_tick[note] : tick, NOTE_OFF, note, 0);
  out->off_tick[note] = NOT_SOUNDING;
}

static int velocity_of(const dt_stroke* stroke) {
  if (!(stroke->velocity > 0.0F))
    return UNKNOWN_VELOCITY;
  const float rounded = roundf(stroke->velocity);
  return rounded < 1.0F ? 1 : rounded > 127.0F ? 127 : (int)rounded;
}

/* A note ends before its drum is struck again, also when that is sooner than its length. Ends are
 * written late and sorted afterwards; at one tick an end then stands before a beginning. */
static bool write_stroke(scribe* out, const dt_stroke* stroke) {
  const double on = fmax(0.0, round(dt_tempo_map_ticks(&out->smf->map, stroke->time_s)));
  const double off = round(dt_tempo_map_ticks(&out->smf->map, stroke->time_s + NOTE_LENGTH_S));
  if (!(off <= (double)DT__SMF_TICK_MAX))
    return false;
  const int note = dt_drum_gm_note(stroke->drum);
  for (int other = 0; other < 128; ++other)
    if (other == note || out->off_tick[other] <= (dt_tick)on)
      end_note(out, other, (dt_tick)on);
  add(out->smf, (dt_tick)on, NOTE_ON, note, velocity_of(stroke));
  out->off_tick[note] = (dt_tick)fmax(off, on + 1.0);
  return true;
}

static dt_status write_strokes(dt_smf* smf, const dt_take* take, dt_midi_event* scratch) {
  scribe out = {.smf = smf};
  for (int note = 0; note < 128; ++note)
    out.off_tick[note] = NOT_SOUNDING;
  for (size_t i = 0; i < take->strokes.count; ++i)
    if (!write_stroke(&out, &take->strokes.items[i]))
      return DT_BAD_ARGUMENT;
  for (int note = 0; note < 128; ++note)
    end_note(&out, note, DT__SMF_TICK_MAX);
  dt__sort_by_tick(smf->events, smf->event_count, sizeof *smf->events, scratch);
  return DT_OK;
}

static dt_status fill(dt_smf* smf, const dt_allocator* allocator, const dt_take* take) {
  /* Every stroke is one note-on and one note-off. */
  const size_t count = 2 * take->strokes.count;
  const size_t size = count * sizeof *smf->events;
  dt_status status = DT_OK;
  if (take->has_click)
    status = round_map(&smf->map, allocator, &take->click);
  if (status != DT_OK || count == 0)
    return status;
  dt_midi_event* scratch = dt_alloc(allocator, size);
  smf->events = dt_alloc(allocator, size);
  if (scratch == NULL || smf->events == NULL) {
    dt_release(allocator, smf->events, size);
    smf->events = NULL;
    status = DT_NO_MEMORY;
  } else {
    status = write_strokes(smf, take, scratch);
    smf->event_count = count; /* what was asked for, also after a failure */
  }
  dt_release(allocator, scratch, size);
  return status;
}

/* Of the take's click, or of the standard's 120 bpm. */
static double longest_quarter_us(const dt_tempo_map* map) {
  double us_max = map->tempo_count == 0 ? DEFAULT_QUARTER_US : 0.0;
  for (size_t i = 0; i < map->tempo_count; ++i)
    us_max = fmax(us_max, map->tempi[i].us_per_quarter);
  return us_max;
}

static dt_status from_take(dt_smf* smf, const dt_allocator* allocator, const dt_take* take,
                           int32_t ticks_per_quarter) {
  *smf = (dt_smf){.map = {.ticks_per_quarter = ticks_per_quarter}};
  const dt_status status = fill(smf, allocator, take);
  if (status != DT_OK) {
    dt_smf_clear(smf, allocator);
    return status;
  }
  smf->seconds_per_tick_max = longest_quarter_us(&smf->map) * 1e-6 / ticks_per_quarter;
  smf->has_tempo = smf->map.tempo_count > 0;
  smf->has_meter = smf->map.meter_count > 0;
  smf->duration_s = take->duration_s;
  if (smf->event_count > 0)
    smf->duration_s = fmax(smf->duration_s, smf->events[smf->event_count - 1].time_s);
  return DT_OK;
}

dt_status dt_smf_from_take(dt_smf* smf, const dt_allocator* allocator, const dt_take* take) {
  return from_take(smf, allocator, take, DT_TICKS_PER_QUARTER);
}

dt_status dt_smf_from_take_fine(dt_smf* smf, const dt_allocator* allocator, const dt_take* take) {
  const double us = take->has_click ? longest_quarter_us(&take->click) : DEFAULT_QUARTER_US;
  const int32_t ticks = us <= FINE_QUARTER_US    ? FINE_TICKS
                        : us <= FINER_QUARTER_US ? FINER_TICKS
                                                 : FINEST_TICKS;
  return from_take(smf, allocator, take, ticks);
}
