#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dt/file.h"
#include "dt/home_pads.h"
#include "measure_internal.h"
#include "recording.h"

#define STEP_MS    50
#define PATIENCE_S 45 /* of a pad that nobody strikes: the page may be gone */
#define LONELY_MAX 3  /* such pads, one after the other: nobody is there */
#define SIMULATED  4  /* times faster than a drummer */

typedef struct interview {
  dt__measure* measure;
  dt_port* port;
  dt_pads* pads;
  int rate_hz;
  dt_frame now;
  int asked;  /* of all that may be asked */
  int lonely; /* pads that nobody struck, one after the other */
  bool is_done;
  bool is_cancelled;
  bool is_simulated;
  pthread_mutex_t kit_lock; /* the kit is asked from here, and plays in the port's thread */
  dt_home_kit kit;
} interview;

/* ---- the simulated kit ---- */

static void strike(void* context, dt_frame at, int frame_count, float* const* in,
                   dt_port_midi_list* midi) {
  interview* i = context;
  pthread_mutex_lock(&i->kit_lock);
  dt_home_kit_strike(&i->kit, at, frame_count, in, midi);
  pthread_mutex_unlock(&i->kit_lock);
}

static void tell_kit(interview* i, int first, int second, int wanted) {
  pthread_mutex_lock(&i->kit_lock);
  i->kit.drums[0] = first;
  i->kit.drums[1] = second;
  i->kit.from = i->now;
  i->kit.wanted = wanted; /* also where this machine is slow to look */
  pthread_mutex_unlock(&i->kit_lock);
}

/* ---- waiting for strokes ---- */

typedef struct question {
  const char* say;
  const char* drum;
  const char* with; /* NULL: alone */
  int wanted;
} question;

static void ask(interview* i, const question* q, int struck) {
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  const int all = 2 * dt_home_pad_count();
  const int counted = struck < q->wanted ? struck : q->wanted;
  message.share = fmin(1, (i->asked + (double)counted / q->wanted) / all);
  message.drum = q->drum;
  message.with = q->with;
  message.struck = counted;
  message.wanted = q->wanted;
  dt__measure_say(i->measure, &message, struck > 0 ? "measuring" : "asking", q->say);
}

static void obey(interview* i, dt__measure_key key) {
  i->is_cancelled =
      i->is_cancelled || key == DT__MEASURE_CANCEL || atomic_load(&i->measure->wants_stop);
  i->is_done = i->is_done || i->is_cancelled || key == DT__MEASURE_END;
}

/* Until so many strokes have come and it is quiet. False: skipped, or over. */
static bool wait_for_strokes(interview* i, const question* q) {
  const dt_frame begun = i->now;
  int shown = 0;
  atomic_store(&i->measure->key, DT__MEASURE_NONE);
  ask(i, q, 0);
  for (;;) {
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
    i->now = dt_pads_hear(i->pads);
    const int struck = dt_pads_struck(i->pads);
    if (struck != shown)
      ask(i, q, struck);
    shown = struck;
    const double quiet_ms = dt_pads_quiet_ms(i->pads, i->now);
    if (struck >= q->wanted && quiet_ms >= DT_HOME_PAD_QUIET_MS) {
      i->lonely = 0;
      return true;
    }
    const dt__measure_key key =
        (dt__measure_key)atomic_exchange(&i->measure->key, DT__MEASURE_NONE);
    obey(i, key);
    if (i->is_done || key == DT__MEASURE_SKIP || dt__measure_is_gone(i->port))
      return false;
    const double waited_s = (double)(i->now - begun) / i->rate_hz;
    const double patience_s = i->is_simulated ? 5 : PATIENCE_S;
    if (waited_s > patience_s && !(quiet_ms < 1000 * patience_s)) {
      i->lonely++;
      i->is_done = i->is_done || i->lonely > LONELY_MAX;
      return false;
    }
  }
}

/* ---- what was found ---- */

