#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "dt/backing.h"
#include "dt/drummer.h"
#include "dt/file.h"
#include "dt/home_bands.h"
#include "dt/json.h"
#include "dt/stage.h"
#include "keep.h"
#include "setup.h"

typedef struct serve_values {
  int port;
  const char* listen;
  const char* osc;
  bool no_open;
  /* Of a session that begins at once, and of those that a page begins. */
  int mode;
  double from;
  double to;
  double tempo;
  double minutes;
  int bars;
  int subdivisions;
  int level;
  int limbs;
  int tone;
  const char* db;
  const char* player;
  dt_stage_defaults defaults;
} serve_values;

#define AT(field) offsetof(serve_values, field)

static const char* const mode_choices[] = {"ladder", "gap", "quiet",     "surprise", "endurance",
                                           "trade",  "own", "retention", NULL};
static const char* const level_choices[] = {"beginner", "player", "pro", NULL};
static const char* const tone_choices[] = {"plain", "kind", "stern", NULL};
static const char* const limbs_choices[] = {"all", "hands", "right", "left", "feet", NULL};

const dt__option dt__serve_options[] = {
    {0, "port", "NUMBER", "The port (default: 8700, or the next one that is free)", DT__INTEGER,
     AT(port), 1, 65535, NULL},
    {0, "listen", "ADDRESS",
     "Also in the network, at this address of this machine: a tablet is let in by a code of six "
     "digits (default: on this machine only)",
     DT__TEXT, AT(listen), 0, 0, NULL},
    {0, "no-open", NULL, "Do not open the browser", DT__FLAG, AT(no_open), 0, 0, NULL},
    {0, "osc", "HOST:PORT", "Tell lights and video walls of strokes, beats and words, by OSC",
     DT__TEXT, AT(osc), 0, 0, NULL},
    {'m', "mode", "MODE", "With CHART: as in 'doubletime practice'", DT__CHOICE, AT(mode), 0, 0,
     mode_choices},
    {0, "from", "BPM", "With CHART: a comfortable tempo", DT__NUMBER, AT(from), 20, 400, NULL},
    {0, "to", "BPM", "With CHART: the ladder's goal", DT__NUMBER, AT(to), 20, 400, NULL},
    {'t', "tempo", "BPM", "With CHART: the tempo, in modes other than ladder", DT__NUMBER,
     AT(tempo), 20, 400, NULL},
    {0, "minutes", "MINUTES", "With CHART: how long, rests included (default 10)", DT__NUMBER,
     AT(minutes), 0.5, 120, NULL},
    {0, "bars", "BARS", "With CHART: bars of a take", DT__INTEGER, AT(bars), 1, 512, NULL},
    {0, "subdivisions", "CLICKS",
     "With CHART: clicks in each beat, 1 (default) to 6; they swing as the chart does", DT__INTEGER,
     AT(subdivisions), 1, 6, NULL},
    {'l', "level", "LEVEL", "With CHART: how tight is tight: beginner, player (default) or pro",
     DT__CHOICE, AT(level), 0, 0, level_choices},
    {0, "limbs", "LIMBS", "With CHART: only some of it: all (default), hands, right, left, feet",
     DT__CHOICE, AT(limbs), 0, 0, limbs_choices},
    {0, "tone", "TONE", "With CHART: how the coach speaks: plain (default), kind or stern",
     DT__CHOICE, AT(tone), 0, 0, tone_choices},
    {'a', "audio", "DEVICE", "The sound device, where the page says none", DT__TEXT,
     AT(defaults.audio), 0, 0, NULL},
    {0, "midi", "PORT", "Strokes come by MIDI, where the page says nothing else", DT__TEXT,
     AT(defaults.midi), 0, 0, NULL},
    {0, "kit", "NAME", "The kit's note map: gm, roland, alesis or yamaha", DT__TEXT,
     AT(defaults.kit), 0, 0, NULL},
    {0, "kit-map", "FILE", "Your own kit on top of it", DT__FILE_IN, AT(defaults.kit_map), 0, 0,
     NULL},
    {0, "latency", "MS", "Round trip from loudspeaker to microphone or pad, to be subtracted",
     DT__NUMBER, AT(defaults.latency_ms), -500, 2000, NULL},
    {0, "click", "DB", "Loudness of the click", DT__NUMBER, AT(defaults.click_db), -60, 12, NULL},
    {0, "band", "FILE.mid", "A bass and comping line to play along with, where the page says none",
     DT__FILE_IN, AT(defaults.band), 0, 0, NULL},
    {0, "soundfont", "FILE", "The band's sounds, an .sf2 file (default: the system's)", DT__FILE_IN,
     AT(defaults.soundfont), 0, 0, NULL},
    {0, "band-level", "DB", "Loudness of the band beside the click", DT__NUMBER,
     AT(defaults.band_db), -60, 12, NULL},
    {0, "midi-clock", NULL, "Send MIDI clock", DT__FLAG, AT(defaults.midi_clock), 0, 0, NULL},
    {0, "drummer", "WORDS", "A simulated drummer plays, as in 'doubletime practice'", DT__TEXT,
     AT(defaults.drummer), 0, 0, NULL},
    {0, "able", "BPM", "With --drummer: above this tempo he gets loose", DT__NUMBER,
     AT(defaults.able_bpm), 20, 400, NULL},
    {0, "sound", NULL, "With --drummer: through the microphone and the ear, not by MIDI", DT__FLAG,
     AT(defaults.sound), 0, 0, NULL},
    {0, "speed", "TIMES", "With --drummer: so many times faster than real time", DT__NUMBER,
     AT(defaults.speed), 0.1, 1000, NULL},
    {0, "no-rest", NULL, "Skip the rests (for demonstrations)", DT__FLAG, AT(defaults.no_rest), 0,
     0, NULL},
    {0, "no-record", NULL,
     "Do not record sessions for 'doubletime replay', nor keep the sound of their takes", DT__FLAG,
     AT(defaults.no_record), 0, 0, NULL},
    {0, "seed", "N", "Of the surprises, and of the simulated drummer (default 1)", DT__SEED,
     AT(defaults.seed), 0, 0, NULL},
    {0, "log", "FILE", "The coach's history (default: practice.log beside the database)",
     DT__FILE_OUT, AT(defaults.log), 0, 0, NULL},
    {0, "setup", "FILE", DT__SETUP_HELP, DT__FILE_OUT, AT(defaults.setup), 0, 0, NULL},
    {'p', "player", "NAME", "Who plays", DT__TEXT, AT(player), 0, 0, NULL},
    {0, "db", "FILE", DT__DB_HELP, DT__FILE_OUT, AT(db), 0, 0, NULL},
    DT__OPTION_END,
};

