#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "calibrate.h"
#include "command.h"
#include "dt/file.h"
#include "dt/home_pads.h"
#include "setup.h"

#define PATIENCE_S 20

typedef struct interview {
  const dt__globals* globals;
  dt_port* port;
  dt_pads* pads;
  dt_home_kit kit;
  bool is_stepped;
  bool has_keys;
  bool is_terminal;
  int rate_hz;
  dt_frame now;
  bool is_done; /* no more pads, please */
  int status;   /* why it cannot go on */
} interview;

/* ---- a step of the time ---- */

static char pressed(const interview* in) {
  struct pollfd keyboard = {.fd = STDIN_FILENO, .events = POLLIN};
  char key = 0;
  if (in->has_keys && poll(&keyboard, 1, 20) > 0 && read(STDIN_FILENO, &key, 1) == 1)
    return key;
  if (!in->has_keys && !in->is_stepped)
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  return 0;
}

/* False when the device is at its end, or the player has had enough of it all. */
static bool go_on(interview* in) {
  dt_port_state state;
  if (dt__stop_asked()) {
    in->status = dt__stopped_status();
    return false;
  }
  if (in->is_stepped)
    (void)dt_port_step(in->port, in->rate_hz / 100);
  dt_port_look(in->port, &state);
  in->now = dt_pads_hear(in->pads);
  if (state.condition != DT_PORT_FAILED && state.condition != DT_PORT_ENDED)
    return true;
  dt_error err = {0};
  (void)dt_fail(&err, DT_IO, "%s", state.sentence[0] ? state.sentence : "The device ended");
  in->status = dt__world_error(dt_port_info_of(in->port)->device, DT_IO, &err);
  return false;
}

/* Until so many strokes have come and it is quiet. False: skipped, or over. */
static bool wait_for_strokes(interview* in, int wanted) {
  const dt_frame begun = in->now;
  int shown = 0;
  while (go_on(in)) {
    const char key = pressed(in);
    const int struck = dt_pads_struck(in->pads);
    if (struck != shown && in->is_terminal) {
      printf("\r  %d of %d", struck, wanted);
      fflush(stdout);
    }
    shown = struck;
    const double quiet_ms = dt_pads_quiet_ms(in->pads, in->now);
    if (struck >= wanted && quiet_ms >= DT_HOME_PAD_QUIET_MS) {
      if (in->is_terminal)
        printf("\r            \r");
      return true;
    }
    const double waited_s = (double)(in->now - begun) / in->rate_hz;
    in->is_done = in->is_done || key == 'q' || key == 27;
    if (in->is_done || key == 'n')
      break;
    if (!in->has_keys && waited_s > PATIENCE_S && !(quiet_ms < 1000.0 * PATIENCE_S))
      break;
  }
  if (in->is_terminal)
    printf("\r            \r");
  return false;
}

/* ---- a pad ---- */

static void tell_pad(const dt_pads_pad* pad) {
  printf("  note");
  for (int i = 0; i < pad->note_count; i++)
    printf("%s %d", i > 0 ? "," : "", pad->notes[i]);
  printf("; velocity %d to typically %.0f\n", pad->lowest, pad->typical);
  for (int i = 0; i < pad->ghost_count; i++) {
    const dt_pads_ghost* ghost = &pad->ghosts[i];
    if (ghost->note == ghost->of)
      printf("  triggers twice: %d times in %d strokes, up to %.0f ms later\n", ghost->times,
             ghost->strokes, ghost->within_ms);
    else
      printf("  crosstalk: note %d came along %d times in %d strokes, at most at %.0f %%\n",
             ghost->note, ghost->times, ghost->strokes, 100 * ghost->loudest);
  }
  if (pad->same_as >= 0)
    printf("  the same note as %s, which keeps it\n", dt_home_pad_of(pad->same_as)->words);
}

static void ask_pad(interview* in, int number) {
  (void)dt_pads_ask(in->pads, dt_home_pad_of(number)->drum);
  in->kit.drums[0] = (int)dt_home_pad_of(number)->drum;
  in->kit.drums[1] = -1;
  in->kit.from = in->now;
  printf("Strike %s %d times, from soft to loud\n", dt_home_pad_of(number)->words,
         DT_HOME_PAD_STROKES);
  fflush(stdout);
  if (!wait_for_strokes(in, DT_HOME_PAD_STROKES)) {
    dt_pads_skip(in->pads);
    printf("  skipped\n");
    return;
  }
  dt_pads_pad found;
  (void)dt_pads_pad_of(in->pads, number, &found);
  tell_pad(&found);
}

static bool is_known(const interview* in, int number) {
  dt_pads_pad pad;
  return dt_pads_pad_of(in->pads, number, &pad) && pad.note_count > 0 && pad.same_as < 0;
}

static void ask_pair(interview* in, int second) {
  if (!dt_pads_ask_together(in->pads, 0, second))
    return;
  in->kit.drums[0] = (int)dt_home_pad_of(0)->drum;
  in->kit.drums[1] = (int)dt_home_pad_of(second)->drum;
  in->kit.from = in->now;
  printf("Strike %s and %s together, %d times; change hands half-way\n", dt_home_pad_of(0)->words,
         dt_home_pad_of(second)->words, DT_HOME_PAD_TOGETHER);
  fflush(stdout);
  if (!wait_for_strokes(in, DT_HOME_PAD_TOGETHER)) {
    dt_pads_skip(in->pads);
    printf("  skipped: its delay is not measured\n");
    return;
  }
  dt_pads_pair pair;
  if (dt_pads_pair_of(in->pads, dt_pads_pair_count(in->pads) - 1, &pair))
    printf("  %s comes %+.2f ms after %s (%+.2f to %+.2f)\n", dt_home_pad_of(second)->words,
           pair.delay_ms, dt_home_pad_of(0)->words, pair.low_ms, pair.high_ms);
}