static void tell_pad(interview* i, const dt_home_pad* asked, const dt_pads_pad* found) {
  char text[DT_HOME_PAD_TEXT] = "";
  dt__msg_pad_ghost ghosts[DT_PADS_GHOSTS_MAX];
  dt_buffer fields = {0};
  dt__msg_pad message = dt__msg_pad_empty();
  message.drum = dt_drum_name(asked->drum);
  message.is_known = found != NULL;
  message.text = "skipped";
  if (found) {
    dt_home_pad_text(text, found);
    message.text = text;
    message.note = found->note_count > 0 ? found->notes[0] : DT__MSG_NULL;
    message.lowest = found->lowest;
    message.typical = found->typical;
    message.same_as =
        found->same_as >= 0 ? dt_drum_name(dt_home_pad_of(found->same_as)->drum) : NULL;
    for (int g = 0; g < found->ghost_count; g++) {
      const dt_pads_ghost* one = &found->ghosts[g];
      ghosts[g] = (dt__msg_pad_ghost){.note = one->note,
                                      .of = one->of,
                                      .times = one->times,
                                      .strokes = one->strokes,
                                      .within_ms = one->within_ms,
                                      .threshold = one->threshold};
    }
    message.ghosts = ghosts;
    message.ghost_count = (size_t)found->ghost_count;
  }
  if (dt__msg_pad_write(&fields, &message) == DT_OK)
    dt__feed_put(i->measure->feed, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
}

static void tell_delay(interview* i, const dt_pads_pair* pair) {
  dt_buffer fields = {0};
  dt__msg_pad_delay message = dt__msg_pad_delay_empty();
  message.drum = dt_drum_name(pair->second);
  message.against = dt_drum_name(pair->first);
  message.times = pair->times;
  message.delay_ms = pair->delay_ms;
  message.low_ms = pair->low_ms;
  message.high_ms = pair->high_ms;
  if (dt__msg_pad_delay_write(&fields, &message) == DT_OK)
    dt__feed_put(i->measure->feed, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
}

/* ---- pads and pairs ---- */

static void ask_pad(interview* i, int number) {
  const dt_home_pad* pad = dt_home_pad_of(number);
  char say[128];
  snprintf(say, sizeof say, "Strike %s %d times, from soft to loud.", pad->words,
           DT_HOME_PAD_STROKES);
  const question q = {.say = say, .drum = dt_drum_name(pad->drum), .wanted = DT_HOME_PAD_STROKES};
  (void)dt_pads_ask(i->pads, pad->drum);
  tell_kit(i, (int)pad->drum, -1, q.wanted);
  dt_pads_pad found;
  const bool is_struck = wait_for_strokes(i, &q);
  i->asked++;
  if (!is_struck)
    dt_pads_skip(i->pads);
  if (!i->is_cancelled)
    tell_pad(i, pad, is_struck && dt_pads_pad_of(i->pads, number, &found) ? &found : NULL);
}

static bool is_known(const interview* i, int number) {
  dt_pads_pad pad;
  return dt_pads_pad_of(i->pads, number, &pad) && pad.note_count > 0 && pad.same_as < 0;
}

static void ask_pair(interview* i, int second) {
  const dt_home_pad* first = dt_home_pad_of(0);
  const dt_home_pad* other = dt_home_pad_of(second);
  char say[160];
  snprintf(say, sizeof say, "Strike %s and %s together, %d times; change hands half-way.",
           first->words, other->words, DT_HOME_PAD_TOGETHER);
  const question q = {.say = say,
                      .drum = dt_drum_name(first->drum),
                      .with = dt_drum_name(other->drum),
                      .wanted = DT_HOME_PAD_TOGETHER};
  if (!dt_pads_ask_together(i->pads, 0, second))
    return;
  tell_kit(i, (int)first->drum, (int)other->drum, q.wanted);
  if (!wait_for_strokes(i, &q)) {
    dt_pads_skip(i->pads);
    return;
  }
  dt_pads_pair pair;
  if (dt_pads_pair_of(i->pads, dt_pads_pair_count(i->pads) - 1, &pair))
    tell_delay(i, &pair);
}

static void ask_all(interview* i) {
  const int count = dt_home_pad_count();
  for (int n = 0; n < count && !i->is_done && !dt__measure_is_gone(i->port); n++)
    ask_pad(i, n);
  for (int n = 1; n < count && !i->is_done && !dt__measure_is_gone(i->port); n++, i->asked++)
    if (dt_home_pad_of(n)->together && is_known(i, 0) && is_known(i, n))
      ask_pair(i, n);
}

/* ---- what is kept ---- */

static dt_status write_map(const dt_pads* pads, const char* path, dt_error* err) {
  dt_outfile out = {0};
  (void)dt_home_make_folders(path); /* what failed is said below */
  dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  status = dt_pads_write(pads, dt_file_sink(out.file));
  if (status == DT_OK)
    return dt_outfile_commit(&out, err);
  dt_outfile_abandon(&out);
  return dt_fail(err, status, "The kit's map cannot be written");
}

/* The map, and that strokes come by MIDI from now on. A simulated kit's is kept only where a place
 * is named for the setup. */
static dt_status keep(const interview* i, dt_setup* setup, const char* setup_path, dt_error* err) {
  const dt_stage_config* config = i->measure->config;
  char path[DT_HOME_PATH];
  bool is_changed = false;
  if (i->is_simulated && !config->defaults.setup)
    return DT_OK;
  if (!dt__home_path(config, "page.kit", path))
    return dt_fail(err, DT_NOT_FOUND,
                   "There is no home folder for the kit's map (HOME is not set)");
  const dt_status status = write_map(i->pads, path, err);
  if (status != DT_OK)
    return status;
  const bool has_midi = setup->midi[0] && strcmp(setup->midi, "none") != 0;
  if (!dt_setup_choose_kit_map(setup, path, &is_changed) ||
      !dt_setup_choose(setup->midi, sizeof setup->midi, has_midi ? setup->midi : "any",
                       &is_changed))
    return dt_fail(err, DT_TOO_LARGE, "The name of the home folder is too long for the setup");
  return dt_setup_write(setup, setup_path, err);
}

static dt_status finish(interview* i, dt_setup* setup, const char* setup_path, dt_error* err) {
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  char text[160];
  int known = 0;
  int ghosts = 0;
  for (int n = 0; n < dt_pads_count(i->pads); n++) {
    dt_pads_pad pad;
    known += is_known(i, n);
    ghosts += dt_pads_pad_of(i->pads, n, &pad) ? pad.ghost_count : 0;
  }
  if (i->is_cancelled)
    return dt_fail(err, DT_CANCELLED, "Cancelled: nothing is changed.");
  if (dt__measure_is_gone(i->port))
    return dt_fail(err, DT_IO, "The device ended before the measurement did.");
  if (known == 0)
    return dt_fail(err, DT_TOO_FEW, "No pad was heard: is the kit joined to the right MIDI port?");
  const dt_status status = keep(i, setup, setup_path, err);
  if (status != DT_OK)
    return status;
  snprintf(text, sizeof text, "%d %s learned; %d %s that nobody strikes will be left out.", known,
           known == 1 ? "pad is" : "pads are", ghosts,
           ghosts == 1 ? "kind of note" : "kinds of notes");
  message.share = 1;
  dt__measure_say(i->measure, &message, "done", text);
  return DT_OK;
}

/* ---- from beginning to end ---- */

static dt_port* open_port(interview* i, const dt_setup* setup, dt_error* err) {
  const dt_stage_defaults* defaults = &i->measure->config->defaults;
  dt_port_config port = dt_port_config_default();
  const char* midi = defaults->midi ? defaults->midi : setup->midi;
  port.device = defaults->audio ? defaults->audio : setup->device[0] ? setup->device : NULL;
  port.has_midi_in = true;
  if (midi[0] && strcmp(midi, "any") != 0 && strcmp(midi, "none") != 0) {
    port.jack.connect_midi_in = midi;
    port.alsa.midi_in = midi;
  }
  if (i->is_simulated) {
    port.device = "null";
    port.null.speed = SIMULATED;
    port.null.input = strike;
    port.null.context = i;
  }
  return dt_port_open(&port, err);
}

static dt_status listen(interview* i, dt_setup* setup, const char* setup_path, dt_error* err) {
  i->rate_hz = dt_port_info_of(i->port)->rate_hz;
  if (!dt_port_info_of(i->port)->has_midi_in)
    return dt_fail(err, DT_NOT_FOUND, "There is no MIDI port at %s.",
                   dt_port_info_of(i->port)->device);
  i->pads = dt_pads_new(NULL, i->rate_hz);
  if (!i->pads)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the measurement");
  const dt_status status = dt_port_start(i->port, dt_pads_process, i->pads, err);
  if (status != DT_OK)
    return status;
  ask_all(i);
  return finish(i, setup, setup_path, err);
}

dt_status dt__measure_pads(dt__measure* measure, dt_setup* setup, const char* setup_path,
                           dt_error* err) {
  interview i = {.measure = measure,
                 .is_simulated = measure->config->defaults.drummer != NULL,
                 .kit = {.rate_hz = 48000, .drums = {-1, -1}}};
  pthread_mutex_init(&i.kit_lock, NULL);
  i.port = open_port(&i, setup, err);
  const dt_status status = i.port ? listen(&i, setup, setup_path, err) : err->status;
  dt_port_close(i.port);
  dt_pads_free(i.pads);
  pthread_mutex_destroy(&i.kit_lock);
  return status;
}