static void write_choice(dt_json* json, const char* key, const char* const* choices, int choice) {
  if (choice >= 0)
    dt_json_string(json, key, choices[choice]);
}

static void write_number(dt_json* json, const char* key, double number) {
  if (!isnan(number))
    dt_json_number(json, key, number, 3);
}

/* What POST /api/v1/session would say. */
static dt_status write_request(dt_buffer* text, const char* chart, const serve_values* values) {
  dt_json json = {.sink = dt_buffer_sink(text)};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "chart", chart);
  write_choice(&json, "mode", mode_choices, values->mode);
  write_choice(&json, "level", level_choices, values->level);
  write_choice(&json, "limbs", limbs_choices, values->limbs);
  write_choice(&json, "tone", tone_choices, values->tone);
  write_number(&json, "from_bpm", values->from);
  write_number(&json, "to_bpm", values->to);
  write_number(&json, "tempo_bpm", values->tempo);
  write_number(&json, "minutes", values->minutes);
  if (values->bars > 0)
    dt_json_int(&json, "bars", values->bars);
  if (values->subdivisions > 0)
    dt_json_int(&json, "subdivisions", values->subdivisions);
  dt_json_end_object(&json);
  dt_status status = dt_json_finish(&json);
  return status == DT_OK ? dt_sink_write(dt_buffer_sink(text), "", 1) : status;
}

static int begin(dt_stage* stage, const char* chart, const serve_values* values) {
  dt_buffer text = {0};
  dt_error err = {0};
  dt_status status = write_request(&text, chart, values);
  if (status == DT_OK)
    status = dt_stage_begin(stage, (const char*)text.bytes, &err);
  dt_buffer_clear(&text);
  return status == DT_OK ? DT__DONE : dt__world_error(NULL, status, &err);
}

/* Two rows of modules a line, dark on light whatever the terminal's colours are. */
static void print_qr(const char* text) {
  int side = 0;
  bool* modules = dt__speaks_utf8() ? dt_stage_qr(text, &side) : NULL;
  if (!modules)
    return;
  for (int y = -2; y < side + 2; y += 2) {
    printf("  \033[30;107m");
    for (int x = -2; x < side + 2; x++) {
      const bool is_in = x >= 0 && x < side;
      const bool upper = is_in && y >= 0 && y < side && modules[y * side + x];
      const bool lower = is_in && y + 1 >= 0 && y + 1 < side && modules[(y + 1) * side + x];
      printf("%s", upper && lower ? "\xe2\x96\x88"
                   : upper        ? "\xe2\x96\x80"
                   : lower        ? "\xe2\x96\x84"
                                  : " ");
    }
    printf("\033[0m\n");
  }
  free(modules);
}