static void ask_all(interview* in) {
  for (int i = 0; i < dt_home_pad_count() && !in->is_done && in->status == DT__DONE; i++)
    ask_pad(in, i);
  for (int i = 1; i < dt_home_pad_count() && !in->is_done && in->status == DT__DONE; i++)
    if (dt_home_pad_of(i)->together && is_known(in, 0) && is_known(in, i))
      ask_pair(in, i);
}

static void ask_with_keys(interview* in) {
  struct termios before;
  in->has_keys =
      !in->is_stepped && isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before) == 0;
  if (in->has_keys) {
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    printf("Keys: n skips a pad, q ends\n");
  }
  ask_all(in);
  if (in->has_keys)
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* ---- what is kept ---- */

static int write_map(const dt_pads* pads, const char* path) {
  dt_outfile out = {0};
  dt_error err = {0};
  dt_status status = dt_outfile_open(&out, path, &err);
  if (status == DT_OK) {
    status = dt_pads_write(pads, dt_file_sink(out.file));
    if (status == DT_OK)
      status = dt_outfile_commit(&out, &err);
    else
      dt_outfile_abandon(&out);
  }
  return status == DT_OK ? DT__DONE : dt__world_error(path, status, &err);
}

static int remember(const dt__calibrate_values* values, const dt_port_info* info,
                    const dt__globals* globals) {
  dt_setup setup;
  if (!dt__calibrate_keeps(values))
    return DT__DONE;
  int status = dt__setup_read(&setup, values->setup);
  if (status != DT__DONE)
    return status;
  bool is_changed = false;
  const bool fits = dt_setup_choose_kit_map(&setup, values->kit_map, &is_changed) &&
                    dt_setup_choose(setup.midi, sizeof setup.midi,
                                    values->midi ? values->midi : "any", &is_changed) &&
                    (!values->audio ||
                     dt_setup_choose(setup.device, sizeof setup.device, info->device, &is_changed));
  if (!fits) {
    dt__note(globals, "This name is too long to be remembered: give --kit-map to 'practice'");
    return DT__DONE;
  }
  status = dt__setup_write(&setup, values->setup);
  if (status == DT__DONE)
    printf("'doubletime practice' uses this map, and this MIDI port, from now on.\n");
  return status;
}

static int keep(const interview* in, const dt__calibrate_values* values) {
  int known = 0;
  for (int i = 0; i < dt_pads_count(in->pads); i++)
    known += is_known(in, i);
  if (known == 0) {
    dt__complain("no pad was heard: is the kit joined to the right MIDI port?");
    return DT__FAILED;
  }
  if (dt_pads_lost(in->pads) > 0)
    dt__note(in->globals, "%llu MIDI messages were lost",
             (unsigned long long)dt_pads_lost(in->pads));
  const int status = write_map(in->pads, values->kit_map);
  if (status != DT__DONE)
    return status;
  printf("%s: %d pads\n", values->kit_map, known);
  return remember(values, dt_port_info_of(in->port), in->globals);
}

static dt_port* open_port(interview* in, const dt__calibrate_values* values, dt_error* err) {
  dt_port_config config = dt_port_config_default();
  config.device = values->audio;
  config.has_midi_in = true;
  if (values->midi && strcmp(values->midi, "any") != 0) {
    config.jack.connect_midi_in = values->midi;
    config.alsa.midi_in = values->midi;
  }
  if (in->is_stepped) {
    config.device = "null";
    config.null.speed = 0;
    config.null.input = dt_home_kit_strike;
    config.null.context = &in->kit;
  }
  return dt_port_open(&config, err);
}

int dt__calibrate_pads(const dt__calibrate_values* values, const dt__globals* globals) {
  interview in = {.globals = globals,
                  .is_stepped = !isnan(values->delay_ms),
                  .is_terminal = isatty(STDOUT_FILENO) == 1,
                  .kit = {.rate_hz = 48000, .drums = {-1, -1}}};
  dt_error err = {0};
  dt__mute_libraries();
  in.port = open_port(&in, values, &err);
  dt__unmute_libraries();
  if (!in.port)
    return dt__world_error(values->audio ? values->audio : "MIDI", err.status, &err);
  in.rate_hz = in.kit.rate_hz = dt_port_info_of(in.port)->rate_hz;
  in.pads = dt_pads_new(NULL, in.rate_hz);
  int status = DT__DONE;
  dt__catch_stops();
  if (!in.pads)
    status = dt__world_error(NULL, DT_NO_MEMORY, NULL);
  else if (!dt_port_info_of(in.port)->has_midi_in) {
    dt__complain("%s: there is no MIDI port", dt_port_info_of(in.port)->device);
    status = DT__FAILED;
  } else if (dt_port_start(in.port, dt_pads_process, in.pads, &err) != DT_OK)
    status = dt__world_error(dt_port_info_of(in.port)->device, err.status, &err);
  else {
    ask_with_keys(&in);
    status = in.status;
    (void)dt_port_stop(in.port, NULL);
  }
  if (status == DT__DONE)
    status = keep(&in, values);
  dt_port_close(in.port);
  dt_pads_free(in.pads);
  return status;
}