static void print_addresses(dt_stage* stage, bool is_kept, const dt__globals* globals) {
  const char* pair = dt_stage_pair_address(stage);
  printf("doubletime is at %s\n", dt_stage_address(stage));
  if (pair && !globals->quiet) {
    const char* code = dt_stage_code(stage);
    char address[192];
    printf("In this network: %s, code %s (for one device and two minutes; the page makes new "
           "ones)\n",
           pair, code);
    snprintf(address, sizeof address, "%s?code=%s", pair, code);
    if (isatty(STDOUT_FILENO) == 1)
      print_qr(address);
  }
  if (!globals->quiet)
    printf("Ctrl-C ends it; %s.\n",
           is_kept ? "everything is kept" : "what the simulated drummer plays is not kept");
  fflush(stdout);
}

/* Twice away, so that nobody waits for it. The address is for one use: other users of this machine
 * may see a program's arguments. */
static void open_browser(dt_stage* stage) {
  const char* address = dt_stage_once(stage);
  const pid_t child = fork();
  if (child > 0)
    waitpid(child, NULL, 0);
  if (child != 0)
    return;
  if (fork() == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; nowhere >= 0 && fd < 3; fd++)
      dup2(nowhere, fd);
    for (int fd = 3; fd < 1024; fd++)
      close(fd);
    setsid();
    execlp("xdg-open", "xdg-open", address, (char*)NULL);
  }
  _exit(0);
}

static bool has_display(void) {
  const char* x = getenv("DISPLAY");
  const char* wayland = getenv("WAYLAND_DISPLAY");
  return (x && x[0]) || (wayland && wayland[0]);
}

/* At once, not when a page begins. Whether its bars are those of a chart is seen then. */
static int check_band(const char* path) {
  const dt_meter meter = {.numerator = 4, .denominator = 4};
  dt_buffer bytes = {0};
  dt_backing* backing = NULL;
  dt_error err = {0};
  dt_status status = dt_file_read(&bytes, path, DT_HOME_BAND_MAX, &err);
  if (status == DT_OK)
    status = dt_backing_new(&backing, NULL, bytes.bytes, bytes.size, meter, &err);
  dt_backing_free(backing);
  dt_buffer_clear(&bytes);
  return status == DT_OK ? DT__DONE : dt__world_error(path, status, &err);
}

static int serve(const char* chart, const serve_values* values, const dt__globals* globals) {
  const dt_stage_config config = {.port = values->port,
                                  .listen = values->listen,
                                  .db = values->db,
                                  .player = values->player,
                                  .osc = values->osc,
                                  .wants_end = dt__stop_asked,
                                  .defaults = values->defaults};
  dt_stage* stage = NULL;
  dt_error err = {0};
  int status = values->defaults.band ? check_band(values->defaults.band) : DT__DONE;
  if (status != DT__DONE)
    return status;
  dt__mute_libraries();
  dt_status made = dt_stage_new(&stage, &config, &err);
  dt__unmute_libraries();
  if (made != DT_OK)
    return dt__world_error("serve", made, &err);
  status = chart ? begin(stage, chart, values) : DT__DONE;
  if (status == DT__DONE) {
    print_addresses(stage, !values->defaults.drummer || values->db, globals);
    if (!values->no_open && has_display())
      open_browser(stage);
    dt__catch_stops();
    const dt_status ran = dt_stage_run(stage, &err);
    if (ran != DT_OK)
      status = dt__world_error("serve", ran, &err);
  }
  dt_stage_free(stage);
  return status;
}

static int check(const char* chart, const serve_values* values) {
  const bool has_goal = values->mode >= 0 || values->level >= 0 || values->limbs >= 0 ||
                        values->tone >= 0 || values->bars > 0 || values->subdivisions > 0 ||
                        !isnan(values->from) || !isnan(values->to) || !isnan(values->tempo) ||
                        !isnan(values->minutes);
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {0};
  if (has_goal && !chart)
    return dt__usage_error("serve", "--mode, --from and the like need a CHART to begin with");
  if (!values->defaults.drummer &&
      (values->defaults.sound || values->defaults.speed > 0 || !isnan(values->defaults.able_bpm)))
    return dt__usage_error("serve", "--sound, --able and --speed go with --drummer");
  if (values->defaults.drummer &&
      dt_drummer_parse(&drummer, values->defaults.drummer, &err) != DT_OK)
    return dt__usage_error("serve", "%s", err.sentence);
  return DT__DONE;
}

int dt__serve_command(int argc, char** argv, dt__globals* globals) {
  serve_values values = {.mode = -1,
                         .from = (double)NAN,
                         .to = (double)NAN,
                         .tempo = (double)NAN,
                         .minutes = (double)NAN,
                         .level = -1,
                         .limbs = -1,
                         .tone = -1,
                         .defaults = {.able_bpm = (double)NAN,
                                      .latency_ms = (double)NAN,
                                      .click_db = (double)NAN,
                                      .band_db = (double)NAN,
                                      .seed = 1}};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("serve", &values, globals, argc, argv, &operand, &status))
    return status;
  status = check(operand, &values);
  return status == DT__DONE ? serve(operand, &values, globals) : status;
}
